"""One brand colour becomes a light and a dark one, both readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.brand import (
    DARK_SURFACES,
    ENOUGH,
    LIGHT_SURFACES,
    contrast,
    derive,
    luminance,
    stylesheet,
)

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
