"""Each bad input that the contract names: its own rule, its place, quickly, and without secrets."""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from site_builder.parse.limits import MAX_TEXT, excess
from site_builder.render import to_html
from tests.test_problems import (
    BODY,
    CLIENT_FILE,
    MILESTONE,
    PROJECT,
    PROJECT_FILE,
    TOKEN,
    UPDATE,
    check,
    make,
    problems,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 2
MEGABYTES = 300
HALF_TOKEN = TOKEN[:13]
KEY = "x7Gk2PqLw9ZtRb4NvYc8JdMf6HsAe3Uo5TiXg1QnWlE"
WORDS = "garden velvet copper thunder meadow lantern"
CLIENT = f"name: Larkfield Vets\nlinks:\n  everyone: {TOKEN}\n"
HEAD = "title: Your new website\nstarts: 2026-01-05\n"
GOALS = f"{PROJECT}/files/goals.pdf"
PICTURE = f"{PROJECT}/files/home-idea.png"
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefghijklmn", "bcdefghijklmno", strict=True)
)
"""672 bytes that cost a plain loader of YAML 14 seconds."""


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad input: where it stands, what is said about it, and at which place."""

    file: str
    content: str | bytes
    rule: str
    line: int
    column: int


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(3 * width + 1) * min(height, 60), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _half_a_photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 90).save(out, "JPEG")
    return out.getvalue()[: out.tell() // 2]


CASES: Mapping[str, Bad] = {
    # YAML, as format.md lists it
    "duplicate key": Bad(CLIENT_FILE, f"{CLIENT}name: Again\n", "duplicate-key", 4, 1),
    "anchor": Bad(PROJECT_FILE, f"{HEAD}finish: &a Launch\n", "yaml-anchor", 3, 9),
    "alias": Bad(PROJECT_FILE, f"{HEAD}finish: *a\n", "yaml-alias", 3, 9),
    "merge key": Bad(PROJECT_FILE, f"{HEAD}<<: {{finish: Launch}}\n", "yaml-merge", 3, 1),
    "672 bytes of merge keys": Bad(PROJECT_FILE, MERGES[:672], "yaml-anchor", 1, 4),
    "tag": Bad(PROJECT_FILE, f"{HEAD}finish: !!str Launch\n", "yaml-tag", 3, 9),
    "tag that runs": Bad(
        PROJECT_FILE, f"{HEAD}finish: !!python/object/apply:os.system [id]\n", "yaml-tag", 3, 9
    ),
    "several documents": Bad(PROJECT_FILE, f"{HEAD}---\na: b\n", "yaml-documents", 3, 1),
    "nesting beyond 20": Bad(
        PROJECT_FILE, f"{HEAD}team: {'[' * 30}{']' * 30}\n", "yaml-depth", 3, 27
    ),
    "nesting without end": Bad(PROJECT_FILE, "[" * 200_000, "yaml-depth", 1, 22),
    "a file beyond 256 KiB": Bad(PROJECT_FILE, HEAD + "#" * 300_000, "file-size", 1, 1),
    "not UTF-8": Bad(PROJECT_FILE, HEAD.encode() + b"finish: \xff\n", "encoding", 3, 9),
    "NUL": Bad(PROJECT_FILE, f"{HEAD}finish: a\0b\n", "nul", 3, 10),
    "control character": Bad(PROJECT_FILE, f"{HEAD}finish: a\x1bb\n", "control-character", 3, 10),
    "tab": Bad(PROJECT_FILE, f"{HEAD}team:\n\t- name: Tom\n", "yaml-tab", 4, 1),
    "merge-conflict marks": Bad(
        PROJECT_FILE, f"{HEAD}<<<<<<< HEAD\nfinish: a\n", "merge-conflict", 3, 1
    ),
    "colon in a title": Bad(
        PROJECT_FILE, "title: New: the site\nstarts: 2026-01-05\n", "yaml-colon", 1, 11
    ),
    "typographic quotes": Bad(
        PROJECT_FILE, f"{HEAD}finish: \u201cLaunch\u201d\n", "typographic-quotes", 3, 9
    ),
    "a date with slashes": Bad(PROJECT_FILE, "title: a\nstarts: 6/3/2026\n", "date", 2, 9),
    "a day that is none": Bad(PROJECT_FILE, "title: a\nstarts: 2026-02-30\n", "date", 2, 9),
    "a number for a date": Bad(PROJECT_FILE, "title: a\nstarts: 20260105\n", "date", 2, 9),
    "an unknown key": Bad(PROJECT_FILE, f"{HEAD}finnish: Launch\n", "unknown-key", 3, 1),
    "front matter that is none": Bad(MILESTONE, "---\nlabel: [a\n---\n", "yaml-syntax", 2, 1),
    "one huge value": Bad(PROJECT_FILE, f"{HEAD}colour: {'a' * 200_000}\n", "unknown-key", 3, 1),
    # Markdown that could stop a build
    "open brackets": Bad(UPDATE, "[" * 60_000, "text-shape", 1, 101),
    "pictures that never end": Bad(UPDATE, "![a](" * 9_000, "text-shape", 1, 505),
    "tags that never end": Bad(UPDATE, "<a " * 9_000, "text-shape", 1, 301),
    "quotes in quotes": Bad(UPDATE, f"A note\n\n{'> ' * 300}a", "text-shape", 3, 1),
    "lists in lists": Bad(UPDATE, f"A note\n\n{'1. ' * 300}a", "text-shape", 3, 1),
    "lists far to the right": Bad(
        UPDATE, "A note\n\n" + "".join(f"{'    ' * n}- a\n" for n in range(60)), "text-shape", 28, 1
    ),
    "headings without end": Bad(UPDATE, "A note\n\n" + "# a\n" * 9_000, "text-shape", 3, 1),
    "footnotes without end": Bad(UPDATE, "A note\n" + "\n[^a]: b\n" * 300, "text-shape", 403, 1),
    "a table without end": Bad(
        UPDATE, "A note\n\n|a|b|\n|-|-|\n" + "|c|d|\n" * 900, "text-shape", 3, 1
    ),
    "a book": Bad(UPDATE, "A sentence of words. " * 9_000, "text-size", 1, 1),
    "nested answers": Bad(MILESTONE, f"{BODY}{'> ' * 300}a", "text-shape", 6, 1),
    # Pictures, drawings and files
    "a picture of 2,500 megapixels": Bad(PICTURE, _png(50_000, 50_000), "picture", 3, 64),
    "a picture of 41 megapixels": Bad(PICTURE, _png(8_200, 5_000), "picture", 3, 64),
    "half a picture": Bad(PICTURE.replace(".png", ".jpg"), _half_a_photo(), "picture", 3, 64),
    "a picture that is a script": Bad(PICTURE, "#!/bin/sh\n", "picture", 3, 64),
    "a picture of another kind": Bad(PICTURE, b"GIF89a" + bytes(40), "picture", 3, 64),
    "a narrow picture": Bad(PICTURE, _png(1200, 60), "picture", 3, 64),
    "a document that is a page": Bad(
        GOALS, "<!doctype html><script>alert(1)</script>", "file-content", 8, 11
    ),
    "a document that is empty": Bad(GOALS, "", "file-content", 8, 11),
    "a document that is a program": Bad(GOALS, b"MZ\x90\0", "file-content", 8, 11),
    "a name that turns around": Bad(
        f"{PROJECT}/files/a\u202efdp.zip", "PK", "invisible-character", 1, 1
    ),
    # Secrets
    "a passphrase in YAML": Bad(CLIENT_FILE, f"{CLIENT}passphrase: {WORDS}\n", "", 4, 1),
    **{
        f"a passphrase in YAML: {line}": Bad(CLIENT_FILE, f"{CLIENT}{line} {WORDS}\n", "", 4, 1)
        for line in (
            *(
                "protection: passphrase:",
                "protection:",
                "protection: sealed,",
                "passphrase",
                "passphrase:words:",
            ),
            *("words:", "six words:", "pass phrase:", "codewords:", "larkfield-vets:", "", "-"),
            *("my page opens with", "words: {", "protection: [a", "@"),
        )
    },
    **{
        f"a passphrase in project.yml: {line}": Bad(
            PROJECT_FILE, f"title: Your new website\n{line} {WORDS}\nstarts: 2026-01-05\n", "", 2, 1
        )
        for line in ("words:", "passphrase:", "six words:", "passphrase: words:", "pass phrase:")
    },
    "a passphrase under a key that is there": Bad(
        CLIENT_FILE, f"{CLIENT}pdf: true\n  {WORDS}\nwords: {WORDS}: {WORDS}\n", "", 4, 1
    ),
    "a passphrase as a key": Bad(CLIENT_FILE, f"{CLIENT}{WORDS}: a\n", "unknown-key", 4, 1),
    "a key in YAML": Bad(CLIENT_FILE, f"{CLIENT}key: {KEY}\n", "unknown-key", 4, 1),
    "half a link": Bad(
        CLIENT_FILE, f"name: a\nlinks:\n  everyone: {HALF_TOKEN}\n", "link-token", 3, 13
    ),
    "a link twice": Bad(CLIENT_FILE, f"{CLIENT}  board: {TOKEN}\n", "shared-link", 4, 10),
    "a link in a wrong place": Bad(CLIENT_FILE, f"{CLIENT}language: {TOKEN}\n", "language", 4, 11),
}


def put(bad: Bad, root: Path) -> None:
    """Write the good workspace with one bad input in it."""
    make({}, root)
    path = root / bad.file
    path.write_bytes(bad.content.encode() if isinstance(bad.content, str) else bad.content)
    if path.suffix == ".jpg":
        text = (root / UPDATE).read_text("utf-8").replace("home-idea.png", "home-idea.jpg")
        (root / UPDATE).write_text(text, "utf-8")


@pytest.mark.parametrize("name", CASES)
def test_each_bad_input_has_its_rule_and_its_place(name: str, tmp_path: Path) -> None:
    """In less than two seconds, and whatever is secret about it is not repeated."""
    bad = CASES[name]
    put(bad, tmp_path)
    begun = time.process_time()
    found = problems(tmp_path)
    assert time.process_time() - begun < SECONDS
    errors = [
        (each["rule"], each["line"], each["column"])
        for each in found
        if each["severity"] == "error"
    ]
    if bad.rule:
        assert (bad.rule, bad.line, bad.column) in errors, errors
    assert errors
    assert all(each["message"] and each["hint"] for each in found)
    for form in ("text", "json", "github"):
        said = check(tmp_path, "--format", form).output
        for secret in (TOKEN, HALF_TOKEN, KEY, WORDS, *WORDS.split()):
            assert secret not in said, form


PIECES = (
    *("[", "![", "[a](", "[a][", "![a](b", "<a ", "<b>", "`` ` ", "*", "**", "_a", "a_b_", "***a***b"),
    *("> ", "1. ", "  - a\n", "- [ ] a\n", "# a\n", "a\n: b\n", "|a|b|\n|-|-|\n", "```\n", "<div>\n"),
    *("??? a\n", "!!! note\n    ", "*[a]: b\n", "[^1]", "&#1;", "\\"),
)  # fmt: skip
"""What costs much where reading is careless."""


def _largest(piece: str) -> str:
    """Repeat a piece as often as the limits allow: in one block, and then in blocks like it."""
    low, high = 1, MAX_TEXT // len(piece)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (low, middle - 1) if excess(piece * middle) else (middle, high)
    block = piece * low
    whole = "\n\n".join([block] * (MAX_TEXT // (len(block) + 2) or 1))
    return block if excess(whole) else whole


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_that_passes_takes_for_ever(piece: str) -> None:
    """Whatever is within the limits is made HTML of in a moment, and never nests too deep."""
    text = _largest(piece)
    begun = time.process_time()
    to_html(text, "next", None)
    assert time.process_time() - begun < 2 * SECONDS  # of a machine that is busy


PEAK = """
from pathlib import Path
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
"""Print the most memory that this process ever held, in megabytes."""
MEASURE = f"""
import json, sys
from click.testing import CliRunner
from site_builder.cli import cli
import os
for root in json.loads(sys.stdin.read()):
    os.chdir(root)
    CliRunner().invoke(cli, ["check", "--today", "2026-03-02"], catch_exceptions=False)
    CliRunner().invoke(cli, ["build", "--today", "2026-03-02", "--no-cache"], catch_exceptions=False)
{PEAK}"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_no_bad_input_takes_much_memory(tmp_path: Path) -> None:
    """One process that checks and builds all of them, one after the other, stays below 300 MB."""
    import subprocess

    roots = []
    for number, bad in enumerate(CASES.values()):
        root = tmp_path / str(number)
        put(bad, root)
        roots.append(str(root))
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(roots),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert int(ran.stdout) < MEGABYTES


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_a_picture_at_the_limit_takes_little_memory(tmp_path: Path) -> None:
    """Nor does the largest picture that is allowed, with its copies."""
    import subprocess

    Image.new("RGB", (8000, 5000), "teal").save(tmp_path / "a.jpg", quality=20)
    code = (
        "import sys; from pathlib import Path; from site_builder import pictures\n"
        "pictures.verify(Path(sys.argv[1])); pictures.shown_copies(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", code + PEAK, str(tmp_path / "a.jpg")]
    ran: Any = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < MEGABYTES
