"""The site that comes out: its layout, its links, its weight, and what may never stand in it."""

from __future__ import annotations

import datetime
import gzip
import io
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
import yaml
from PIL import Image

from site_builder.build import Fate, build
from site_builder.publish.hosts import HEADERS_FILE, host_files
from site_builder.publish.site import POLICY
from site_builder.workspace import ReadOptions, open_workspace
from tests.workspace import (
    DONE,
    NAMES,
    OTTER,
    PINE,
    ROOT,
    TODAY,
    TOKENS,
    WORKSPACES,
    Workspace,
    copy_workspace,
    run_apart,
    tokens_of,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POST = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
NOTE = f"projects/{OTTER}/shop/updates/2026-02-25-first-drafts.md"
FILES = f"projects/{OTTER}/shop/files"
PDF = b"%PDF-1.4 a few goals"


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A project with a name that MkDocs would leave out, files with odd names; built once."""
    made = copy_workspace(WORKSPACES / "two-projects", tmp_path_factory.mktemp("odd") / "agency")
    client = made.root / "projects" / "larkfield-vets"
    (client / "spring-campaign").rename(client / "templates")
    step = next((client / "templates" / "milestones").iterdir())
    names = ["100% & #1 goals?.pdf", "ärzte und käse.pdf", ".hidden.pdf", "templates/a b.pdf"]
    listed = "\n".join(f'  - {{title: A file, file: "files/{name}"}}' for name in names)
    text = step.read_text("utf-8")
    step.write_text(text.replace("---\n", f"---\nfiles:\n{listed}\n", 1), "utf-8")
    for name in names:
        made.write(f"projects/larkfield-vets/templates/files/{name}", PDF)
    ran = made.build()
    assert ran.code == 0, ran.output
    return made


@pytest.fixture(params=["samples", "hostile", "odd"])
def built(request: pytest.FixtureRequest) -> Workspace:
    """Each of the workspaces that are built once."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Workspace)
    return found


def pages(site: Path) -> Iterator[tuple[str, str]]:
    """Read every page of a site, with its way from the site's root."""
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text("utf-8")


# --- What there is ---


def test_the_site_has_the_layout_of_the_handbook(workspace: Workspace) -> None:
    """One folder a client under its token; shared files beside; nothing else."""
    workspace.write(f"{FILES}/goals.pdf", PDF)
    workspace.edit(POST, "done: ", "files: [{title: Goals, file: files/goals.pdf}]\ndone: ")
    assert workspace.build().code == 0
    found = {re.sub(r"assets/[0-9a-f]{16}", "assets/HASH", name) for name in tree(workspace.site)}
    shop = ("", "changes/", "goals-agreed/", "open/", "start/")
    clients = {
        f"c/{TOKENS[client]}/{name}"
        for client in (OTTER, PINE)
        for name in (
            "index.html",
            "calendar.ics",
            "progress.json",
            *(f"shop/{step}index.html" for step in shop),
        )
    }
    assert found == clients | {
        f"c/{TOKENS[OTTER]}/shop/files/goals.pdf",
        f"c/{TOKENS[OTTER]}/shop/files/index.html",
        ".site-builder",
        "404.html",
        "_headers",
        "assets/HASH/brand-3b4252.css",
        "assets/HASH/icon-3b4252-180.png",
        "assets/HASH/icon-3b4252.svg",
        "assets/HASH/index.html",
        "assets/HASH/more.css",
        "assets/HASH/progress.css",
        "assets/HASH/shell.css",
        "assets/index.html",
        "c/index.html",
        "index.html",
    }


def test_every_folder_has_an_index_page(built: Workspace) -> None:
    """So that no server lists what is inside."""
    folders = [built.site, *(path for path in built.site.rglob("*") if path.is_dir())]
    assert not [folder for folder in folders if not (folder / "index.html").is_file()]


def test_what_mkdocs_would_leave_out_is_published(odd: Workspace) -> None:
    """Folders named `templates` and names that begin with a dot are files like all others."""
    folder = odd.site / "c" / tokens_of(odd.root)["larkfield-vets"] / "templates"
    assert (folder / "index.html").is_file()
    assert (folder / "files" / ".hidden.pdf").read_bytes() == PDF
    assert (folder / "files" / "templates" / "a b.pdf").read_bytes() == PDF


def test_every_link_of_a_client_is_a_whole_copy(workspace: Workspace) -> None:
    """Under its own path, the same to the last byte."""
    second = "secondsecondsecondsecondse"
    name = f"projects/{OTTER}/client.yml"
    workspace.edit(name, TOKENS[OTTER], f"{TOKENS[OTTER]}\n  board: {second}")
    assert workspace.build().code == 0
    assert tree(workspace.site / "c" / second) == workspace.pages(OTTER)


# --- MkDocs does the work, and always the same ---


def test_a_changed_document_changes_every_page(workspace: Workspace) -> None:
    """MkDocs renders theme/document.html around each page; the agency's own comes first."""
    document = (ROOT / "theme" / "document.html").read_text("utf-8")
    workspace.write("theme/document.html", document.replace("</body>", "<p>With care.</p></body>"))
    assert workspace.build().code == 0
    folder = workspace.client_dir(OTTER)
    found = [path.read_text("utf-8") for path in folder.rglob("index.html")]
    assert len(found) == 6
    assert all("<p>With care.</p>" in page for page in found)


def _multiply(folder: Path, times: int) -> None:
    """Copy every client so many times, each with links of its own."""
    for client in sorted(folder.glob("[!_]*")):
        for number in range(times):
            copy = client.with_name(f"{client.name}-{number}")
            shutil.copytree(client, copy)
            text = (copy / "client.yml").read_text("utf-8")
            own = re.sub(r"\b([a-z2-7]{25})[a-z2-7]\b", rf"\g<1>{number + 2}", text)
            (copy / "client.yml").write_text(own, "utf-8")


def test_two_builds_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    """In another folder, time zone, language, order of hashes and number of processes."""
    surroundings = [
        ("one", "1", {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (
            "zwei mit Leerzeichen",
            "2",
            {"TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242"},
        ),
    ]
    sites = []
    for name, jobs, environment in surroundings:
        made = copy_workspace(WORKSPACES / "samples", tmp_path / name / "agency")
        _multiply(made.root / "projects", 2)
        ran = run_apart(made.root, "build", "--today", "2026-03-02", "--jobs", jobs, **environment)
        assert ran.code == 0, ran.output
        sites.append(tree(made.site))
    one, other = sites
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_a_second_build_changes_nothing(workspace: Workspace) -> None:
    """And leaves nothing of its own behind."""
    workspace.build()
    before = tree(workspace.site)
    assert workspace.build().code == 0
    assert tree(workspace.site) == before


def test_the_day_is_given_or_read_once(workspace: Workspace) -> None:
    """`--today`, else SOURCE_DATE_EPOCH as a day in the agency's zone."""
    workspace.edit("mkdocs.yml", "    contact:", "    timezone: Asia/Tokyo\n    contact:")
    late_evening_in_london = "1772488800"  # 2 March 2026, 22:00 UTC
    ran = run_apart(workspace.root, "build", SOURCE_DATE_EPOCH=late_evening_in_london)
    assert ran.code == 0, ran.output
    assert b'"as_of": "2026-03-03"' in workspace.pages(OTTER)["progress.json"]


def test_two_builds_at_once_wait_for_each_other(workspace: Workspace) -> None:
    """The second one finds a whole site and leaves one."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(run_apart, workspace.root, "build", "--today", "2026-03-02")
            for _ in range(2)
        ]
        codes = [run.result().code for run in runs]
    assert codes == [0, 0]
    before = tree(workspace.site)
    workspace.build()
    assert tree(workspace.site) == before


# --- Pages as HTML ---


def test_every_page_is_well_formed(built: Workspace) -> None:
    """Read by a parser that forgives nothing."""
    for name, page in pages(built.site):
        try:
            html5lib.HTMLParser(strict=True).parse(page)
        except html5lib.html5parser.ParseError as error:
            pytest.fail(f"{name}: {error}")


class _Reader(HTMLParser):
    """Collects what a page links to, and its ids."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.here = 0
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action", "poster", "data", "xlink:href"}:
                self.links.append(value or "")
            if name == "srcset":
                self.links += [each.split()[0] for each in (value or "").split(",")]
            if name == "id":
                self.ids.append(value or "")
            if name == "style" or name.startswith("on"):
                self.styled.append(name)
            if name == "aria-current":
                self.here += 1
        if tag in {"h1", "script", "style", "iframe", "form"}:
            self.headings.append(tag)


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_every_link_leads_to_something_in_the_site(built: Workspace) -> None:
    """Relative, so that the folder works from any place, also below another folder."""
    place = "https://host.example/some/folder/"
    for name, page in pages(built.site):
        if name == "404.html":
            continue  # a server shows it at any depth: only a link from the root finds its style
        for link in read(page).links:
            if urlsplit(link).scheme in {"http", "https", "mailto", "tel"}:
                continue
            assert not link.startswith("/"), f"{name}: {link}"
            assert link == "" or " " not in link, f"{name}: {link}"
            target = urlsplit(urljoin(place + name, link))
            assert target.geturl().startswith(place), f"{name}: {link}"
            path = unquote(target.path.removeprefix(urlsplit(place).path))
            if path.endswith("/") or not path:
                path += "index.html"
            assert (built.site / path).is_file(), f"{name}: {link}"


def test_links_inside_a_page_find_their_place(built: Workspace) -> None:
    """And no id stands twice."""
    for name, page in pages(built.site):
        reader = read(page)
        assert sorted(reader.ids) == sorted(set(reader.ids)), name
        inside = {unquote(link[1:]) for link in reader.links if link.startswith("#")}
        assert inside <= set(reader.ids), name


def test_the_404_page_finds_its_style_at_any_depth(samples: Workspace) -> None:
    """Its links begin at the site's root, and name nothing else."""
    links = [
        link
        for link in read((samples.site / "404.html").read_text("utf-8")).links
        if not link.startswith("#")
    ]
    assert links
    for link in links:
        assert link.startswith("/assets/")
        assert (samples.site / link.removeprefix("/")).is_file()


def test_pages_have_one_heading_and_nothing_that_runs(built: Workspace) -> None:
    """No script, style, frame or form; at most one "You are here"."""
    for name, page in pages(built.site):
        reader = read(page)
        assert reader.headings == ["h1"], name
        assert reader.styled == [], name
        assert reader.here <= 1, name


def test_every_page_keeps_search_engines_and_other_sites_out(built: Workspace) -> None:
    """As meta elements, for hosts that cannot set headers; the policy comes first."""
    for name, page in pages(built.site):
        head = page.partition("</head>")[0]
        assert '<meta name="robots" content="noindex,nofollow,noarchive">' in head, name
        assert '<meta name="referrer" content="no-referrer">' in head, name
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', head)
        assert policy, name
        # A meta element cannot say who may frame the page: browsers read that in headers only.
        assert policy[1] == POLICY.removesuffix("; frame-ancestors 'none'"), name
        assert policy.start() < head.index("<link"), name
        for link in re.findall(r'<a\b[^>]*href="https?:[^>]*>', page):
            assert 'rel="noreferrer noopener"' in link, f"{name}: {link}"


def test_pages_name_no_tool_and_no_address_of_their_own(samples: Workspace) -> None:
    """No generator, no sitemap, no canonical address, no tool's name, no published host."""
    found = tree(samples.site)
    assert not [name for name in found if re.search(r"sitemap|robots|\.map$|\.md$|\.ya?ml$", name)]
    for name, data in found.items():
        if name.endswith((".html", ".json", ".css")):
            text = data.decode().casefold()
            for word in ("generator", "mkdocs", "jinja", "material", "site-builder", "canonical"):
                assert word not in text, f"{name}: {word}"
            assert "progress.northlight.example" not in text, name
            assert str(samples.root).casefold() not in text, name


# --- Privacy ---


def test_tokens_stand_in_paths_only(built: Workspace) -> None:
    """In no page, no file of data, no header rule."""
    tokens = re.findall(
        r"\b[a-z2-7]{26}\b",
        "\n".join(path.read_text("utf-8") for path in built.root.glob("projects/*/client.yml")),
    )
    assert tokens
    for name, data in tree(built.site).items():
        for token in tokens:
            assert token.encode() not in data, name


def test_outside_of_the_clients_folders_nothing_names_a_client(samples: Workspace) -> None:
    """No name, id, project or contact; only the agency."""
    for name, data in tree(samples.site).items():
        if name.startswith("c/") and name != "c/index.html":
            continue
        text = f"{name}\n{data.decode(errors='replace')}".casefold()
        for word in ("larkfield", "brightwater", "harrowby", "website", "libraries", "dental"):
            assert word not in text, f"{name}: {word}"


def test_one_client_never_stands_on_the_pages_of_another(samples: Workspace) -> None:
    """Each folder names its own client only."""
    for client, token in tokens_of(samples.root).items():
        for name, data in tree(samples.site / "c" / token).items():
            for other in {"larkfield", "brightwater", "harrowby"} - {client.partition("-")[0]}:
                assert other.encode() not in data.lower(), f"{client}: {name}"


WHISPER = "a rabbit in the walls"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "milestones/03-afterwards.md",
            f"---\nlabel: Afterwards\ndraft: true\n---\n## Why it matters\nIt is {WHISPER}.\n",
        ),
        (
            "milestones/03-afterwards.md",
            f"---\nlabel: Later\npublish_on: 2026-03-03\n---\n## Why it matters\nIt is {WHISPER}.\n",
        ),
        ("milestones/01-goals-agreed.md", DONE.replace("done:", f"internal: {WHISPER}\ndone:")),
        (
            "milestones/01-goals-agreed.md",
            DONE.replace("done:", f"internal: {{who: {WHISPER}}}\ndone:"),
        ),
        ("milestones/01-goals-agreed.md", DONE.replace("done:", f"# {WHISPER}\ndone:")),
        ("milestones/01-goals-agreed.md", DONE + f"\n<!-- {WHISPER} -->\n"),
        ("milestones/01-goals-agreed.md", DONE + f"\n<script>/* {WHISPER} */</script>\n"),
        ("milestones/01-goals-agreed.md", DONE + f"\n[x]: # ({WHISPER})\n"),
        ("updates/2026-02-25-note.md", f"We wrote a note.\n\n<!-- {WHISPER} -->\n"),
        ("updates/2026-03-03-tomorrow.md", f"We found {WHISPER}.\n"),
        ("files/notes.txt", WHISPER),
        ("notes.md", WHISPER),
    ],
    ids=[
        "a draft",
        "a day to come",
        "internal",
        "internal keys",
        "a comment in YAML",
        "a comment",
        "a script",
        "a comment by reference",
        "a comment in an update",
        "an update of tomorrow",
        "a file that no page shows",
        "a file in the wrong place",
    ],
)
def test_what_is_not_for_the_client_is_in_no_byte_of_the_site(
    workspace: Workspace, name: str, text: str
) -> None:
    """Drafts, notes for the team, comments, files that nothing points to."""
    workspace.write(f"projects/{OTTER}/shop/{name}", text)
    ran = workspace.build()
    assert ran.code == 0, ran.output
    for path, data in tree(workspace.site).items():
        assert WHISPER.encode() not in data, path
        assert "later" not in path


