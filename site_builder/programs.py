"""Other programs: the only room that starts one. What they say comes back as a value.

Nothing goes through a shell, nothing is raised, and no answer is waited for without end.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PATIENCE = 30
"""Seconds after which an answer from this machine is too long to wait for."""
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^@/\s]+@")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call of a program ended, and what it said."""

    is_ok: bool
    output: str = ""
    complaint: str = ""
    code: int = -1
    """The exit code; -1 where the program did not run to its end."""


def without_user(text: str) -> str:
    """Take names and passwords out of addresses."""
    return _USER_IN_ADDRESS.sub("", text)


def find(name: str, folder: Path | None = None) -> str | None:
    """Find a program among those that the system knows, or else those of a folder."""
    return shutil.which(name) or (shutil.which(name, path=str(folder)) if folder else None)


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    given: str | None = None,
    patience: float = PATIENCE,
) -> Answer:
    """Run a program, by default in the current folder, with a text to read or nothing.

    Its words are read as UTF-8. Where there is no such program, or no answer, it is not well.
    """
    what = command[0]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the words are ours
            command,
            cwd=folder,
            input=(given or "").encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except OSError:
        return Answer(is_ok=False, complaint=f"{what} is not installed")
    except subprocess.TimeoutExpired:
        return Answer(is_ok=False, complaint=f"{what} gave no answer for {patience:g} seconds")
    output, complaint = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Answer(done.returncode == 0, output, without_user(complaint.strip()), done.returncode)
