"""What people write is shown as they wrote it, and never acts: with the policy and without it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import io
import json
import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from PIL import Image

from site_builder.model.page import ShownPicture, SiteFiles
from site_builder.render import to_html
from tests.browser.hostile import DESCRIPTIONS, MARKDOWN, PLAIN, STRINGS, letters
from tests.browser.serve import Built, find_nginx, served
from tests.workspace import TODAY, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

TOKEN = "hostilehostilehostilehosti"  # noqa: S105 - of nobody
SALES = {"a": "a" * 26, "b": "b" * 26, "c": "c" * 26, "d": "d" * 26}
EMAIL = "maya@northlight.example"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
ALL = "\n".join(STRINGS)
PARAGRAPHS = "\n\n".join(MARKDOWN)
ADDRESSES = [
    f"https://docs.example/?q={number}{''.join(filter(str.isprintable, ''.join(text.split())))}"
    for number, text in enumerate(STRINGS)
]
"""As links of YAML may be: without white space, and without what nobody sees."""
HALVES = (slice(None, len(STRINGS) // 2), slice(len(STRINGS) // 2, None))
DONE = {"due": "2026-02-20", "done": "2026-02-20"}
LISTEN = """
    window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
        window[name] = what => { window.ran.push(`${name} ${what}`); };
"""
FOUND = """() => ({
    ran: window.ran,
    handlers: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]
        .filter(a => /^on|^(style|srcdoc|formaction|ping|target|background)$/i.test(a.name))
        .map(a => `${e.localName} ${a.name}`)),
    elements: [...new Set([...document.querySelectorAll('*')].map(e => e.localName))],
    schemes: [...new Set([...document.querySelectorAll('[href],[src]')]
        .map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), location).protocol))],
    text: document.documentElement.textContent,
    alts: [...document.querySelectorAll('img')].map(e => e.alt).join('\\n'),
    title: document.title,
})"""
FORBIDDEN = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "button",
    "video",
    "audio",
    "base",
    "math",
}
SINKS: list[str] = []
"""Every value that holds all strings: they are found on a page, whole."""


def sink(name: str) -> str:
    """Put all strings into one value; its first word says where it stands."""
    SINKS.append(f"{name}: {ALL}")
    return SINKS[-1]


def turned(number: int) -> str:
    """Put the strings of Markdown below each other; each time another one comes first."""
    begin = number * len(MARKDOWN) // 4
    return "\n\n".join((*MARKDOWN[begin:], *MARKDOWN[:begin]))


HAPPENED, WHY, NEXT = "What just happened", "Why it matters", "What comes next"
SHORT = (
    f"## {HAPPENED}\n\nYou saw it.\n\n## {WHY}\n\nYou see it.\n\n## {NEXT}\n\nYou will see it.\n"
)


def _picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 60).resize((1500, 1000)).save(out, "PNG")
    return out.getvalue()


def _milestones() -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Make the steps: their file, keys and texts."""
    yield "a", {"label": sink("Label"), "title": sink("Heading"), **DONE}, SHORT
    for name, number in zip("bop", range(3), strict=True):
        parts = [f"## {heading}\n\nYou see it.\n" for heading in (HAPPENED, WHY, NEXT)]
        parts[number] += f"\n{turned(number)}\n"
        yield name, {"label": f"Texts {name}", **DONE}, "\n".join(parts)
    yield "c", {"label": "Story", **DONE}, f"{SHORT}\n## A longer story\n\n{turned(3)}\n"
    approval = {"by": sink("Approver"), "on": "2026-02-20"}
    yield "d", {"label": "Thanks", **DONE, "thanks": sink("Thanks"), "approved": approval}, SHORT
    for name, half in zip("ef", HALVES, strict=True):
        entries = [
            {"title": f"File {text}", "url": url, "kind": f"Kind {text}"}
            for text, url in zip(STRINGS[half], ADDRESSES[half], strict=True)
        ]
        yield name, {"label": name, **DONE, "files": entries}, SHORT
    days = {"asked": "2026-03-01", "by": "2026-03-06"}
    need = {"ask": sink("Ask"), "takes": sink("Time"), "protects": sink("Protects"), **days}
    waiting = {"state": "waiting", "due": "2026-03-06"}
    yield "g", {"label": "Asked", **waiting, "now": sink("Now"), "needs": [need]}, SHORT
    for name, half in zip("hi", HALVES, strict=True):
        needs = [
            {"ask": f"Read {number}", **days, "link": url, "button": f"Open {text}"}
            for number, (text, url) in enumerate(zip(STRINGS[half], ADDRESSES[half], strict=True))
        ]
        yield name, {"label": name, **waiting, "now": "reading", "needs": needs}, SHORT
    move = {
        "from": "2026-04-01",
        "on": "2026-02-24",
        "why": sink("Moved"),
        "effect": sink("Effect"),
    }
    risk = {"why": sink("Risk"), "decision_on": "2026-03-20"}
    yield "j", {"label": "Moved", "due": "2026-04-10", "moved": [move], "at_risk": risk}, SHORT
    yield "k", {"label": "Skipped", "skipped": {"on": "2026-02-12", "why": sink("Left out")}}, SHORT
    middle = len(MARKDOWN) // 2
    for name, picture, texts in (
        ("l", "![{}](files/plan.png)", DESCRIPTIONS),
        ("m", '<img src="files/plan.png" alt="{}">', MARKDOWN[:middle]),
        ("q", '<img src="files/plan.png" alt="{}">', MARKDOWN[middle:]),
        ("n", "<img alt='{}' src=files/plan.png>", MARKDOWN[:middle]),
        ("r", "<img alt='{}' src=files/plan.png>", MARKDOWN[middle:]),
    ):
        shown = "\n\n".join(picture.format(text) for text in texts)
        yield name, {"label": name, "due": "2026-04-24"}, f"{SHORT}\n## More\n\n{shown}"


def _files() -> Iterator[tuple[str, Mapping[str, Any], str | None]]:
    """Make the workspace: name, keys and, of a milestone, the texts below them."""
    contact = {"name": sink("Contact"), "role": sink("Role"), "email": EMAIL}
    agency = {"name": sink("Agency"), "contact": {"name": "Maya", "email": EMAIL}}
    yield "mkdocs.yml", {"extra": {"agency": agency}}, None
    client = "projects/hostile"
    links = {"links": {"all": TOKEN}}
    yield f"{client}/client.yml", {"name": sink("Client"), **links, "contact": contact}, None
    first = {"starts": "2026-01-05", "updates": {"every": "week", "on": "Friday"}}
    team = [{"name": sink("Member"), "role": sink("Work")}]
    named = {"title": sink("Project"), "finish": sink("Finish"), "team": team}
    yield f"{client}/one/project.yml", {**first, **named}, None
    for name, keys, text in _milestones():
        # Requests are listed with their project, whose title is long in the first one.
        project = "two" if name in "efhi" else "one"
        yield f"{client}/{project}/milestones/{ord(name)}-{name}.md", keys, text
    numbers = {"start": 1, "start_on": "2026-01-05", "now": 2, "as_of": "2026-02-20", "goal": 3}
    number = {"text": sink("Number"), "unit": sink("Unit"), **numbers}
    outcomes = {"outcomes": {"words": sink("Outcome"), "number": number}}
    yield f"{client}/two/project.yml", {**first, "title": "Two", **outcomes}, None
    change = {
        "on": "2026-02-10",
        "kind": "in",
        "what": sink("Change"),
        "why": sink("Cause"),
        "effect": sink("Result"),
    }
    scope = {"agreed": "2026-01-05", "items": [sink("Item")], "changes": [change]}
    yield f"{client}/three/project.yml", {**first, "title": "Three", "scope": scope}, None
    pause = [{"from": "2026-03-01", "why": sink("Pause"), "decision_on": "2026-03-20"}]
    yield f"{client}/four/project.yml", {**first, "title": "Four", "pauses": pause}, None
    for project in ("two", "three", "four"):
        step = {"label": "Done", **DONE}
        yield f"{client}/{project}/milestones/01-done.md", step, SHORT
        planned = {"label": "Launch", "due": "2026-04-24"}
        yield f"{client}/{project}/milestones/02-launch.md", planned, SHORT
    plain = {"id": "x", "day": 5, "label": "Step", "happened": "You see it.", "matters": "You see."}
    offerings: dict[str, dict[str, Any]] = {
        "a": {"title": sink("Offering"), "for": sink("Buyer"), "promise": sink("Promise")},
        "b": {
            "outcomes": {"x": sink("Gain")},
            "needs_first": [{"ask": sink("Bring"), "takes": sink("Long")}],
        },
        "c": {"milestones": [{**plain, "label": sink("Stage")}]},
        "d": {
            "milestones": [
                {**plain, "happened": PARAGRAPHS, "matters": PARAGRAPHS, "next": PARAGRAPHS}
            ]
        },
    }
    for name, keys in offerings.items():
        rest = {
            "title": name,
            "promise": "You see it",
            "milestones": [plain],
            "links": {"sales": SALES[name]},
        }
        yield f"projects/_offerings/{name}.yml", {**rest, **keys}, None


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A site with all strings in every key that pages show."""
    SINKS.clear()
    workspace = Workspace(tmp_path_factory.mktemp("hostile") / "agency")
    for name, keys, below in _files():
        text = yaml.safe_dump(dict(keys), allow_unicode=True, width=10_000)
        workspace.write(name, text if below is None else f"---\n{text}---\n{below}")
    project = "projects/hostile/one"
    workspace.write(f"{project}/files/plan.png", _picture())
    workspace.write(f"{project}/updates/2026-02-25-all.md", f"A note\n\n{PARAGRAPHS}\n")
    for number, text in enumerate(MARKDOWN):
        note = f"{text}\n\nMore.\n"
        workspace.write(
            f"projects/hostile/two/updates/2026-02-{1 + number % 24:02}-{number}.md", note
        )
    ran = workspace.build()
    assert ran.code == 0, ran.output[-3000:]
    html = workspace.run("overview", "--format", "html", "--today", TODAY)
    assert html.code == 0, html.output[-3000:]
    return workspace


@contextlib.contextmanager
def without_policy(built: Workspace, folder: Path) -> Iterator[str]:
    """Serve a copy of the site without its policy: neither as a header nor in the pages."""
    shutil.copytree(built.site, folder)
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        bare = POLICY.sub("", text)
        assert bare != text
        path.write_text(bare, "utf-8")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["with the policy", "without the policy"])
def origin(request: pytest.FixtureRequest, built: Workspace, tmp_path: Path) -> Iterator[str]:
    """Serve the site, as its hosts do, and as one that sends nothing of ours would."""
    if request.param == "without the policy":
        with without_policy(built, tmp_path / "bare") as address:
            yield address
        return
    if not find_nginx():
        pytest.skip("no nginx is installed; `make test` installs it")
    with served(Built(folder=built.site, tokens={}), tmp_path / "nginx") as site:
        yield site.url


def test_there_are_enough_of_them() -> None:
    """Each is another one."""
    assert len(STRINGS) == len(set(STRINGS)) >= 800


def look(browser: Browser, addresses: list[str], origin: str) -> Iterator[dict[str, Any]]:
    """Open pages, and tell what was found on them, what ran and what was asked for."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(LISTEN)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    for address in addresses:
        asked.clear()
        page.goto(f"{origin}/{address}")
        found: dict[str, Any] = page.evaluate(FOUND)
        yield {**found, "address": address, "asked": [*asked], "url": page.url}
    context.close()


