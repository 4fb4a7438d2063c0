"""git: what it says comes back as a value, and nothing is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder import programs
from site_builder.programs import PATIENCE, Answer, without_user

__all__ = ["Answer", "ask", "without_user"]

if TYPE_CHECKING:
    from pathlib import Path


def ask(root: Path, *words: str, patience: float = PATIENCE) -> Answer:
    """Run git in a folder. Where there is no git, no repository or no answer, it is not well."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *words]
    return programs.run(command, patience=patience)
