"""git, the one program that we start: what it says comes back as a value, and nothing is raised."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 30
"""Seconds after which an answer from this machine is too long to wait for."""
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^@/\s]+@")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call of git ended, and what it said."""

    is_ok: bool
    output: str = ""
    complaint: str = ""


def without_user(text: str) -> str:
    """Take names and passwords out of addresses."""
    return _USER_IN_ADDRESS.sub("", text)


def ask(root: Path, *words: str, patience: float = PATIENCE) -> Answer:
    """Run git in a folder. Where there is no git, no repository or no answer, it is not well."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *words]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the words are ours
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, check=False
        )
    except OSError:
        return Answer(is_ok=False, complaint="git is not installed")
    except subprocess.TimeoutExpired:
        return Answer(is_ok=False, complaint=f"git gave no answer for {patience:g} seconds")
    output, complaint = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Answer(done.returncode == 0, output, without_user(complaint.strip()))
