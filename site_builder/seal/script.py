"""The one script of sealed pages, and what a shell says about it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

NAME = "open.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script in a folder of shared files that is named after its content."""

    content: bytes

    @property
    def folder(self) -> str:
        """The folder from the site's root, with a slash at the end."""
        return f"assets/{hashlib.sha256(self.content).hexdigest()[:16]}/"

    @property
    def integrity(self) -> str:
        """What browsers hold the script against before it runs."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.content).digest()).decode()}"


def read_script() -> Script:
    """Read the script that comes with the program; an agency's theme cannot change it."""
    return Script(content=Path(__file__).with_name(NAME).read_bytes())
