"""One brand colour becomes two, for light and for dark pages, both readable on every surface.

Contrast is WCAG 2.2's: 4.5 to 1 for text. The colours of the states are fixed in the theme, so
that a red brand never looks like an alarm.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIGHT_SURFACES = ("f5f4f0", "ffffff")
DARK_SURFACES = ("11141a", "1a1f28")
WHITE, NEAR_BLACK = "ffffff", "0b1016"
ENOUGH = 4.5
ENOUGH_IN_THE_DARK = 8.0
"""As bright as the colours of the states: links would look dull beside them."""
MOST_VIVID_IN_THE_DARK = 0.65
"""A lighter colour of full saturation would glare."""
SRGB_KNEE = 0.04045
PROPERTIES = {"text": "--brand-font", "headings": "--brand-head"}
SYSTEM_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The colours of one agency, as six hexadecimal digits."""

    wanted: str
    light: str
    """On light pages."""
    on_light: str
    """Text on `light`."""
    dark: str
    """On dark pages."""
    on_dark: str
    """Text on `dark`."""


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white)."""
    weights = (0.2126, 0.7152, 0.0722)
    linear = (
        part / 12.92 if part <= SRGB_KNEE else ((part + 0.055) / 1.055) ** 2.4
        for part in _channels(colour)
    )
    return sum(weight * part for weight, part in zip(weights, linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _with_lightness(colour: str, lightness: float, most_vivid: float) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*_channels(colour))
    parts = colorsys.hls_to_rgb(hue, lightness, min(saturation, most_vivid))
    return "".join(f"{round(part * 255):02x}" for part in parts)


def _readable(
    colour: str, surfaces: tuple[str, ...], enough: float, step: float, most_vivid: float = 1.0
) -> str:
    """Move the lightness by `step` until the contrast is enough on every surface."""
    lightness = colorsys.rgb_to_hls(*_channels(colour))[1]
    found = colour
    while min(contrast(found, surface) for surface in surfaces) < enough and 0 <= lightness <= 1:
        lightness += step
        found = _with_lightness(colour, min(1.0, max(0.0, lightness)), most_vivid)
    return found


def _text_on(colour: str) -> str:
    return max((WHITE, NEAR_BLACK), key=lambda text: contrast(text, colour))


def derive(colour: str) -> Brand:
    """Derive the light and the dark variant of one colour, each with text readable on it."""
    light = _readable(colour, LIGHT_SURFACES, ENOUGH, -0.01)
    dark = _readable(
        colour, DARK_SURFACES, ENOUGH_IN_THE_DARK, 0.01, most_vivid=MOST_VIVID_IN_THE_DARK
    )
    return Brand(
        wanted=colour, light=light, on_light=_text_on(light), dark=dark, on_dark=_text_on(dark)
    )


def _own_fonts(fonts: Mapping[str, bool]) -> str:
    """Declare the agency's fonts; text is there at once, in a font of the system.

    One file for headings stands for every weight: browsers would embolden it further.
    """
    rules, families = "", []
    for name, is_variable in fonts.items():
        weights = "font-weight:1 1000;" if is_variable or name == "headings" else ""
        rules += (
            f'@font-face{{font-family:"Own {name}";{weights}font-display:optional;'
            f'src:url({name}.woff2) format("woff2")}}\n'
        )
        others = SYSTEM_FONTS if name == "text" else "var(--brand-font)"
        families.append(f'{PROPERTIES[name]}:"Own {name}",{others}')
    return f"{rules}:root{{{';'.join(families)}}}\n" if rules else ""


def stylesheet(brand: Brand, fonts: Mapping[str, bool] | None = None) -> str:
    """Write the small file that every page links last.

    `fonts`: text, headings or both, and whether the file holds all weights.
    """
    light = f"--brand:#{brand.light};--brand-on:#{brand.on_light}"
    dark = f"--brand:#{brand.dark};--brand-on:#{brand.on_dark}"
    return (
        f"{_own_fonts(fonts or {})}"
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{{light}}}}}\n"
    )
