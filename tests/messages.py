"""Every kind of message, drafted from the workspaces of the tests: to read and to look at."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email import policy
from typing import TYPE_CHECKING

import yaml

from tests.workspace import WORKSPACES, copy_workspace

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

BASE = "https://progress.northlight.example"
KINDS = {
    "samples": "several clients in the middle, one of them at its end",
    "alldone": "everything is finished",
    "german": "in German",
    "rtl": "in Arabic",
    "hostile": "every text tries to be markup",
    "moved": "the end has moved",
    "paused": "the project rests",
    "risk": "a date is at risk",
    "late": "a step takes longer",
    "retainer": "a service without an end",
    "two-projects": "two projects of one client",
    "dayone": "the first day",
    "notstarted": "before the start",
    "one": "a single step",
    "sixty": "sixty steps",
    "planned": "nothing is finished yet",
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """One message as it was drafted."""

    client: str
    folder: Path
    root: Path

    @property
    def raw(self) -> bytes:
        """The file that a mail program opens."""
        return (self.folder / "message.eml").read_bytes()

    @property
    def mail(self) -> EmailMessage:
        """The mail as a program reads it."""
        return email.message_from_bytes(self.raw, policy=policy.default)

    def body(self, kind: str) -> str:
        """Read the part of the mail that is plain or html."""
        part = self.mail.get_body((kind,))
        assert part
        return str(part.get_content()).replace("\r\n", "\n")

    def read(self, name: str) -> str:
        """Read a file of the draft."""
        return (self.folder / name).read_text("utf-8")


def draft_all(kind: str, root: Path, *words: str) -> list[Drafted]:
    """Draft the messages of all clients of a workspace."""
    case = WORKSPACES / kind
    workspace = copy_workspace(case, root)
    settings = (root / "mkdocs.yml").read_text("utf-8")
    settings = re.sub(r"^ *#? *base_url:.*\n", "", settings, flags=re.MULTILINE)
    settings = re.sub(
        r"^  agency:\n", f"  agency:\n    base_url: {BASE}\n", settings, flags=re.MULTILINE
    )
    workspace.write("mkdocs.yml", settings)
    today = str(yaml.safe_load((case / "case.yml").read_text("utf-8"))["today"])
    ran = workspace.run("announce", "--all", "--today", today, *words)
    assert ran.code in {0, 3}, ran.output
    return [
        Drafted(path.parent.name, path.parent, root)
        for path in sorted((root / "announcements").glob("*/message.eml"))
    ]