def test_a_comment_that_is_never_closed_stops_its_client(workspace: Workspace) -> None:
    """Nobody can tell where it ends: what stands behind it is in no byte of the site."""
    workspace.write(
        f"projects/{OTTER}/shop/milestones/01-goals-agreed.md", DONE + f"\n<!--\n{WHISPER}\n"
    )
    assert workspace.build().code == 3
    assert not any(WHISPER.encode() in data for data in tree(workspace.site).values())


def test_a_step_is_published_from_its_day_on(workspace: Workspace) -> None:
    """`publish_on` is the first day on which it is read."""
    name = f"projects/{OTTER}/shop/milestones/03-gift-cards.md"
    workspace.write(
        name, "---\nlabel: Gift cards\npublish_on: 2026-03-03\n---\n## Why it matters\nGifts.\n"
    )
    workspace.build(today="2026-03-02")
    assert "Gift cards" not in workspace.page(OTTER)
    workspace.build(today="2026-03-03")
    assert "Gift cards" in workspace.page(OTTER)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "milestones/03-afterwards.md",
            (
                "---\nlabel: Afterwards\ndraft: true\nfiles: [{title: A, file: files/secret.pdf}]\n---\n"
                "## Why it matters\nSo.\n"
            ),
        ),
        (
            "milestones/03-afterwards.md",
            (
                "---\nlabel: Later\npublish_on: 2026-03-03\n---\n"
                "## Why it matters\n[A file](files/secret.pdf)\n"
            ),
        ),
        ("updates/2026-03-03-tomorrow.md", "Tomorrow.\n\n[A file](files/secret.pdf)\n"),
    ],
    ids=["a draft", "a day to come", "an update of tomorrow"],
)
def test_files_of_pages_that_are_not_built_are_not_published(
    workspace: Workspace, name: str, text: str
) -> None:
    """Nobody finds them by guessing their address."""
    workspace.write(f"{FILES}/secret.pdf", PDF)
    workspace.write(f"projects/{OTTER}/shop/{name}", text)
    ran = workspace.build()
    assert ran.code == 0, ran.output
    assert not [path for path in tree(workspace.site) if "secret" in path]
    workspace.write(POST, DONE + "\nSee [the file](files/secret.pdf).\n")
    workspace.build()
    assert f"c/{TOKENS[OTTER]}/shop/files/secret.pdf" in tree(workspace.site)


