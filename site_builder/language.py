"""The words, dates, plurals and numbers of one language.

The only module that imports babel. English stands in the code; other languages are gettext
catalogues beside this file. A date pattern is a message like any other: each language has its own.
"""

from __future__ import annotations

import functools
import gettext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale, dates, numbers

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

# The patterns are CLDR's; \u00a0 keeps day and month on one line.
DATE_PATTERNS = {
    "full": "EEEE d\u00a0MMMM y",  # Monday 2 March 2026
    "day": "EEEE d\u00a0MMMM",  # Monday 2 March
    "long": "d\u00a0MMMM y",  # 2 March 2026
    "plain": "d\u00a0MMMM",  # 2 March
    "short": "d\u00a0MMM",  # 2 Mar
    "month": "MMMM y",  # March 2026
    "short-month": "MMM\u00a0y",  # Mar 2026
}
HEADINGS = {
    "happened": "What just happened",
    "matters": "Why it matters",
    "next": "What comes next",
}
"""The headings of the three answers, as authors write them in English."""
HAPPENING = "What is happening now"
"""What the page puts above the first answer of an open step; authors may write it too."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the client's page."""

    code: str
    """As in `language:`; also the page's `lang`."""
    direction: str
    """ltr or rtl."""
    _locale: Locale
    _catalogue: gettext.NullTranslations

    def say(self, message: str, /, **values: object) -> str:
        """Translate a sentence of ours and fill in its named values."""
        text = self._catalogue.gettext(message)
        return text.format(**values) if values else text

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
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
    return " ".join(heading.casefold().replace("\u2019", "'").split()).rstrip(" .:?!\u2026")


@functools.cache
def _written_date(language: Language, day: datetime.date, style: str) -> str:
    pattern = language.say(DATE_PATTERNS[style])
    return str(dates.format_date(day, pattern, locale=language._locale))  # noqa: SLF001 - its own


@functools.cache
def load_language(code: str) -> Language:
    """Load a language by its code.

    Raises:
        babel.UnknownLocaleError: if the code is none that `model.fields.LANGUAGES` lists.
    """
    locale = Locale.parse(code)
    return Language(code, locale.text_direction, locale, gettext.NullTranslations())
