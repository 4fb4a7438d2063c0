"""The agency's colour, light and dark; its logo, icon and fonts; and what nobody can change."""

from __future__ import annotations

import colorsys
import gzip
import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from site_builder.brand import (
    DARK_SURFACES,
    ENOUGH,
    LIGHT_SURFACES,
    contrast,
    derive,
    luminance,
    stylesheet,
)
from site_builder.model.written import AgencyFile
from site_builder.workspace import own_theme
from tests.test_fonts import small_font, variable_font
from tests.workspace import AGENCY, OTTER

if TYPE_CHECKING:
    from tests.workspace import Workspace

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 28"><path d="M0 0h90v28H0z"/></svg>'

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("000000", "ffffff", 21.0), ("ffffff", "ffffff", 1.0), ("777777", "ffffff", 4.48)],
)
def test_contrast_is_measured_as_wcag_does(one: str, other: str, expected: float) -> None:
    """From 1 to 21, in either order."""
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_luminance_goes_from_black_to_white() -> None:
    """From 0 to 1; green is brighter than red, red than blue."""
    assert luminance("000000") == 0
    assert luminance("ffffff") == pytest.approx(1)
    assert luminance("00ff00") > luminance("ff0000") > luminance("0000ff")


@given(colours)
def test_every_colour_is_readable_on_every_surface(colour: str) -> None:
    """On light and dark pages, and with its text on it."""
    brand = derive(colour)
    assert min(contrast(brand.light, surface) for surface in LIGHT_SURFACES) >= ENOUGH
    assert min(contrast(brand.dark, surface) for surface in DARK_SURFACES) >= ENOUGH
    assert contrast(brand.light, brand.on_light) >= ENOUGH
    assert contrast(brand.dark, brand.on_dark) >= ENOUGH


def test_a_colour_that_is_readable_stays_as_it_is() -> None:
    """Only what nobody could read is changed."""
    brand = derive("0b5a6b")
    assert brand.light == "0b5a6b"
    assert brand.dark != "0b5a6b"


@given(colours)
def test_the_stylesheet_holds_six_digits_and_nothing_from_outside(colour: str) -> None:
    """Custom properties only: light, dark, and light again on paper."""
    text = stylesheet(derive(colour))
    assert re.sub(r"#[0-9a-f]{6}", "#", text) == (
        ":root{--brand:#;--brand-on:#}\n"
        "@media (prefers-color-scheme:dark){:root{--brand:#;--brand-on:#}}\n"
        "@media print{:root{--brand:#;--brand-on:#}}\n"
    )


@given(colours)
def test_a_colour_keeps_its_hue(colour: str) -> None:
    """Lighter or darker, it is still the agency's: only the first is told, by `check`."""

    def hue(of: str) -> float:
        parts = (int(of[at : at + 2], 16) / 255 for at in (0, 2, 4))
        return colorsys.rgb_to_hsv(*parts)[0] * 360

    brand = derive(colour)
    channels = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    if max(channels) - min(channels) >= 64:
        for variant in (brand.light, brand.dark):
            away = abs(hue(variant) - hue(colour))
            assert min(away, 360 - away) < 6


# --- The look of a whole site ---


def assets(workspace: Workspace) -> dict[str, bytes]:
    """Read the files that all pages of a site share."""
    (folder,) = (path for path in (workspace.site / "assets").iterdir() if path.is_dir())
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def dressed(workspace: Workspace, settings: str) -> dict[str, bytes]:
    """Give the agency more settings and the files that they name, and build."""
    workspace.write(
        "mkdocs.yml", AGENCY + "".join(f"    {line}\n" for line in settings.split("\n"))
    )
    workspace.write("brand/logo.svg", LOGO)
    workspace.write("brand/night.svg", LOGO.replace("90", "84"))
    workspace.write("brand/text.woff2", small_font("Northlight"))
    workspace.write("brand/headings.woff2", variable_font())
    Image.new("RGB", (300, 120), "teal").save(workspace.root / "brand" / "logo.png")
    Image.new("RGBA", (300, 200)).save(workspace.root / "brand" / "icon.png")
    ran = workspace.build()
    assert ran.code == 0, ran.output
    return assets(workspace)


def test_without_a_picture_the_icons_are_a_star(workspace: Workspace) -> None:
    """One for the tab, and one for the home screen, which takes no drawing."""
    found = dressed(workspace, 'colour: "0b5a6b"')
    assert found["icon-0b5a6b.svg"].startswith(b"<svg")
    assert found["icon-0b5a6b-180.png"].startswith(b"\x89PNG")
    page = workspace.page(OTTER)
    assert re.search(r'<link rel="icon" href="[./]+assets/\w+/icon-0b5a6b\.svg"', page)
    touch = r'<link rel="apple-touch-icon" href="[./]+assets/\w+/icon-0b5a6b-180\.png">'
    assert re.search(touch, page)


def test_icons_are_made_from_the_agencys_picture(workspace: Workspace) -> None:
    """Square; the home screen's one opaque."""
    found = dressed(workspace, "icon: brand/icon.png")
    assert {"icon.png", "icon-180.png"} <= set(found)
    assert "icon-180.png" in workspace.page(OTTER)


def test_a_logo_has_its_size_and_a_plate_for_dark_screens(workspace: Workspace) -> None:
    """Nothing moves when it arrives, and dark letters stay readable in the dark."""
    dressed(workspace, "logo: brand/logo.svg")
    logo = re.search(r"<picture>.*?</picture>", workspace.page(OTTER))
    assert logo
    assert re.fullmatch(
        r'<picture><img class="plate" src="[./]+assets/\w+/logo\.svg" alt="" width="9000" height="2800"></picture>',
        logo[0],
    )


def test_a_logo_for_dark_screens_takes_its_place_there(workspace: Workspace) -> None:
    """Without a script, on the screen only: paper is light."""
    found = dressed(workspace, "logo: brand/logo.png\nlogo_dark: brand/night.svg")
    assert {"logo.png", "logo-dark.svg"} <= set(found)
    page = workspace.page(OTTER)
    assert re.search(
        r'<source srcset="[./]+assets/\w+/logo-dark\.svg" media="screen and \(prefers-color-scheme:dark\)"'
        r' width="8400" height="2800"><img src="[./]+assets/\w+/logo\.png" alt="" width="210" height="84">',
        page,
    )
    assert Image.open(io.BytesIO(found["logo.png"])).size == (210, 84)


def test_a_page_stays_light_with_a_logo_of_any_size(workspace: Workspace) -> None:
    """HTML, CSS and a logo fresh from the designer: at most 50 KB."""
    logo = workspace.root / "brand" / "large.png"
    logo.parent.mkdir()
    Image.radial_gradient("L").convert("RGB").resize((4000, 1500)).save(logo)
    found = dressed(workspace, "logo: brand/large.png")
    page = workspace.page(OTTER).encode()
    sheets = [content for name, content in found.items() if name.endswith(".css")]
    packed = sum(len(gzip.compress(part, 9, mtime=0)) for part in (page, *sheets))
    assert packed + len(found["logo.png"]) <= 50_000


def test_fonts_of_the_agencys_own_come_from_the_same_place(workspace: Workspace) -> None:
    """The text is there at once, in a font of the system; it moves for no font that is late."""
    fonts = "fonts: {text: brand/text.woff2, headings: brand/headings.woff2}"
    found = dressed(workspace, f'colour: "0b5a6b"\n{fonts}')
    assert found["text.woff2"].startswith(b"wOF2")
    sheet = found["brand-0b5a6b.css"].decode()
    assert re.findall(r"url\(([^)]*)\)", sheet) == ["text.woff2", "headings.woff2"]
    assert sheet.count("font-display:optional") == 2
    assert '--brand-font:"Own text",system-ui' in sheet
    assert '--brand-head:"Own headings",var(--brand-font)' in sheet


@pytest.mark.parametrize(
    ("fonts", "weights"),
    [
        ({"text": False}, []),
        ({"text": True}, ["1 1000"]),
        ({"headings": False}, ["1 1000"]),
    ],
    ids=["plain-text", "variable-text", "plain-headings"],
)
def test_only_plain_text_is_emboldened_by_the_browser(
    fonts: dict[str, bool], weights: list[str]
) -> None:
    """A heading's font is bold as it is; a variable one has every weight."""
    sheet = stylesheet(derive("0b5a6b"), fonts)
    assert re.findall(r"font-weight:([^;]*)", sheet) == weights


def test_one_brand_makes_the_same_bytes_each_time(workspace: Workspace) -> None:
    """Drawn icons and fonts, too."""
    settings = 'colour: "#aa3366"\nfonts: {text: brand/text.woff2}'
    before = dressed(workspace, settings)
    workspace.remove("site")
    assert dressed(workspace, settings) == before


# --- What nobody can change ---

EVERYTHING = """\
colour: "#d00000"
logo: brand/logo.svg
logo_dark: brand/night.svg
icon: brand/icon.png
fonts: {text: brand/text.woff2, headings: brand/headings.woff2}
url: https://northlight.example
host: netlify
language: en
timezone: Europe/London
pdf: false
holidays: GB-ENG
glossary: [podcast]
avoid: {content: texts}
base_url: https://progress.northlight.example"""
SET_ALREADY = {"name", "contact", "rhythm"}
LATER = {"forbidden"}


def test_no_setting_changes_the_colours_of_the_states(workspace: Workspace) -> None:
    """A red brand never looks like an alarm: only what begins with --brand is the agency's."""
    named = set(re.findall(r"^(\w+):", EVERYTHING, re.MULTILINE))
    assert named | SET_ALREADY | LATER == set(AgencyFile.model_fields)
    plain = dressed(workspace, 'colour: "3b4252"')
    workspace.remove("site")
    found = dressed(workspace, EVERYTHING)
    for name in ("progress.css", "more.css", "shell.css"):
        assert found[name] == plain[name]
    sheet = re.sub(r"@font-face\{[^}]*\}", "", found["brand-d00000.css"].decode())
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    assert {selector.strip() for selector, _ in rules} == {":root"}
    written = {part.partition(":")[0] for _, body in rules for part in body.split(";")}
    assert written == {"--brand", "--brand-on", "--brand-font", "--brand-head"}


def test_no_state_takes_the_agencys_colour() -> None:
    """What says a state is fixed in the stylesheets; the brand is for links and for “here”."""
    for name in ("progress.css", "more.css"):
        sheet = (own_theme() / "css" / name).read_text("utf-8")
        fixed = re.findall(r"--(?:done|doing|wait|moved|risk|idle)[\w-]*:([^;}]+)", sheet)
        assert all(re.fullmatch(r"#[0-9a-f]{3,6}", value) for value in fixed)
        for selector, body in re.findall(r"([^{}]*\[data-state=[^{}]*)\{([^{}]*)\}", sheet):
            assert "--brand" not in body, selector
