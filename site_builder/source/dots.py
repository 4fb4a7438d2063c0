"""Lines of client.yml without their values: people write the words of a sealed page there."""

from __future__ import annotations

import re

CLIENT_FILE = "client.yml"
DOT = "\u2022"
_BEGIN = re.compile(r"""[\s\ufeff]*(?:-\s+)*(?:["']?[\w-]+["']?\s*:)?""")
_SIGNS = r"""\s:{}\[\],"'#%@`&*!|>?"""
_PIECE = re.compile(rf"[^{_SIGNS}](?:[^{_SIGNS.removeprefix(chr(92) + 's')}\n]*[^{_SIGNS}])?")


def dotted(line: str) -> str:
    """Dot out all text but a key of one word; signs of YAML and the length stay as they were."""
    begin = _BEGIN.match(line)
    end = begin.end() if begin else 0

    def covered(piece: re.Match[str]) -> str:
        text = piece.group()
        return DOT * len(text) if any(map(str.isalnum, text)) else text

    return line[:end] + _PIECE.sub(covered, line[end:])
