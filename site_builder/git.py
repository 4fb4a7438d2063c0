"""git: what it says comes back as a value, and nothing is raised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from site_builder import programs
from site_builder.programs import PATIENCE, Answer, without_user

__all__ = ["Answer", "ask", "refusal", "without_user"]

if TYPE_CHECKING:
    from pathlib import Path

_TRUST = re.compile(r"git config --global --add safe\.directory .+")


def ask(root: Path, *words: str, patience: float = PATIENCE) -> Answer:
    """Run git in a folder. Where there is no git, no repository or no answer, it is not well."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *words]
    return programs.run(command, patience=patience)


def refusal(root: Path) -> str:
    """Say that git reads nothing of a repository that another user owns, and what to type."""
    found = _TRUST.search(ask(root, "rev-parse", "--git-dir").complaint)
    why = "git reads no repository that another user owns; if you trust this one, type"
    return f"{why} `{found[0]}`" if found else ""
