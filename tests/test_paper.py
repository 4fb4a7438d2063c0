"""A project's page as a PDF file: one sheet, nothing private, always the same."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from pypdf import PdfReader

from site_builder import paper
from site_builder.model.page import PDF_FILE
from tests.test_fonts import small_font
from tests.workspace import (
    AGENCY,
    HERON,
    OTTER,
    PINE,
    ROOT,
    TODAY,
    TOKENS,
    WORKSPACES,
    Workspace,
    copy_workspace,
    run_apart,
)

if TYPE_CHECKING:
    from pathlib import Path

LINK = "This page as PDF"
A4 = (595, 842)
LOOKED_AT = {"samples", "twelve", "sixty", "german", "rtl"}
CASES = [
    pytest.param(path.parent, id=path.parent.name, marks=() if often else pytest.mark.every)
    for path in sorted(WORKSPACES.glob("*/case.yml"))
    for often in [path.parent.name in LOOKED_AT]
]


def asked(workspace: Workspace) -> Workspace:
    """Ask for PDF files of all clients, and build."""
    workspace.edit("mkdocs.yml", "  agency:\n", "  agency:\n    pdf: true\n")
    workspace.build()
    return workspace


def papers(workspace: Workspace) -> dict[str, bytes]:
    """Read all PDF files of a site that are pages."""
    found = sorted(workspace.site.glob(f"c/*/*/{PDF_FILE}"))
    return {path.relative_to(workspace.site).as_posix(): path.read_bytes() for path in found}


def opened(content: bytes) -> PdfReader:
    """Open a PDF file."""
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """Read all words of a PDF file."""
    pages = opened(content).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The page of a project whose end has moved."""
    root = tmp_path_factory.mktemp("paper") / "agency"
    (content,) = papers(asked(copy_workspace(WORKSPACES / "moved", root))).values()
    return content