def test_nothing_runs_and_nothing_leaves(built: Workspace, browser: Browser, origin: str) -> None:
    """In every key that pages show, in Markdown and in descriptions; and all of it can be read."""
    names = {path.relative_to(built.site).as_posix() for path in built.site.rglob("*")}
    pages = sorted(f"{name.removesuffix('index.html')}" for name in names if name.endswith(".html"))
    read = []
    for found in look(browser, pages, origin):
        address = found["address"]
        assert found["ran"] == [], address
        assert found["handlers"] == [], address
        assert not FORBIDDEN & set(found["elements"]), address
        assert set(found["schemes"]) <= {"http:", "https:", "mailto:", "tel:"}, address
        assert found["url"] == f"{origin}/{address}"
        for url in found["asked"]:
            own = url.removeprefix(f"{origin}/")
            assert own == address or own in names, f"{address} asked for {url}"
        read.append(letters(f"{found['text']} {found['title']} {found['alts']}"))
    everything = "\n".join(read)
    lost = [text.partition(":")[0] for text in SINKS if letters(text) not in everything]
    assert lost == []


def test_each_one_alone_does_nothing(browser: Browser, tmp_path: Path) -> None:
    """What one string opens hides no other: each is made HTML on its own, on a bare page."""
    shown = ShownPicture(size=(8, 8), source="files/plan.png")
    files = SiteFiles(
        base="", pictures={"files/plan.png": shown}, files=frozenset({"files/plan.png"}), steps={}
    )
    wrapped = [
        f"<section>{to_html(form.format(text), 'next', files)}</section>"
        for text in STRINGS
        for form in (
            "{}",
            "A text: {}",
            "![{}](files/plan.png)",
            "[{0}](<{0}>)",
            '<b title="{}">x</b>',
        )
    ]
    (tmp_path / "index.html").write_text("<!doctype html>\n" + "\n".join(wrapped), "utf-8")
    (found,) = look(browser, ["index.html"], tmp_path.as_uri())
    assert found["ran"] == found["handlers"] == []
    assert not FORBIDDEN & set(found["elements"])
    assert not (tmp_path / "files").exists()
    pictures = {f"{tmp_path.as_uri()}/{name}" for name in ("index.html", "files/plan.png")}
    assert set(found["asked"]) <= pictures
    assert set(found["schemes"]) <= {"file:", "http:", "https:", "mailto:", "tel:"}


