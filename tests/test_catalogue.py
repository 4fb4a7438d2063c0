"""Every word of ours goes through the catalogue, and the catalogue knows every word."""

from __future__ import annotations

import datetime
import gettext
import html
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from site_builder.language import Language, load_language
from site_builder.model.page import Assets
from site_builder.pages.site import plan
from site_builder.render import load_theme, render
from site_builder.workspace import ReadOptions, open_workspace, own_theme, read

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "site_builder" / "locale" / "messages.pot"
TODAY = datetime.date(2026, 3, 2)
OPEN, CLOSE = "\u27e6", "\u27e7"
ASSETS = Assets(
    folder="assets/0/",
    brand="b.css",
    icon="i.svg",
    touch_icon="",
    logo="",
    colour_light="000000",
    colour_dark="ffffff",
)


class Bracketed(gettext.NullTranslations):
    """A language whose every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        """Put one sentence in brackets; a date pattern only gets quoted brackets."""
        if re.fullmatch(r"[EdMy\u00a0 ]+", message):
            return f"'{OPEN}'{message}'{CLOSE}'"
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Put a counted sentence in brackets."""
        return f"{OPEN}{super().ngettext(msgid1, msgid2, n)}{CLOSE}"


def without_brackets(text: str) -> str:
    """Remove everything in brackets, brackets in brackets too."""
    depth, kept = 0, []
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        if depth == 0 and character != CLOSE:
            kept.append(character)
    return "".join(kept)


@pytest.fixture(scope="module")
def bracketed() -> Language:
    """English with every word of ours marked."""
    return replace(load_language("en"), _catalogue=Bracketed())


@pytest.mark.parametrize("client", ["larkfield-vets", "brightwater-dental", "harrowby-council"])
def test_no_word_of_ours_bypasses_the_catalogue(client: str, bracketed: Language) -> None:
    """What stands outside of translated sentences is the author's, word by word."""
    workspace = open_workspace(ROOT / "mkdocs.yml")
    found = read(workspace, client, ReadOptions(today=TODAY))
    assert found.client
    folder = ROOT / "projects" / client
    written = " ".join(
        path.read_text("utf-8")
        for path in [*folder.rglob("*.yml"), *folder.rglob("*.md"), ROOT / "mkdocs.yml"]
    )
    authors = set(re.findall(r"\w+", written))
    theme = load_theme([own_theme()])
    for page in plan(found.client, found.roadmaps, bracketed, ASSETS, {}):
        main = str(render(page, theme).main)
        spoken = " ".join(re.findall(r'aria-label="([^"]*)"', main))
        text = html.unescape(re.sub(r"<[^>]+>", " ", main) + " " + spoken)
        ours = [word for word in re.findall(r"\w+", without_brackets(text)) if word not in authors]
        # What remains are numbers and the kinds of files.
        assert [word for word in ours if not re.fullmatch(r"\d+|PDF|CSV|PNG|JPG", word)] == [], (
            page.address
        )


def test_the_documents_say_nothing_of_their_own() -> None:
    """The templates around the pages hold no English outside of `_( )`."""
    for template in own_theme().glob("*.html"):
        source = template.read_text("utf-8")
        plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
        text = re.sub(r'<[^>]*>|\w+="[^"]*"', " ", plain)
        assert re.findall(r"[A-Za-z]{2,}", text) == [], template.name


def test_the_catalogue_is_up_to_date(tmp_path: Path) -> None:
    """`make messages` would change nothing."""
    fresh = tmp_path / "messages.pot"
    command = [
        "extract",
        "--quiet",
        "--no-default-keywords",
        "-k",
        "_",
        "-k",
        "say",
        "-k",
        "mark",
        "-k",
        "plural:1,2",
        "-k",
        "dated:2",
    ]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "--quiet",
        *command[:1],
        *command[2:],
    ]
    subprocess.run(
        [
            *command,
            "--mapping-file=pyproject.toml",
            f"--output-file={fresh}",
            "site_builder",
            "theme",
        ],
        cwd=ROOT,
        check=True,
    )

    def ids(path: Path) -> set[object]:
        with path.open("rb") as file:
            return {message.id for message in read_po(file)}

    assert ids(fresh) == ids(CATALOGUE)
