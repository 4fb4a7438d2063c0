"""One thing that `doctor` says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a remark matters, the heaviest first."""

    MEND = "mend"
    """Somebody may read what is not theirs, or pages may get lost."""
    RISK = "risk"
    """Nothing is wrong yet."""
    HOST = "host"
    """What the host cannot enforce, or is to be set there."""
    KNOW = "know"
    """Good to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is so, and what to do about it."""

    about: str
    """The topic, for scripts: it stays the same from version to version."""
    weight: Weight
    message: str
    hint: str = ""