@pytest.mark.parametrize("case", CASES)
def test_a_project_is_one_sheet(case: Path, tmp_path: Path) -> None:
    """A4 for the pin board: up to 12 steps, and folded ones beyond."""
    found = papers(asked(copy_workspace(case, tmp_path / "agency")))
    for name, content in found.items():
        (page,) = opened(content).pages
        size = (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        assert size == A4, name


def test_the_old_dates_stand_on_paper(moved: bytes) -> None:
    """Beside the new ones, with the words for it."""
    text = text_of(moved)
    assert "moved to Friday 8 May 2026" in text
    assert "It was Friday 24 April" in text
    assert re.search(r"was \d+ (Mar|Apr)", text)


def test_no_button_and_no_address_stands_on_paper(moved: bytes) -> None:
    """Nothing to press, nothing that opens the page."""
    text = text_of(moved)
    for words in ("Open the texts", LINK, "Skip to the content", "All changes", "/c/", "5mzk3w7q"):
        assert words not in text


def test_links_lead_out_or_nowhere(moved: bytes) -> None:
    """Mail, phone and the web: whoever gets the file does not get the page with it."""
    found = opened(moved)
    targets = {
        note.get_object()["/A"]["/URI"] for page in found.pages for note in page.get("/Annots", [])
    }
    assert {target.partition(":")[0] for target in targets} <= {"mailto", "tel", "https"}
    assert any(target.startswith("mailto:maya@") for target in targets)


def test_the_file_says_no_more_than_the_page(moved: bytes) -> None:
    """Title and language, and what screen readers need: no program, no time, no machine."""
    found: Any = opened(moved)
    assert {**found.metadata} == {"/Title": "Progress: Your new website \u00b7 Larkfield Vets"}
    assert found.xmp_metadata is None
    root = found.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert "/ID" not in found.trailer
    parts = [found.get_object(number) for number in range(1, found.trailer["/Size"])]
    streams = b"".join(part.get_data() for part in parts if hasattr(part, "get_data"))
    for word in (b"WeasyPrint", b"file:", b"/tmp/", str(ROOT).encode(), b"5mzk3w7q2hxr"):
        assert word.lower() not in (moved + streams).lower()


def test_the_same_files_make_the_same_paper(workspace: Workspace, tmp_path: Path) -> None:
    """In another process, in another folder, at another time."""
    before = papers(asked(workspace))
    assert len(before) == 2
    away = str(tmp_path / "elsewhere")
    again = ["build", "--no-cache", "--today", TODAY, "--site-dir", away]
    assert run_apart(workspace.root, *again, PYTHONHASHSEED="7").code == 0
    for name, content in before.items():
        assert (tmp_path / "elsewhere" / name).read_bytes() == content


def test_the_page_leads_to_its_paper(workspace: Workspace) -> None:
    """Quietly, from the client's address and from the project's own."""
    asked(workspace)
    for address, href in (("", f"shop/{PDF_FILE}"), ("shop/", PDF_FILE)):
        page = workspace.page(OTTER, address)
        assert f'<a href="{href}" type="application/pdf">{LINK}</a>' in page


def test_only_who_asks_gets_paper(workspace: Workspace) -> None:
    """A client's own word wins over the agency's."""
    workspace.add_client(HERON)
    assert workspace.build().code == 0
    assert not papers(workspace)
    assert LINK not in workspace.page(OTTER)
    asked(workspace)
    assert len(papers(workspace)) == 3
    workspace.edit(f"projects/{PINE}/client.yml", "links:", "pdf: false\nlinks:")
    workspace.edit("mkdocs.yml", "    pdf: true\n", "")
    workspace.edit(f"projects/{OTTER}/client.yml", "links:", "pdf: true\nlinks:")
    assert workspace.build().code == 0
    assert list(papers(workspace)) == [f"c/{TOKENS[OTTER]}/shop/{PDF_FILE}"]


LACKS = {
    "raise ImportError": "WeasyPrint is not installed",
    "raise OSError": "WeasyPrint does not find Pango, the system's library that sets text",
}


@pytest.mark.parametrize("asking", ["mkdocs.yml", f"projects/{OTTER}/client.yml"])
@pytest.mark.parametrize("lack", LACKS)
def test_what_is_missing_is_said_and_stops_nothing(
    workspace: Workspace, tmp_path: Path, lack: str, asking: str
) -> None:
    """A page without the link; once the library is there, the file is."""
    is_one = asking != "mkdocs.yml"
    old, new = (
        ("links:", "pdf: true\nlinks:") if is_one else ("  agency:", "  agency:\n    pdf: true")
    )
    workspace.edit(asking, old, new)
    (tmp_path / "lacking" / "weasyprint").mkdir(parents=True)
    (tmp_path / "lacking" / "weasyprint" / "__init__.py").write_text(lack, "utf-8")
    bare = {"PYTHONPATH": f"{tmp_path / 'lacking'}:{ROOT}"}
    command = ["build", "--today", TODAY]
    for _ in range(2):
        ran = run_apart(workspace.root, *command, **bare)
        assert ran.code == 0
        words = f"warning: no PDF file is made: {LACKS[lack]} [no-pdf]"
        assert ran.output.count(words) == 1
        assert "pip install 'site-builder[pdf]'" in ran.output
        assert LINK not in workspace.page(OTTER)
        assert not papers(workspace)
    assert workspace.build().code == 0
    assert len(papers(workspace)) == (1 if is_one else 2)


def test_paper_has_the_agencys_font(workspace: Workspace) -> None:
    """Letters that the page brings along, not those of the machine."""
    workspace.write("mkdocs.yml", f"{AGENCY}    fonts: {{text: brand/text.woff2}}\n")
    letters = "".join(map(chr, range(32, 127)))
    workspace.write("brand/text.woff2", small_font(letters))
    content = papers(asked(workspace))[f"c/{TOKENS[OTTER]}/shop/{PDF_FILE}"]
    page: Any = opened(content).pages[0]
    fonts = page["/Resources"]["/Font"].values()
    assert any("Own-text" in font.get_object()["/BaseFont"] for font in fonts)


@pytest.mark.parametrize("where", ["file://{}/secret.png", "https://pictures.example/secret.png"])
def test_nothing_is_fetched(tmp_path: Path, where: str) -> None:
    """Only the shared files are there: no file of the machine, no other host."""
    assert paper.missing() == ""
    (tmp_path / "assets").mkdir()
    for folder in (tmp_path, tmp_path / "assets"):
        Image.new("RGB", (40, 40), "red").save(folder / "known.png")
    Image.new("RGB", (40, 40), "red").save(tmp_path / "secret.png")
    html = '<html><head><title>A</title></head><body><img src="{}"></body></html>'
    ours = paper.draw(html.format("../assets/known.png"), "", tmp_path / "assets")
    assert opened(ours).pages[0].images
    theirs = paper.draw(html.format(where.format(tmp_path)), "", tmp_path / "assets")
    assert not opened(theirs).pages[0].images
