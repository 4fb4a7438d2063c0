"""How long a save takes to stand on the page: the preview of 100 clients, in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.bench.measure import environment
from tests.bench.texts import EDITED, TODAY

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = 100
SAVES = 20


def _started(workspace: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the preview at a free port, and wait until it says its address."""
    command = [sys.executable, "-m", "site_builder", "serve", "--today", TODAY, "-a", "0"]
    process = subprocess.Popen(
        command, cwd=workspace, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://\S+/", line):
            return process, found.group()
    raise SystemExit("the preview did not start")


def save_to_page(workspace: Path) -> list[float]:
    """Save a milestone some times; return the seconds until the page shows it, sorted."""
    path = workspace / EDITED
    text = path.read_text("utf-8")
    client = workspace / EDITED.split("/website/")[0] / "client.yml"
    token = re.findall(r"\b[a-z2-7]{26}\b", client.read_text("utf-8"))[0]
    process, url = _started(workspace)
    taken = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or None, args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.goto(f"{url}c/{token}/")
            for number in range(SAVES):
                label = f"Saved {number} times"
                begun = time.perf_counter()
                path.write_text(re.sub(r"label: .*", f"label: {label}", text), "utf-8")
                page.get_by_role("link", name=label).first.wait_for()
                taken.append(time.perf_counter() - begun)
            browser.close()
    finally:
        process.terminate()
        process.wait()
    return sorted(taken)