def test_a_link_to_a_step_that_is_not_built_is_only_words(workspace: Workspace) -> None:
    """Its address is not told."""
    workspace.write(
        f"projects/{OTTER}/shop/milestones/03-afterwards.md",
        "---\nlabel: Afterwards\ndraft: true\n---\n## Why it matters\nSo.\n",
    )
    workspace.write(POST, DONE + "\nSee [the next one](milestones/03-afterwards.md).\n")
    assert workspace.build().code == 0
    page = workspace.page(OTTER, "shop/goals-agreed")
    assert "the next one" in page
    assert "afterwards" not in page.lower()


def test_published_pictures_do_not_say_where_they_were_taken(workspace: Workspace) -> None:
    """Shown on a page, in an update, or given as a file: no position, no camera."""
    data = Image.Exif()
    data[0x010F] = "Phonemaker"
    data.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0)})
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG", exif=data.tobytes())
    for name in ("files/shown.jpg", "files/given.jpg", "updates/note.jpg"):
        workspace.write(f"projects/{OTTER}/shop/{name}", out.getvalue())
    workspace.write(NOTE, "Drafts are here.\n\n![A draft](updates/note.jpg)\n")
    workspace.write(
        POST,
        DONE.replace("done:", "files: [{title: A photo, file: files/given.jpg}]\ndone:")
        + "\n![The shop](files/shown.jpg)\n",
    )
    ran = workspace.build()
    assert ran.code == 0, ran.output
    copies = {path: data for path, data in tree(workspace.site).items() if path.endswith(".jpg")}
    assert len(copies) == 3
    for path, content in copies.items():
        assert b"Phonemaker" not in content, path
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif(), path


