"""The sentences of a language: gettext catalogues of ours, and what a workspace adds to them.

A string without words is a problem, never an English sentence on a page of another language.
"""

from __future__ import annotations

import functools
import gettext
import io
import itertools
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from babel import Locale
from babel.messages.pofile import PoFileError, read_po

from site_builder.errors import InvalidInput, Problem, Severity, first_problems, visible
from site_builder.language.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Id = str | tuple[str, ...] | list[str] | None

OURS = Path(__file__).parents[1] / "locale"
THEIRS = "theme/locale"
"""Where a workspace keeps its own words, from its folder."""
ENGLISH = "en"
_PATTERN = re.compile(r"[EdMy\u00a0 ]+")
_LINE = re.compile(r'\s*(#.*|(msg(id|id_plural|ctxt|str|str\[\d\])\s+)?"([^"\\]|\\.)*")?\s*')
_QUOTED = re.compile(r"'[^']*'")
_NUMBERS = 200
"""Numbers that are tried to see which ones a form of the plural stands for."""

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A string of ours, in one or two forms, and its words."""

    english: Forms
    words: Forms
    """None while they are missing, or marked as fuzzy."""
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    """What one file says, with its rule for plurals."""

    entries: tuple[Entry, ...]
    plural: str

    @property
    def form(self) -> Callable[[int], int]:
        """The form of the plural that a number needs."""
        return gettext.c2py(self.plural)


class Layer(gettext.NullTranslations):
    """The words of one file, in front of those of the next."""

    def __init__(self, words: Words, following: gettext.NullTranslations) -> None:
        super().__init__()
        self.add_fallback(following)
        self.texts = {entry.english[0]: entry.words for entry in words.entries if entry.words}
        self.form = words.form

    def gettext(self, message: str) -> str:
        """Say a sentence."""
        found = self.texts.get(message)
        return found[0] if found else super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Say a sentence that depends on a number."""
        found = self.texts.get(msgid1)
        return found[self.form(n)] if found else super().ngettext(msgid1, msgid2, n)


