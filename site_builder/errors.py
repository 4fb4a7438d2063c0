"""Problems as values, and the few exceptions of the program.

A `Problem` is something that a person wrote and can mend. Stages collect problems and raise them
together; only `cli` shows them. Exceptions::

    SiteBuilderError
    ├── InvalidInput     problems in files that people write; carries all of them
    ├── NotBuilt         a cluster cannot be asked, or was lost; the words say what to do
    ├── NotMerged        parts of a site do not fit together; the words say which
    ├── NotAnnounced     what is new cannot be said, drafted or recorded; the words say why
    ├── NotPublished     publishing would do harm, or could not be done
    ├── PartlyPublished  publishing was cut short; what is there is whole
    ├── NotWritten       new files cannot be written as asked; nothing was changed
    ├── Overtaken        another build was at work meanwhile; read again, and build again
    └── UnsafeTarget     the folder to publish into is not ours

Anything else that is raised is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

import difflib
import itertools
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How much a problem stops: an error stops its client, a warning nothing, but for ``--strict``.

    A note is only worth knowing: it stops nothing, ever.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend, with its place and the words that help to mend it."""

    path: str
    """The file, from the workspace's folder, with forward slashes."""
    line: int = 1
    """From 1, counted from the top of the file."""
    column: int = 1
    """From 1, in characters."""
    width: int = 0
    """How many characters of that line the problem covers; 0 if it is about the whole file."""
    rule: str
    """The rule's name, as the handbook lists it."""
    message: str
    """What is wrong."""
    hint: str = ""
    """What to write instead."""
    severity: Severity = Severity.ERROR
    client: str = ""
    """The id of the client that the problem stops; empty for the whole workspace."""

    @property
    def is_error(self) -> bool:
        """Tell whether the problem stops its client."""
        return self.severity is Severity.ERROR

    @property
    def is_note(self) -> bool:
        """Tell whether the problem is none: it is only worth knowing."""
        return self.severity is Severity.NOTE

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The key that sorts problems by their place."""
        return (self.path, self.line, self.column, self.rule, self.message)


class SiteBuilderError(Exception):
    """The root of what this program raises on purpose."""


class InvalidInput(SiteBuilderError):
    """Files that people write have problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = sorted_problems(problems)
        super().__init__(f"{len(self.problems)} problems")


class NotAnnounced(SiteBuilderError):
    """What is new cannot be said, drafted or recorded. The words say why, and what to do."""


class NotBuilt(SiteBuilderError):
    """A cluster cannot be asked, or was lost: pages that are there are whole."""


class NotMerged(SiteBuilderError):
    """Parts of a site do not fit together: nothing was written. Carries a sentence for each."""

    def __init__(self, reasons: Iterable[str]) -> None:
        """Keep the sentences."""
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class NotPublished(SiteBuilderError):
    """Nothing was published: it would do harm, or the target said no. The words say what to do."""


class PartlyPublished(SiteBuilderError):
    """Publishing was cut short: what is there is whole, and the next run does the rest."""


class UnsafeTarget(SiteBuilderError):
    """The folder to publish into holds something that we did not write."""


class Overtaken(SiteBuilderError):
    """Another build wrote into the site while this one waited: what was read may be older."""


class NotWritten(SiteBuilderError):
    """New files cannot be written as asked: nothing was changed."""


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file, line and column, each once."""
    return tuple(sorted(set(problems), key=lambda problem: problem.order))


def first_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Take the first problems of one text; if there are more, the last one says so."""
    found = list(itertools.islice(problems, MAX_PROBLEMS + 1))
    if len(found) > MAX_PROBLEMS:
        found[-1] = replace(
            found[-1],
            rule="more-problems",
            message="this file has more problems from here on",
            hint="mend those above first, then check again",
            severity=max(found, key=lambda problem: problem.is_error).severity,
        )
    return found


def as_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Make errors of warnings, as ``--strict`` asks for; notes stay notes."""
    return tuple(
        problem if problem.is_note else replace(problem, severity=Severity.ERROR)
        for problem in problems
    )


def without_notes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Leave out what is only worth knowing: who builds pages asks for no advice."""
    return tuple(problem for problem in problems if not problem.is_note)


MAX_PROBLEMS = 50
"""More problems than these of one text are not told in one run."""
SHORT = 5
"""Letters of a word in which one mistake already changes much."""
MAX_NAMED = 22
"""More known words than these are not listed."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that the writer most likely meant, if any is near."""
    by_folded = {name.casefold(): name for name in known}
    cutoff = 0.6 if len(word) <= SHORT else 0.7
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word to write in place of an unknown one."""
    names = sorted(known)
    near = nearest(word, names)
    if near is not None:
        return f"write '{near}'"
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"known here: {', '.join(names[:MAX_NAMED])}{more}" if names else "none are defined yet"


_LINK = re.compile(r"\b[a-z2-7]{26}\b")


def without_links(text: str) -> str:
    """Take private links out of what others say; their words are shown, and stand in logs."""
    return _LINK.sub("…", text)


def system_words(error: OSError) -> str:
    """Say what the system answered, and about which file or folder, without a private link."""
    place = f": {error.filename}" if error.filename else ""
    return without_links(f"{error.strerror or error}{place}")


def raise_it(error: OSError) -> None:
    """Raise an error: `os.walk` leaves out in silence what it cannot read, unless it is told so."""
    raise error


def visible(text: str) -> str:
    """Show control, invisible and direction-overriding characters as ``U+202E``."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == " " else f"U+{ord(character):04X}"
        for character in text
    )
