"""The words of sealed clients: read from the environment or a private file, and kept in it.

Only here a passphrase is read or drawn. It is passed on as a value that shows up nowhere, and
stands in no argument, log, error or file name.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from site_builder.errors import Problem
    from site_builder.model.links import Passphrase
    from site_builder.workspace import Workspace

FILE = ".passphrases"
"""In the workspace, one line a client: its id, a colon, the words. Git ignores it."""
VARIABLE = "SITE_BUILDER_PASSPHRASE_"
WORDS = 6
_OTHERS = 0o077
_QUOTES = "\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_HEAD = """\
# The words that open sealed pages: client, colon, words. Never commit, mail or copy this file.
"""


def variable(client: str) -> str:
    """Name the variable that brings the words of a client: its id in capitals, _ for -."""
    return VARIABLE + client.upper().replace("-", "_")


def _problem(message: str, hint: str, line: int = 1) -> Problem:
    from site_builder.errors import Problem

    return Problem(path=FILE, line=line, rule="passphrase-file", message=message, hint=hint)


def _refusal(root: Path) -> Problem | None:
    """Say why the file is not read, if it is not: others could read it, too."""
    from site_builder import git

    path = root / FILE
    if path.is_symlink() or not path.is_file():
        return _problem("this must be a plain file", "take away what stands there")
    # Windows keeps files of the user's own folder from others in another way.
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        return _problem("others on this machine may read this file", f"write: chmod 600 {FILE}")
    if git.ask(root, "ls-files", "--error-unmatch", "--", FILE).is_ok:
        hint = (
            f"write first: git rm --cached {FILE}; commit; then give each of these clients new words"
            " with `site-builder link passphrase CLIENT --renew`: the old ones stay in git's history"
        )
        return _problem("git keeps this file, and so does everybody who has the repository", hint)
    return None


def _entries(text: str, clients: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """Read the lines of the file; a line that is none is named by its number only."""
    from site_builder.errors import Severity

    known: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        client, colon, words = line.partition(":")
        client, words = client.strip(), words.strip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not (colon and client and words):
            hint = "write the client's id, a colon and the words, all on one line"
            problems.append(_problem("this line names no client and words", hint, number))
        elif words[0] in _QUOTES or words[-1] in _QUOTES:
            hint = "write the words without quotes: they would be part of them"
            problems.append(_problem("quotes stand around these words", hint, number))
        elif client in known:
            hint = "keep the line with the words that the client has"
            problems.append(_problem("a line above has words for this client, too", hint, number))
        else:
            known[client] = words
            if client not in clients:
                hint = "write the name of its folder below projects/, in small letters, or delete the line"
                strange = _problem("there is no client of this name here", hint, number)
                problems.append(replace(strange, severity=Severity.WARNING))
    return known, problems


def read_file(root: Path, clients: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """Read the words that the file holds, and what is wrong with it."""
    if not os.path.lexists(root / FILE):
        return {}, []
    try:
        if refusal := _refusal(root):
            return {}, [refusal]
        return _entries((root / FILE).read_text("utf-8-sig"), clients)
    except (OSError, UnicodeDecodeError):
        return {}, [_problem("this file cannot be read", "it must be text in UTF-8, and yours")]


def read_passphrases(
    workspace: Workspace,
) -> tuple[Mapping[str, Passphrase], tuple[Problem, ...]]:
    """Read the words of all clients that have some, and what is wrong with the file.

    The environment comes before the file. Without a client that needs words, nothing is read.
    """
    from site_builder.model.links import Passphrase

    if not workspace.sealed:
        return {}, ()
    known, problems = read_file(workspace.root, workspace.clients)
    for client in workspace.clients:
        if words := os.environ.get(variable(client), "").strip():
            try:
                words.encode("utf-8")
            except UnicodeEncodeError:  # bytes that are no text arrive as surrogates
                hint = f"set {variable(client)} again, in UTF-8"
                broken = _problem("a variable of the environment is no text", hint)
                problems.append(replace(broken, path=variable(client)))
                known.pop(client, None)
            else:
                known[client] = words
    return {client: Passphrase(words) for client, words in known.items()}, tuple(problems)


def drawn_words() -> Passphrase:
    """Draw six words of the EFF's long list by the dice: 77 bits."""
    from dicewarepy import diceware

    from site_builder.model.links import Passphrase

    return Passphrase(" ".join(diceware(n=WORDS, language="en")))


def keep(root: Path, client: str, words: Passphrase) -> None:
    """Write the words of a client into the file, readable by this user only.

    Raises:
        NotWritten: if the file that is there must not be used.
        OSError: if it cannot be written.
    """
    from site_builder.errors import NotWritten

    path, text = root / FILE, _HEAD
    if os.path.lexists(path):
        if refusal := _refusal(root):
            raise NotWritten(f"{FILE}: {refusal.message}. {refusal.hint}")
        text = path.read_text("utf-8-sig")
    lines = [
        line
        for line in text.splitlines()
        if line.partition(":")[0].strip() != client or line.lstrip().startswith("#")
    ]
    lines.append(f"{client}: {words.words}")
    fresh = path.with_name(f"{FILE}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def keep_out_of_git(root: Path) -> bool:
    """Let git ignore the file of words; tell whether .gitignore had to be changed for that.

    Raises:
        OSError: if .gitignore cannot be written.
    """
    from site_builder import git

    is_repository = git.ask(root, "rev-parse", "--git-dir").is_ok
    if not is_repository or git.ask(root, "check-ignore", "--quiet", "--", FILE).is_ok:
        return False
    path = root / ".gitignore"
    before = path.read_text("utf-8") if path.is_file() else ""
    end = "" if not before or before.endswith("\n") else "\n"
    path.write_text(f"{before}{end}/{FILE}*\n", "utf-8")
    return True