class Nothing(gettext.NullTranslations):
    """The end of all layers: a string that no catalogue knows stops the page, by name."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def gettext(self, message: str) -> NoReturn:
        """Name the missing string.

        Raises:
            InvalidInput: always.
        """
        raise InvalidInput([_missing(self.code, message)])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> NoReturn:
        """Name the missing string."""
        del msgid2, n
        self.gettext(msgid1)


def _shown(message: str) -> str:
    return visible(message.replace("\u00a0", " "))


def _missing(code: str, message: str, line: int | None = None) -> Problem:
    hint = "add it as msgid, with the words as msgstr"
    return Problem(
        path=f"{THEIRS}/{code}.po",
        line=line or 1,
        rule="missing-string",
        message=f"'{_shown(message)}' has no words in '{code}'",
        hint="write its msgstr, and remove the mark 'fuzzy'" if line else hint,
    )


# --- What may stand in a translation -------------------------------------------------------------


def _places(text: str) -> set[str]:
    """Name the places of a sentence, ``{date}``.

    Raises:
        ValueError: if a brace stands alone.
    """
    return {
        f"{{{name}{spec or ''}{kind or ''}}}"
        for _, name, spec, kind in string.Formatter().parse(text)
        if name is not None
    }


def is_pattern(message: str) -> bool:
    """Tell whether a string is the pattern of a date."""
    return bool(_PATTERN.fullmatch(message))


def _fields(pattern: str) -> set[str]:
    """List the letters of a date pattern: weekday, day, month and year."""
    return set(re.findall(r"[A-Za-z']", _QUOTED.sub("", pattern).replace("L", "M")))


def _stands_for_one(form: int, plural: Callable[[int], int]) -> bool:
    """Tell whether a form of the plural is for one number only, so that it need not be said."""
    fitting = (number for number in range(_NUMBERS) if plural(number) == form)
    return len(list(itertools.islice(fitting, 2))) == 1


def refusal(entry: Entry, plural: Callable[[int], int]) -> str:
    """Say what a translation must hold, if it holds anything else; empty if it is right."""
    pattern = entry.english[0]
    if is_pattern(pattern):
        wanted = _fields(pattern)
        ordered = " ".join(sorted(wanted, key=pattern.index))
        return "" if _fields(entry.words[0]) == wanted else f"the parts of this date: {ordered}"
    needed: set[str] = set().union(*map(_places, entry.english))
    for number, form in enumerate(entry.words):
        try:
            found = _places(form)
        except ValueError:
            return "each brace with its other half"
        counts = len(entry.english) > 1 and _stands_for_one(number, plural)
        if not needed - ({"{number}"} if counts else set()) <= found <= needed:
            return "the places in it: " + (" ".join(sorted(needed)) or "none")
    return ""


# --- Reading -------------------------------------------------------------------------------------


def _forms(text: Id) -> Forms:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _read(text: bytes, locale: Locale | None) -> Words:
    catalog = read_po(io.BytesIO(text), locale=locale, abort_invalid=True)
    entries = []
    for message in catalog:
        if message.id:
            forms = _forms(message.string)
            words = forms if all(forms) and not message.fuzzy else ()
            entries.append(Entry(_forms(message.id), words, message.lineno or 1))
    return Words(tuple(entries), catalog.plural_expr)


@functools.cache
def messages() -> frozenset[Forms]:
    """List every string of ours; one that counts has two forms."""
    template = _read((OURS / "messages.pot").read_bytes(), None)
    return frozenset(entry.english for entry in template.entries)


def our_words(name: str) -> Words:
    """Read one of our catalogues."""
    text = (OURS / f"{name}.po").read_bytes()
    return compiled(f"words-{name}", text.decode(), lambda: _read(text, Locale.parse(name)))


def _base(code: str) -> str:
    """Find the language of ours that a code is, or is a kind of; empty if there is none."""
    names = (code, code.partition("-")[0])
    return next((name for name in names if name == ENGLISH or (OURS / f"{name}.po").is_file()), "")


def _unreadable(code: str, line: int, reason: str) -> InvalidInput:
    problem = Problem(
        path=f"{THEIRS}/{code}.po",
        line=line,
        rule="catalogue",
        message=f"this is no catalogue of gettext: {reason}",
        hint="write it as a PO file, in UTF-8",
    )
    return InvalidInput([problem])


def _their_words(code: str, text: bytes) -> Words:
    """Read a workspace's file.

    Raises:
        InvalidInput: if it is no catalogue.
    """
    try:
        for number, line in enumerate(text.decode().split("\n"), 1):
            if not _LINE.fullmatch(line):  # Babel would take a part of it
                raise _unreadable(
                    code, number, "here stands neither a comment nor a text in quotes"
                )
        words = _read(text, Locale.parse(code, sep="-"))
        words.form(1)
    except PoFileError as error:
        raise _unreadable(code, error.lineno + 1, str(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(code, 1, "it is not UTF-8") from error
    except (ValueError, LookupError) as error:
        raise _unreadable(code, 1, str(error)) from error
    return words


def _problems(code: str, words: Words, base: Words | None, templates: str) -> Iterator[Problem]:
    """Find what is wrong with a workspace's file, and which strings it leaves without words.

    `base` are the words behind it; None: English, which has them all.
    """
    path = f"{THEIRS}/{code}.po"
    known = {entry.english[0] for entry in base.entries} if base else set()
    for entry in words.entries:
        first = entry.english[0]
        if entry.english not in messages() and first not in templates:
            yield Problem(
                path=path,
                line=entry.line,
                rule="unknown-string",
                message=f"'{_shown(first)}' stands on no page",
                hint="write the msgid letter by letter as in messages.pot, or remove it",
                severity=Severity.WARNING,
            )
        elif entry.words:
            known.add(first)
            if reason := refusal(entry, words.form):
                yield Problem(
                    path=path,
                    line=entry.line,
                    rule="placeholder",
                    message=f"the words for '{_shown(first)}' do not fit it",
                    hint=f"keep {reason}",
                )
    if base:
        lines = {entry.english[0]: entry.line for entry in words.entries}
        for first in sorted({english[0] for english in messages()} - known):
            yield _missing(code, first, lines.get(first))


def layers(
    code: str, text: bytes | None, templates: str
) -> tuple[gettext.NullTranslations, tuple[Problem, ...]]:
    """Set the words of a language in front of each other, with what is worth a warning.

    `text` is the workspace's file for it, if there is one; `templates` are its own templates.

    Raises:
        InvalidInput: if the words are not complete and right.
    """
    name = _base(code)
    base = None if name == ENGLISH else our_words(name) if name else Words((), "0")
    found = Layer(base, Nothing(code)) if base else gettext.NullTranslations()
    if text is None:
        return found, ()
    words = _their_words(code, text)
    problems = first_problems(_problems(code, words, base, templates))
    if any(problem.is_error for problem in problems):
        raise InvalidInput(problems)
    return Layer(words, found), tuple(problems)
