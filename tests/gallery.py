"""The gallery of the handbook: every situation as a live page, and the page that lists them.

`python -m tests.gallery PAGE.md` writes the list, `python -m tests.gallery FOLDER` the live pages.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from tests.browser.serve import build_site
from tests.browser.situations import EVERY, Situation
from tests.workspace import ROOT, WORKSPACES, tokens_of

HEAD = """\
# Gallery

Every situation that a client's page can be in, as a live page. The samples are the workspaces in `tests/workspaces/`,
and the tests in the browser look at the same ones: on four sizes of screens, light and dark, on paper, with the
keyboard alone.

The links below lead to pages that `make handbook` builds into `build/handbook/gallery/`, beside this handbook; then

```sh
python3 -m http.server --directory build/handbook
```

shows both at <http://localhost:8000/gallery/>. Make the window narrow, turn the system to dark, print a page.
"""
KINDS = {
    "project": "## The client's page",
    "inside": "## Pages inside",
    "offering": "## Pages of offerings",
    "neutral": "## Pages without a client",
}


def _kind(situation: Situation) -> str:
    if situation.is_neutral:
        return "neutral"
    if situation.client.startswith("_"):
        return "offering"
    return "inside" if situation.page else "project"


def _folder(situation: Situation) -> str:
    """Name the folder of the site that a situation stands in."""
    return "-".join(filter(None, (situation.case, situation.today)))


def _address(situation: Situation, tokens: dict[str, str]) -> str:
    client = f"c/{tokens[situation.client]}/" if situation.client else ""
    return f"{_folder(situation)}/{client}{situation.page}"


def gallery() -> str:
    """Write the page: what MkDocs takes for Markdown links it would look for, so they are HTML."""
    parts = [HEAD]
    for kind, found in groupby(sorted(EVERY, key=lambda one: list(KINDS).index(_kind(one))), _kind):
        lines = []
        for situation in found:
            given = WORKSPACES / situation.case / "workspace"
            tokens = tokens_of(given if given.is_dir() else ROOT)
            link = f'<a href="{_address(situation, tokens)}">{situation.name}</a>'
            lines.append(f"- {link}: {situation.what}\n")
        parts.append(f"{KINDS[kind]}\n\n{''.join(lines)}")
    return "\n".join(parts)


def build(folder: Path) -> None:
    """Build each case of the situations into the folder."""
    for situation in {_folder(one): one for one in EVERY}.values():
        with tempfile.TemporaryDirectory() as root:
            built = build_site(situation.case, Path(root) / "agency", situation.today)
            target = folder / _folder(situation)
            shutil.copytree(built.folder, target, dirs_exist_ok=True)
        # It finds its style from the site's root, which stands deeper here.
        page = target / "404.html"
        page.write_text(page.read_text("utf-8").replace('"/assets/', '"assets/'), "utf-8")


def main(target: Path) -> None:
    """Write the page, or the samples."""
    if target.suffix == ".md":
        target.write_text(gallery(), "utf-8")
    else:
        build(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
