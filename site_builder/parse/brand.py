"""The agency's colour, and the files that give its pages their look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder import fonts, pictures
from site_builder.brand import derive
from site_builder.drawings import clean_drawing
from site_builder.errors import Severity
from site_builder.source.files import SETTINGS_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from site_builder.errors import Problem
    from site_builder.model.written import AgencyFile
    from site_builder.source.document import Document


def _picture_refusal(path: Path, *, drawings: bool) -> tuple[str, str] | None:
    """Say why a picture cannot be shown, and what to do."""
    kinds = "PNG, JPEG, WebP or SVG" if drawings else "PNG, JPEG or WebP"
    try:
        if drawings and path.suffix.lower() == ".svg":
            clean_drawing(path)
        elif pictures.is_picture(path.name):
            pictures.verify(path)
        else:
            return "this is not a picture that pages can show", f"save it as {kinds}"
    except pictures.UnusablePicture as error:
        return str(error), error.hint
    return None


def _font_refusal(path: Path) -> tuple[str, str] | None:
    """Say why a font cannot be used, and what to do."""
    try:
        fonts.read_font(path)
    except fonts.UnusableFont as error:
        return str(error), error.hint
    return None


def _file_problem(
    document: Document, loc: tuple[str, ...], name: str, root: Path
) -> Problem | None:
    """Look at one file of the workspace that the settings name at `loc`."""
    is_font = loc[0] == "fonts"
    rule = "font" if is_font else "picture"
    path = (root / name).resolve()
    place = (*SETTINGS_SCOPE, *loc)
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        message = f"there is no file '{name}' in the workspace"
        hint = f"name a {rule} from the folder of mkdocs.yml"
        return document.problem(place, "missing-file", message, hint)
    refusal = _font_refusal(path) if is_font else _picture_refusal(path, drawings=loc != ("icon",))
    return document.problem(place, rule, f"{name}: {refusal[0]}", refusal[1]) if refusal else None


def brand_problems(settings: AgencyFile, document: Document, root: Path) -> Iterator[Problem]:
    """Look at the agency's colour, and at the files of its logo, icon and fonts."""
    brand = derive(settings.colour)
    if brand.light != brand.wanted:
        yield document.problem(
            (*SETTINGS_SCOPE, "colour"),
            "brand-contrast",
            f"#{brand.wanted} is too light to be read on light pages: they show #{brand.light}",
            f'write "#{brand.light}", or a darker colour of yours',
            severity=Severity.WARNING,
        )
    if settings.logo_dark and not settings.logo:
        message = "'logo_dark' stands in for 'logo' on dark screens, and there is no 'logo'"
        place = (*SETTINGS_SCOPE, "logo_dark")
        yield document.problem(place, "missing-key", message, "add the logo for light screens")
    files: dict[tuple[str, ...], str | None] = {
        ("logo",): settings.logo,
        ("logo_dark",): settings.logo_dark,
        ("icon",): settings.icon,
    }
    if settings.fonts:
        files["fonts", "text"] = settings.fonts.text
        files["fonts", "headings"] = settings.fonts.headings
    for loc, named in files.items():
        if named and (problem := _file_problem(document, loc, named, root)):
            yield problem