def test_plain_words_stay_as_they_are(browser: Browser, tmp_path: Path) -> None:
    """Below headings, too, where Markdown has its own signs, words read as they were written."""
    signs = re.compile(r"[*_`<>&\[\]\\|~#=:\"']|--|\.\.\.|^[-+]|^\d+\.|^//|1,000")
    words = [text for text in PLAIN if not signs.search(text)]
    assert len(words) > 40
    page = "\n".join(to_html(text, "next", None) for text in words)
    (tmp_path / "index.html").write_text(f"<!doctype html>\n<meta charset=utf-8>{page}", "utf-8")
    (found,) = look(browser, ["index.html"], tmp_path.as_uri())
    assert letters(found["text"]) == letters("".join(words))


def test_the_overview_shows_names_as_text(built: Workspace, browser: Browser) -> None:
    """The agency's own page of all clients is opened from disk, where no server helps."""
    folder = built.root / ".cache"
    (found,) = look(browser, ["overview.html"], folder.as_uri())
    assert found["ran"] == []
    assert [name for name in found["handlers"] if not name.startswith("html ")] == []
    assert not FORBIDDEN & set(found["elements"])
    assert found["asked"] == [f"{folder.as_uri()}/overview.html"]
    assert letters(f"Client: {ALL}") in letters(found["text"])


def test_the_data_for_programs_says_the_same(built: Workspace) -> None:
    """`progress.json` holds the strings as strings."""
    text = (built.site / "c" / TOKEN / "progress.json").read_text("utf-8")
    told = letters(json.dumps(json.loads(text), ensure_ascii=False))
    for name in ("Client", "Project", "Label"):
        assert (
            letters(json.dumps(" ".join(f"{name}: {ALL}".split()), ensure_ascii=False))[1:-1]
            in told
        )