def test_no_message_repeats_a_private_link(workspace: Workspace) -> None:
    """What `check` and `build` say ends in logs: `links` alone prints them."""
    name = f"projects/{OTTER}/client.yml"
    whole = (workspace.root / name).read_text("utf-8")
    token = TOKENS[OTTER]
    mistakes = [
        whole + "contcat: Maya\n",
        whole + f"{token}: everyone\n",
        whole.replace(token, token[:-1] + "1"),
        whole.replace(token, f"{token}: {token}"),
        whole.replace(f"everyone: {token}", token),
        whole + f"  board: {token}\n",
    ]
    for text in mistakes:
        workspace.write(name, text)
        for output in ("text", "json", "github"):
            ran = workspace.run("check", "--format", output, "--today", "2026-03-02")
            assert ran.code == 1, text
            assert token[:-1] not in ran.output, ran.output
        ran = workspace.build()
        assert token[:-1] not in ran.output, ran.output


@pytest.mark.parametrize(
    ("keys", "mark"),
    [
        ("draft: true\nlabel: A party", "Draft, not published"),
        ("draft: true", "Draft, not published"),
        ("publish_on: 2026-04-01\nlabel: A party\ndue: 2026-05-01", "Hidden until 1 April"),
    ],
    ids=["a draft", "an empty draft", "a day to come"],
)
def test_a_preview_shows_what_is_not_published_yet_and_says_so(
    workspace: Workspace, keys: str, mark: str
) -> None:
    """The same step is on no page of a build, and asks for nothing that a draft may lack."""
    texts = "" if keys == "draft: true" else "## Why it matters\nYou meet your readers.\n"
    workspace.write(f"projects/{OTTER}/shop/milestones/01-party.md", f"---\n{keys}\n---\n{texts}")
    workspace.remove(f"projects/{OTTER}/shop/milestones/01-goals-agreed.md")
    found = open_workspace(workspace.root / "mkdocs.yml")
    for drafts in (True, False):
        options = ReadOptions(today=datetime.date.fromisoformat(TODAY), drafts=drafts)
        results = list(build(found, [OTTER], workspace.site, options, processes=1))
        assert [(result.fate, result.bug) for result in results] == [(Fate.BUILT, "")]
        pages = "".join(page.decode() for page in workspace.pages(OTTER).values())
        assert (mark in pages.replace("\u00a0", " ")) is drafts
        assert ("party" in pages) is drafts


