"""Mails as a program shows them: on a wide and a narrow screen, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import checks
from tests.browser.checks import SCHEMES
from tests.messages import KINDS, draft_all

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.checks import Scheme

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 600, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 800}
OFTEN = {"samples", "rtl", "hostile"}
SITUATIONS = [
    pytest.param(kind, marks=() if kind in OFTEN else pytest.mark.every) for kind in KINDS
]


def colour_of(page: Page, selector: str, name: str) -> str:
    """Read a colour as it is shown."""
    script = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    return str(page.evaluate(script, [selector, name]))


@pytest.mark.parametrize("kind", SITUATIONS)
def test_everybody_can_read_a_mail(page: Page, tmp_path: Path, kind: str) -> None:
    """No barrier, nothing too wide, and nothing is asked for, in each size and scheme."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for each in draft_all(kind, tmp_path / "agency"):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for size in (WIDE, NARROW):
                page.set_viewport_size(size)
                page.set_content(each.body("html"))
                assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
                assert checks.accessibility(page) == []
    assert asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_mail_wears_the_agency_s_colour(page: Page, tmp_path: Path, scheme: Scheme) -> None:
    """On light and on dark screens, and where a program reads no style sheet."""
    each = next(iter(draft_all("samples", tmp_path / "agency")))
    page.emulate_media(color_scheme=scheme)
    page.set_content(each.body("html"))
    light = colour_of(page, ".card", "backgroundColor")
    assert light == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(26, 31, 40)")
    button = colour_of(page, ".button", "backgroundColor")
    assert (button == "rgb(11, 90, 107)") is (scheme == "light")
    page.set_content(
        each.body("html").partition("<style>")[0] + each.body("html").partition("</style>")[2]
    )
    assert colour_of(page, ".button", "backgroundColor") == "rgb(11, 90, 107)"
