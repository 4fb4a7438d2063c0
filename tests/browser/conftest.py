"""One browser for each worker; each site is built once and shown by its own nginx."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.serve import build_site, find_nginx, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.serve import Site

    Sites = Callable[..., Site]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT = (
    "AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync"
    " DestroyProfileOnBrowserClose HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay"
    " MediaRouter NetworkTimeServiceQuerying OptimizationHints PaintHolding PreconnectToSearch"
    " ThirdPartyStoragePartitioning WebUIOmniboxAimPopup WebUIOmniboxPopup"
)
"""Playwright's own list, which ours replaces, and what opens hidden pages beside each tab."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT.split())}",
]


def _find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def launched() -> Iterator[Callable[..., Browser]]:
    """Start Chromium, as the environment names it or as the system has it, with arguments."""
    program = _find_chromium()
    if not program:
        pytest.fail("these tests need Chromium; `make test` installs it")
    with sync_playwright() as playwright:
        yield lambda *arguments: playwright.chromium.launch(
            executable_path=program, args=[*ARGUMENTS, *arguments]
        )


@pytest.fixture(scope="session")
def browser(launched: Callable[..., Browser]) -> Iterator[Browser]:
    """The one browser of most tests."""
    chromium = launched()
    yield chromium
    chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab with its own cookies and storage, where nothing moves."""
    context = browser.new_context(reduced_motion="reduce", service_workers="block")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Builds the site of a case at the first call, and shows it until the end."""
    if not find_nginx():
        pytest.skip("no nginx is installed; `make test` installs it")
    known: dict[tuple[str, str], Site] = {}
    with contextlib.ExitStack() as stack:

        def site(case: str, today: str = "") -> Site:
            if (case, today) not in known:
                root = tmp_path_factory.mktemp(case)
                built = build_site(case, root / "agency", today)
                known[case, today] = stack.enter_context(served(built, root / "nginx"))
            return known[case, today]

        yield site