# --- Headers ---


HEADERS = host_files(None)[HEADERS_FILE].decode().splitlines()


def _headers_of(address: str) -> dict[str, list[str]]:
    """Collect the values of each header that the rules give to an address."""
    found: dict[str, list[str]] = {}
    is_meant = False
    for line in HEADERS:
        if line.startswith("/"):
            is_meant = address.startswith(line[:-1]) if line.endswith("*") else address == line
        elif is_meant:
            name, _, value = line.strip().partition(": ")
            found.setdefault(name, []).append(value)
    return found


def test_each_address_gets_one_value_of_each_header(samples: Workspace) -> None:
    """Some hosts join the values of rules that overlap."""
    for name in ("", *tree(samples.site)):
        if name.startswith((".", "_")):
            continue
        headers = _headers_of(f"/{name}")
        assert [header for header, values in headers.items() if len(values) != 1] == [], name
        kept = headers["Cache-Control"][0]
        assert ("immutable" in kept) is name.startswith("assets/"), name
        assert (kept == "private, no-store") is not name.startswith("assets/"), name


def test_an_address_that_does_not_exist_has_the_headers_too() -> None:
    """The 404 page is shown where a revoked link led."""
    headers = _headers_of("/c/no/such/page")
    assert headers["Content-Security-Policy"] == [POLICY]
    assert headers["Referrer-Policy"] == ["no-referrer"]
    assert headers["X-Robots-Tag"] == ["noindex, nofollow, noarchive"]
    assert headers["X-Content-Type-Options"] == ["nosniff"]
    assert headers["Cross-Origin-Opener-Policy"] == ["same-origin"]
    assert headers["Cross-Origin-Resource-Policy"] == ["same-origin"]
    assert headers["Strict-Transport-Security"][0].startswith("max-age=")
    assert headers["Permissions-Policy"]
    assert max(map(len, HEADERS)) < 2000


