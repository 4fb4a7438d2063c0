"""A letter as an e-mail that programs open as a draft. The only module that imports css_inline.

No sender, recipient, date or number of a message stands in it: the program that sends it writes
them, and the same letter gives the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib.util
from email import policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from site_builder.messages.block import Letter

MAX_BYTES = 60 * 1024
"""Larger mails are cut off by some programs."""
INSTALL = "install it with: pip install 'site-builder[mail]'"
_BOUNDARY = 24


def missing() -> str:
    """Say what is missing on this machine to write e-mails; empty if nothing is."""
    return "" if importlib.util.find_spec("css_inline") else "the package css-inline is missing"


def inlined(page: str) -> str:
    """Write the styles of a page into its elements: many mail programs read no others."""
    import css_inline

    # What depends on the screen stays in the head; nothing is ever loaded.
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(page)


def as_mail(letter: Letter, text: str, page: str) -> bytes:
    """Write the draft: plain text and HTML, in a form that every program reads."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = letter.subject
    message["X-Unsent"] = "1"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language.code
    # Left alone, the boundary would be another one each time.
    message.set_boundary("=_" + hashlib.sha256((text + page).encode()).hexdigest()[:_BOUNDARY])
    return message.as_bytes()
