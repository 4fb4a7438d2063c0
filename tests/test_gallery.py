"""The gallery of the handbook shows what the tests in the browser look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.situations import EVERY
from tests.gallery import build, gallery
from tests.workspace import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "gallery.md"


def test_the_gallery_lists_every_situation() -> None:
    """Once, with a sentence; the committed page is what the situations say."""
    assert PAGE.read_text("utf-8") == gallery(), "run: make reference"
    names = re.findall(r'">([\w-]+)</a>: [A-Z].*\.$', gallery(), re.MULTILINE)
    assert sorted(names) == sorted({situation.name for situation in EVERY})


@pytest.mark.every
def test_every_link_of_the_gallery_leads_to_a_page(tmp_path: Path) -> None:
    """And nothing that the pages link to beside them is missing."""
    build(tmp_path)
    for address in re.findall(r'<a href="([^"]+)"', gallery()):
        path = tmp_path / address
        page = path / "index.html" if address.endswith("/") else path
        for sheet in re.findall(r'rel="stylesheet" href="([^"]+)"', page.read_text("utf-8")):
            assert (page.parent / sheet).is_file(), f"{address}: {sheet}"