# --- Weight ---


def _weight(page: Path) -> int:
    """HTML and CSS of a page, as a browser fetches them: each file packed."""
    text = page.read_text("utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    assert sheets
    data = [text.encode(), *((page.parent / sheet).read_bytes() for sheet in sheets)]
    return sum(len(gzip.compress(part, 9, mtime=0)) for part in data)


@pytest.mark.parametrize(
    ("case", "limit"),
    [
        ("samples", 20_000),
        ("twelve", 20_000),
        ("record", 20_000),
        ("hostile", 20_000),
        ("sixty", 30_000),
    ],
)
def test_a_clients_page_is_light(case: str, limit: int, tmp_path: Path) -> None:
    """HTML and CSS together, packed: 20 KB with up to 12 steps, 30 KB with 60."""
    made = copy_workspace(WORKSPACES / case, tmp_path / "agency")
    settings = yaml.safe_load((WORKSPACES / case / "case.yml").read_text("utf-8"))
    assert made.build(today=str(settings["today"])).code == 0
    for client, token in tokens_of(made.root).items():
        weight = _weight(made.site / "c" / token / "index.html")
        assert weight <= limit, f"{client}: {weight} bytes"


def test_clients_are_named_here_as_they_are_in_their_files(workspace: Workspace) -> None:
    """The title of each landing page says whose it is."""
    workspace.build()
    for client in (OTTER, PINE):
        assert f"<title>Progress: Your new shop · {NAMES[client]}</title>" in workspace.page(client)
