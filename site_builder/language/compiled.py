"""What takes long to read is read once, and kept where Python keeps compiled modules."""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

FOLDER = Path(__file__).parent / "__pycache__"


def compiled(name: str, source: str, make: Callable[[], T], folder: Path = FOLDER) -> T:
    """Return what was made of `source` before; else make it, and keep it if that is allowed.

    It is no part of `.cache/`, which CI hands from one job to the next.
    """
    path = folder / f"{name}.pickle"
    with contextlib.suppress(Exception):  # whatever is wrong with it: it is made again
        kept_source, kept = pickle.loads(path.read_bytes())  # noqa: S301 - as safe as a .pyc
        if kept_source == source:
            return kept  # type: ignore[no-any-return]
    made = make()
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            pickle.dump((source, made), file)
        Path(beside).replace(path)
    return made
