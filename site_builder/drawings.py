"""SVG drawings: a copy that holds shapes and words only, and how large it is.

A drawing is a program as much as a picture: it may run scripts, load what stands elsewhere, and
carry its author's name and folders. It is read whole by a real XML parser, and what is on the
lists below is written anew; nothing of the original bytes is published. What would only be lost
(comments, an editor's notes) is left out; what would act is refused, with its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from site_builder.pictures import UnusablePicture

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 60_000
MAX_DEPTH = 100
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

SHAPES = frozenset(
    """
    svg g defs title text tspan path rect circle ellipse line polyline polygon
    linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix
    feComposite feDropShadow feFlood feGaussianBlur feMerge feMergeNode feMorphology feOffset
    """.split()
)
"""Elements that only draw."""
NOTES = frozenset({"metadata", "desc"})
"""Elements that are left out: they say who drew it, and with what."""
WORDS = frozenset({"title", "text", "tspan"})
"""Elements whose text is shown or read out."""
POINTERS = frozenset({"linearGradient", "radialGradient", "pattern", "filter"})
"""Elements that may point to another one of the same drawing."""
LOOKS = frozenset(
    """
    alignment-baseline baseline-shift clip-path clip-rule color color-interpolation
    color-interpolation-filters direction display dominant-baseline fill fill-opacity fill-rule
    filter flood-color flood-opacity font-family font-size font-style font-variant font-weight
    letter-spacing marker-end marker-mid marker-start mask mask-type opacity overflow paint-order
    shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
    text-decoration text-rendering transform unicode-bidi vector-effect visibility word-spacing
    writing-mode
    """.split()
)
"""What may stand in `style`; each is written as an attribute, which every policy lets draw."""
FREE = frozenset({"id", "font-family", "role", "aria-label", "aria-labelledby", "lang"})
"""Attributes whose value is never read as anything but a name."""
FUNCTIONS = frozenset(
    "rgb rgba hsl hsla calc matrix translate scale rotate skewX skewY url".split()
)

_VIEW_BOX = re.compile(
    rb"<svg\b[^>]*?\bviewBox\s*=\s*['\"]\s*(?:[-\d.eE]+[\s,]+){2}([\d.]+)[\s,]+([\d.]+)\s*['\"]"
)
_NAME = re.compile(r"[A-Za-z][\w-]*")
_CALL = re.compile(r"([\w-]*)\s*\(")
_OWN = re.compile(r"url\(\s*(['\"]?)#[^()'\"\s\\]+\1\s*\)")
_LEADS_OUT = re.compile(r"[\\@]|script\s*:|data\s*:|/\*|//", re.IGNORECASE)
_HINTS = {
    "style": "in Illustrator, export it with Styling: Presentation Attributes; or use a PNG",
    "use": "let your program turn symbols into shapes before it exports; or use a PNG",
    "image": "a drawing with a photo in it is a picture: use a PNG",
    "a": "a drawing cannot hold links: write the link beside it",
}


class _Copy:
    """Hears what the parser finds, and writes what may stay."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.out: list[str] = []
        self.open: list[str] = []
        self.skipped = 0
        """How many elements that are left out stand around this place."""
        self.is_empty = False
        """Whether nothing stands yet in the element that is open."""

    def _refuse(self, what: str, hint: str = "export plain shapes, or use a PNG") -> NoReturn:
        line = self.parser.CurrentLineNumber
        shown = what if len(what) <= 40 else f"{what[:39]}\u2026"  # noqa: PLR2004 - fits the line
        raise UnusablePicture(
            f"line {line} of the drawing holds '{shown}', which may run or load things", hint
        )

    def _document_type(self, _name: str, _system: object, _public: object, own: int) -> None:
        if own:
            self._refuse("<!DOCTYPE \u2026 [")

    def _entity(self, *_found: object) -> NoReturn:
        self._refuse("<!ENTITY")

    def _instruction(self, target: str, _text: str) -> None:
        if target == "xml-stylesheet":
            self._refuse(f"<?{target}")

    def _begin(self, whole: str, attributes: dict[str, str]) -> None:
        space, _, name = whole.rpartition(" ")
        if not self.open and (space, name) != (SVG, "svg"):
            raise UnusablePicture("this is not an SVG drawing", "export it again, or use a PNG")
        if self.skipped or space != SVG or name in NOTES:
            self.skipped += 1
            return
        if name not in SHAPES:
            self._refuse(f"<{name}>", _HINTS.get(name, "export plain shapes, or use a PNG"))
        if len(self.open) >= MAX_DEPTH:
            raise UnusablePicture(
                f"the drawing is nested more than {MAX_DEPTH} levels deep",
                "let your program flatten it, or use a PNG",
            )
        from xml.sax.saxutils import quoteattr  # it brings all that speaks to the network

        kept = {} if self.open else {"xmlns": SVG}
        looks: dict[str, str] = {}
        for key, value in attributes.items():
            self._keep(name, key, value, kept, looks)
        self.open.append(name)
        written = "".join(f" {key}={quoteattr(value)}" for key, value in {**kept, **looks}.items())
        self.out.append(f"<{name}{written}>")
        self.is_empty = True

    def _keep(
        self, element: str, whole: str, value: str, kept: dict[str, str], looks: dict[str, str]
    ) -> None:
        """Take over one attribute; `looks` are those out of `style`, which come first."""
        space, _, name = whole.rpartition(" ")
        if name.casefold().startswith("on"):
            self._refuse(f"{name}=")
        if name.casefold() == "href":
            if not value.strip().startswith("#"):
                self._refuse(f'href="{value.strip()}"')
            if element in POINTERS:
                kept["href"] = value.strip()
        elif space == XML and name in {"space", "lang"}:
            kept[f"xml:{name}"] = value
        elif space or name == "class" or name.startswith("data-") or not _NAME.fullmatch(name):
            return  # an editor's own notes, and names for style sheets, of which there are none
        elif name == "style":
            for part in re.sub(r"/\*.*?\*/", " ", value, flags=re.DOTALL).split(";"):
                key, _, written = part.partition(":")
                written = re.sub(r"!\s*important", "", written).strip()
                self._check(key.strip(), written)
                if key.strip() in LOOKS and written:
                    looks[key.strip()] = written
        else:
            self._check(name, value)
            kept[name] = value

    def _check(self, name: str, value: str) -> None:
        """Refuse a value that could lead out of the drawing, however it is spelled."""
        if name in FREE:
            return
        inside = _OWN.sub("", value)
        for call in _CALL.finditer(inside):
            if call[1] not in FUNCTIONS or call[1] == "url":
                self._refuse(inside[call.start() :])
        if _LEADS_OUT.search(value):
            self._refuse(value)

    def _end(self, _whole: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            name = self.open.pop()
            if self.is_empty:
                self.out[-1] = f"{self.out[-1][:-1]}/>"
            else:
                self.out.append(f"</{name}>")
            self.is_empty = False

    def _text(self, text: str) -> None:
        if not self.skipped and self.open and self.open[-1] in WORDS:
            from xml.sax.saxutils import escape

            self.out.append(escape(text))
            self.is_empty = False


def clean_drawing(path: Path) -> bytes:
    """Write an SVG drawing anew: shapes and words, without notes, in UTF-8.

    Raises:
        UnusablePicture: if it is none, is too large, or has anything that may run or load.
    """
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise UnusablePicture(
            "the drawing is larger than 60 KB", "export it with less detail, or use a PNG"
        )
    copy = _Copy()
    try:
        copy.parser.Parse(data, True)  # noqa: FBT003 - that this is all of it
    except expat.ExpatError as error:
        raise UnusablePicture(
            f"this is not an SVG drawing that can be read: line {error.lineno} is broken",
            "export it again, or use a PNG",
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise UnusablePicture(
            "this is not an SVG drawing in UTF-8", "export it again, or use a PNG"
        ) from error
    return "".join([*copy.out, "\n"]).encode()


def drawing_size(drawing: bytes) -> tuple[int, int] | None:
    """Tell width and height of an SVG drawing, in hundredths of its units, where it says them."""
    box = _VIEW_BOX.search(drawing)
    try:
        width, height = (round(float(part) * 100) for part in box.groups()) if box else (0, 0)
    except ValueError:
        return None
    return (width, height) if width and height else None
