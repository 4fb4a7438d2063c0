"""What is published, seen from outside: whether every page that is there finds what it needs.

And two states of the same clients to publish one after the other, with all that can change.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import subprocess
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PIL import Image

from tests.workspace import HERON, OTTER, PINE, ROOT, TOKENS, Workspace, small_workspace, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MARK = ".site-builder"
NEW_LINK = "pinetwopinetwopinetwopinet"
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_IN_SHEETS = re.compile(r"url\(['\"]?([^'\")]+)")


class _Links(HTMLParser):
    """Collects the addresses that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - of the library
        """Take what the browser loads, and where a reader may go."""
        known = dict(attrs)
        self.found += [link for key in ("href", "src") if (link := known.get(key))]


def needs_of(way: str, content: bytes) -> Iterator[str]:
    """Name the files of the same site that a page or a stylesheet leads to or loads."""
    text = content.decode("utf-8", "replace")
    if way.endswith(".css"):
        found = _IN_SHEETS.findall(text)
    else:
        parser = _Links()
        parser.feed(text)
        found = parser.found
    for link in found:
        if not _ELSEWHERE.match(link):
            bare = unquote(link.partition("#")[0].partition("?")[0])
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(way), bare))
            is_folder = bare.endswith(("/", ".")) or target == "/"
            yield posixpath.join(target, "index.html" if is_folder else "").strip("/")


def broken(site: Mapping[str, bytes]) -> list[str]:
    """Say what readers would miss.

    Every page that is there must find its stylesheets, pictures and files, whoever knows its
    address; and from each client's first page on, every page must be there.
    """
    needs = {
        way: set(needs_of(way, content))
        for way, content in site.items()
        if way.endswith((".html", ".css"))
    }
    missing = {
        f"{way} lacks {need}"
        for way, each in needs.items()
        for need in each
        if not need.endswith(".html") and need not in site
    }
    ways_in = [way for way in needs if re.fullmatch(r"c/[^/]+/index\.html|index\.html", way)]
    seen, waiting = set(ways_in), ways_in
    while waiting:
        way = waiting.pop()
        for need in needs.get(way, ()):
            if need not in site:
                missing.add(f"{way} leads to {need}")
            elif need not in seen:
                seen.add(need)
                waiting.append(need)
    return sorted(missing)


def picture(colour: str) -> bytes:
    """Draw a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class States:
    """The same clients before and after a busy day, both built."""

    old: Workspace
    new: Workspace


def make_states(folder: Path) -> States:
    """Make two states of three clients.

    Everything that can change does: the look, words, a picture under the same name, a file; a step
    comes, a step goes, and with it its picture; one client's link is taken back and made anew, one
    client leaves.
    """
    states = []
    for name in ("old", "new"):
        made = small_workspace(folder / name, OTTER, PINE, HERON)
        is_new = name == "new"
        colour = "#aa3366" if is_new else "#0b5a6b"
        made.edit("mkdocs.yml", "    contact:", f'    colour: "{colour}"\n    contact:')
        for client in (OTTER, PINE, HERON):
            shop = f"projects/{client}/shop"
            made.write(f"{shop}/files/counter.png", picture("red" if is_new else "blue"))
            which = "gifts" if is_new else "cellar"
            made.write(f"{shop}/files/{which}.png", picture("green"))
            made.write(f"{shop}/files/{which} à la carte.csv", f"item,price\n{which},1\n")
            made.write(
                f"{shop}/milestones/03-{which}.md",
                f"---\nlabel: The {which}\nfiles:\n  - title: All prices\n"
                f"    file: files/{which} à la carte.csv\n---\n"
                f"## Why it matters\nReaders see the {which} at home.\n\n"
                f"![Shelves of the {which}](files/{which}.png)\n\n"
                "![The counter](files/counter.png)\n",
            )
        if is_new:
            step = f"projects/{OTTER}/shop/milestones/02-open.md"
            made.edit(step, "Readers order from home.", "Readers order from everywhere.")
            made.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], NEW_LINK)
            made.remove(f"projects/{HERON}")
        ran = made.build()
        assert ran.code == 0, ran.output
        assert broken(tree(made.site)) == []
        states.append(made)
    return States(*states)


_KILLED = """\
import os, signal, sys
from site_builder import programs
from site_builder.cli import cli

run, left = programs.run, int(sys.argv.pop(1))

def counted(command, **more):
    global left
    answer = run(command, **more)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

programs.run = counted
cli()
"""


def killed_after(number: int, folder: Path, *words: str) -> int:
    """Run a command that is killed after so many calls of another program; return how it ended."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(number), *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode
