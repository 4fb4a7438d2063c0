"""What a reader waits for on a slow phone: our page, and a default page of Material beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from site_builder.publish.hosts import HEADERS_FILE
from tests.browser.checks import PHONE
from tests.browser.loading import Loading, measure_loading
from tests.browser.serve import Built, served

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 9


def load_both(root: Path) -> dict[str, list[Loading]]:
    """Open a client's page of `site` and a page of `plain` in turns; the fastest first.

    Both stand below one web server; each time is that of a new reader.
    """
    token = min(path.name for path in (root / "site" / "c").iterdir() if path.is_dir())
    plain = min(path.name for path in (root / "plain").iterdir())
    addresses = {
        "a client's page": f"/site/c/{token}/",
        "a page of MkDocs with Material": f"/plain/{plain}/site/09-step-9/",
    }
    found: dict[str, list[Loading]] = {name: [] for name in addresses}
    (root / HEADERS_FILE).write_text("", "utf-8")
    with (
        served(Built(folder=root, tokens={}), root / "nginx") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or None, args=["--no-sandbox"]
        )
        for _ in range(RUNS):
            for name, address in addresses.items():
                context = browser.new_context(viewport=PHONE)
                found[name].append(measure_loading(context.new_page(), site.url + address))
                context.close()
        browser.close()
    return {name: sorted(each, key=lambda one: one.seconds) for name, each in found.items()}
