"""The words, dates, plurals and numbers of one language.

The only room that imports babel. English stands in the code; other languages are gettext
catalogues in locale/. A date pattern is a message like any other: each language has its own.
Numbers and dates have Western digits everywhere: see the decision record "Languages".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError, dates, numbers

from site_builder.errors import InvalidInput, Problem
from site_builder.language.catalogue import THEIRS, layers
from site_builder.language.hyphens import softened

if TYPE_CHECKING:
    import datetime
    import gettext
    from pathlib import Path


def mark(message: str) -> str:
    """Let the catalogue know a string that is translated later, where it is used."""
    return message


# The patterns are CLDR's; \u00a0 keeps day and month on one line.
DATE_PATTERNS = {
    "full": mark("EEEE d\u00a0MMMM y"),  # Monday 2 March 2026
    "day": mark("EEEE d\u00a0MMMM"),  # Monday 2 March
    "long": mark("d\u00a0MMMM y"),  # 2 March 2026
    "plain": mark("d\u00a0MMMM"),  # 2 March
    "short": mark("d\u00a0MMM"),  # 2 Mar
    "dated": mark("d\u00a0MMM y"),  # 2 Mar 2026
    "month": mark("MMMM y"),  # March 2026
    "short-month": mark("MMM\u00a0y"),  # Mar 2026
}
FIRST_DAYS = {"fr": "d'er'"}
"""What stands for the day in a date pattern on the first of a month: le 1er mars, le 2 mars."""
HEADINGS = {
    "happened": mark("What just happened"),
    "matters": mark("Why it matters"),
    "next": mark("What comes next"),
}
"""The headings of the three answers, as authors write them in English."""
HAPPENING = mark("What is happening now")
"""What the page puts above the first answer of an open step; authors may write it too."""

_FROM_THE_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_AGAINST = {
    "ltr": re.compile(f"[{_FROM_THE_RIGHT}]"),
    "rtl": re.compile(rf"[^\W\d_{_FROM_THE_RIGHT}]"),
}
"""Letters that run against the direction of a page."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the client's page."""

    code: str
    """As in `language:`; also the page's `lang`."""
    direction: str
    """ltr or rtl."""
    _locale: Locale
    _catalogue: gettext.NullTranslations
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    """What is worth saying about the workspace's own words."""

    def say(self, message: str, /, **values: object) -> str:
        """Translate a sentence of ours and fill in its named values."""
        text = self._catalogue.gettext(message)
        if not values:
            return text
        whole = {
            name: self.isolated(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return text.format(**whole)

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Translate a sentence that depends on a number; it stands there as ``{number}``."""
        text = self._catalogue.ngettext(one, many, number)
        return text.format(number=self.number(number), **values)

    def date(self, day: datetime.date, style: str) -> str:
        """Write a day in one of the styles of `DATE_PATTERNS`."""
        return _written_date(self, day, style)

    def number(self, value: Decimal | int) -> str:
        """Write a number as it was typed, with the language's separators."""
        text = str(value)
        places = len(text.partition(".")[2])
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return str(numbers.format_decimal(value, pattern, locale=self._locale))

    def percent(self, value: int) -> str:
        """Write a percentage with the language's sign and the space before it, if there is one."""
        return str(numbers.format_percent(Decimal(value) / 100, locale=self._locale))

    def isolated(self, text: str) -> str:
        """Hold an author's text together where its letters run against the page.

        The invisible marks do what `<bdi>` does, inside sentences too: no number, bracket or full
        stop at its ends jumps to the other side.
        """
        return f"\u2068{text}\u2069" if _AGAINST[self.direction].search(text) else text

    def soft(self, text: str) -> str:
        """Make a label ready for a page: long words may break, and it keeps its own direction."""
        return self.isolated(softened(text, self.code))

    def heading(self, text: str) -> str | None:
        """Tell which answer a heading opens (happened, matters, next), if any.

        The language's own words and English count, whatever their case and closing punctuation.
        """
        wanted = _folded(text)
        for answer, english in HEADINGS.items():
            if wanted in {_folded(english), _folded(self._catalogue.gettext(english))}:
                return answer
        if wanted in {_folded(HAPPENING), _folded(self._catalogue.gettext(HAPPENING))}:
            return "happened"
        return None


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().replace("\u2019", "'").split()).rstrip(" .:?!\u2026\u061f")


@functools.cache
def _written_date(language: Language, day: datetime.date, style: str) -> str:
    pattern = language.say(DATE_PATTERNS[style])
    if day.day == 1:
        first = FIRST_DAYS.get(language.code.partition("-")[0], "d")
        pattern = re.sub(r"\bd\b", first, pattern)
    return str(dates.format_date(day, pattern, locale=language._locale))  # noqa: SLF001 - its own


@functools.lru_cache(maxsize=64)
def _loaded(code: str, text: bytes | None, templates: str) -> Language:
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        problem = Problem(
            path=f"{THEIRS}/{code}.po",
            rule="catalogue",
            message=f"there are no months and weekdays in '{code}'",
            hint="name the file by a code of CLDR, for example sv.po or pt-BR.po",
        )
        raise InvalidInput([problem]) from error
    catalogue, warnings = layers(code, text, templates)
    return Language(code, locale.text_direction, locale, catalogue, warnings)


def own_words(code: str, workspace: Path) -> Path:
    """Name the file in which a workspace adds to a language, or adds one."""
    return workspace / THEIRS / f"{code}.po"


def load_language(code: str, workspace: Path | None = None) -> Language:
    """Load a language by its code, with what a workspace says in its own words.

    Raises:
        InvalidInput: if a string has no words, or they do not fit it.
    """
    path = own_words(code, workspace) if workspace else None
    if workspace is None or path is None or not path.is_file():
        return _loaded(code, None, "")
    theme = sorted((workspace / "theme").glob("*.html"))
    templates = "".join(template.read_text("utf-8", errors="replace") for template in theme)
    return _loaded(code, path.read_bytes(), templates)
