"""Markdown and templates to HTML: what authors write is shown, and never acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jinja2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder import render as render_module
from site_builder.language import load_language
from site_builder.model.page import Page, Prose, ShownPicture, SiteFiles
from site_builder.render import TAGS, load_theme, render, to_html
from site_builder.workspace import own_theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = SiteFiles(
    base="../",
    pictures={
        "files/plan.png": ShownPicture(size=(640, 480), source="files/plan.png"),
        "files/the plan.png": ShownPicture(
            size=(1440, 720),
            source="files/the plan.png",
            copies=(("files/the plan.png.720.webp", 720), ("files/the plan.png.1440.webp", 1440)),
        ),
    },
    files=frozenset(
        {"files/plan.png", "files/goals.pdf", "files/the plan.pdf", "files/100% #1 & more?.pdf"}
    ),
    steps={"milestones/05-page-texts.md": "page-texts"},
)
PICTURE = '<img src="../files/plan.png" width="640" height="480" loading="lazy" decoding="async" '
AWAY = ' rel="noreferrer noopener"'


def shown(text: str, name: str = "next", files: SiteFiles | None = FILES) -> str:
    return to_html(text, name, files).replace("\n", "")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One line\nand the next.", "<p>One lineand the next.</p>"),
        (
            "**Bold**, *soft*, `code`",
            "<p><strong>Bold</strong>, <em>soft</em>, <code>code</code></p>",
        ),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("Term\n:   Meaning", "<dl><dt>Term</dt><dd>Meaning</dd></dl>"),
        ("HTML\n\n*[HTML]: A language", '<p><abbr title="A language">HTML</abbr></p>'),
        (
            '??? tip "More"\n    Text.',
            '<details class="tip"><summary>More</summary><p>Text.</p></details>',
        ),
        (
            "!!! note\n    Text.",
            '<div class="admonition note"><p class="admonition-title">Note</p><p>Text.</p></div>',
        ),
        (
            "| A | B |\n|:-:|--:|\n| 1 | 2 |",
            (
                '<table><thead><tr><th class="center">A</th><th class="right">B</th></tr></thead>'
                '<tbody><tr><td class="center">1</td><td class="right">2</td></tr></tbody></table>'
            ),
        ),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    """In the dialect that the handbook speaks; alignment is a class, never a style."""
    assert shown(markdown) == html


SENTENCES = st.from_regex(
    render_module._PLAIN, fullmatch=True, alphabet=st.characters(exclude_characters="_")
) | st.text(alphabet="aZ\u00e9 19.,;:?!()'\"-/%\u2013\n", max_size=30)


@given(text=SENTENCES)
@settings(max_examples=300)
@example("A line\nand 1. another one.\n\nA paragraph: so-called, 5% (or more)!")
@example("A line  \nbroken")
@example("Term\n: meaning")
@example("A\n\n\nB")
@example("Title\n---")
@example("## More about it\nA line\nand another.\n\nA paragraph.")
@example("#### Deep\n\nA line.")
@example("## A heading alone")
@example("A snake_case word")
def test_plain_sentences_become_what_markdown_makes_of_them(text: str) -> None:
    """The short way around Markdown changes nothing."""
    for name in ("story", "x"):
        quick = render_module._plain_html(text, is_story=name == "story")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(render_module, "_plain_html", lambda *_, **__: "")
            assert not quick or quick == to_html(text, name, None)


def test_a_task_list_is_drawn_and_spoken() -> None:
    """A box instead of a control that nobody could use."""
    html = to_html("- [x] Vaccination\n- [ ] Your OK", "next", FILES, ("Done:", "Open:"))
    assert html.count('class="task"') == 2
    assert 'data-state="done"' in html
    assert '<span class="visually-hidden">Open: </span>' in html
    assert "<input" not in html


def test_footnotes_of_several_texts_do_not_meet() -> None:
    """Their ids begin with the name of their text."""
    html = shown("A note[^1].\n\n[^1]: The note.", name="story")
    assert 'id="story-fnref:1"' in html
    assert 'href="#story-fn:1"' in html
    assert 'id="story-fn:1"' in html


@pytest.mark.parametrize(
    ("name", "markdown", "levels"),
    [
        ("next", "# A\n\n## B\n\n### C\n\n#### D", ["h3", "h3", "h3", "h4"]),
        ("story", "# A\n\n## B\n\n### C", ["h2", "h2", "h3"]),
    ],
)
def test_headings_begin_below_those_of_the_page(
    name: str, markdown: str, levels: list[str]
) -> None:
    """The title is the only h1; the answers' headings are h2, and so are those of the story."""
    assert re.findall(r"<(h\d)", shown(markdown, name)) == levels


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "[a](https://docs.example/x?a=1&b=2)",
            f'<a href="https://docs.example/x?a=1&amp;b=2"{AWAY}>a</a>',
        ),
        ("<maya@northlight.example>", "mailto:maya@northlight.example"),
        ("[call](tel:+442079460123)", f'<a href="tel:+442079460123"{AWAY}>call</a>'),
        ("[goals](files/goals.pdf)", f'<a href="../files/goals.pdf"{AWAY}>goals</a>'),
        ("[goals](./files/goals.pdf)", f'<a href="../files/goals.pdf"{AWAY}>goals</a>'),
        ("[plan](<files/the plan.pdf>)", f'<a href="../files/the%20plan.pdf"{AWAY}>plan</a>'),
        ("[plan](files/the%20plan.pdf)", f'<a href="../files/the%20plan.pdf"{AWAY}>plan</a>'),
        (
            "[odd](files/100%25%20%231%20&%20more%3F.pdf)",
            f'<a href="../files/100%25%20%231%20%26%20more%3F.pdf"{AWAY}>odd</a>',
        ),
        ("[texts](milestones/05-page-texts.md)", f'<a href="../page-texts/"{AWAY}>texts</a>'),
        ("[below](#notes)", f'<a href="#next-notes"{AWAY}>below</a>'),
    ],
)
def test_links_fit_the_page_that_they_stand_on(markdown: str, html: str) -> None:
    """To files, to other steps and to the web, which does not hear where readers come from."""
    assert html in shown(markdown)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:alert(1)",
        "data:text/html,hello",
        "//tracker.example/",
        "/etc/passwd",
        "../../other-client/",
        "files/../../secret.pdf",
        "files/not-published.pdf",
        "milestones/07-a-draft.md",
        "file:///etc/passwd",
        "ftp://docs.example/",
        "&#106;avascript:alert(1)",
        "java&#x09;script:alert(1)",
        "\\\\server\\share",
    ],
)
def test_links_that_lead_nowhere_good_lose_their_target(target: str) -> None:
    """Their words stay; so it is in Markdown and in raw HTML."""
    for text in (f"[words](<{target}>)", f'<a href="{target}">words</a>'):
        html = shown(text)
        assert "href" not in html, html
        assert "words" in html


def test_pictures_come_from_the_project_and_bring_their_size() -> None:
    """So that nothing moves while they load; what an author says about the size is not asked."""
    assert shown("![The plan](files/plan.png)") == (f'<p>{PICTURE}alt="The plan"></p>')
    raw = shown('<img src="files/plan.png" alt="A" width="9000" height="1" loading="eager">')
    assert raw.count("width=") == raw.count("loading=") == 1
    assert 'width="640"' in raw
    spaced = shown("![The plan](<files/the plan.png>)")
    assert 'width="1440"' in spaced
    assert 'src="../files/the%20plan.png"' in spaced


def test_a_picture_comes_in_the_sizes_that_screens_ask_for() -> None:
    """Most browsers choose from smaller files; `img` stands alone where they are taken away."""
    copies = ", ".join(f"../files/the%20plan.png.{width}.webp {width}w" for width in (720, 1440))
    html = shown("![The plan](<files/the plan.png>)")
    assert html == (
        f'<p><picture><source type="image/webp" srcset="{copies}"'
        f' sizes="{render_module.PICTURE_SIZES}">'
        '<img src="../files/the%20plan.png" width="1440" height="720" loading="lazy"'
        ' decoding="async" alt="The plan"></picture></p>'
    )
    assert "<picture" not in shown("![The plan](files/plan.png)")


def test_authors_cannot_choose_the_copies() -> None:
    """What they write about sizes and sources goes."""
    raw = '<picture><source srcset="https://tracker.example/a 2x"><img src="files/plan.png" alt="A" srcset="//tracker.example/b 1w" sizes="1px"></picture>'
    assert shown(raw) == f'<p>{PICTURE}alt="A"></p>'


@pytest.mark.parametrize(
    "source",
    [
        "https://tracker.example/dot.gif",
        "//tracker.example/a",
        "files/missing.png",
        "data:image/png,",
    ],
)
def test_pictures_from_elsewhere_vanish(source: str) -> None:
    """No page asks another host for anything."""
    for text in (f"before ![A]({source}) after", f'before <img alt="A" src="{source}"> after'):
        assert "<img" not in shown(text)
        assert "tracker" not in shown(text)
        assert "after" in shown(text)


@pytest.mark.parametrize(
    "alt", ["a > b", "a <b> c", "> <script>alert(1)</script>", 'say "yes"', "it's & so on"]
)
def test_a_description_may_hold_any_sign(alt: str) -> None:
    """It stays inside its attribute."""
    html = shown(f'<img src="files/plan.png" alt="{alt.replace(chr(34), "&quot;")}"> after')
    assert html.startswith(f"<p>{PICTURE}")
    assert "<script" not in re.sub(r'"[^"]*"', "", html)
    assert html.endswith(" after</p>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=//x>alert(1)</sCrIpT>",
        "<img src=x onerror=alert(1)>",
        '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<form action="https://tracker.example/"><button formaction="javascript:alert(1)">x</button></form>',
        "<style>main{display:none}</style>",
        '<p style="position:fixed">x</p>',
        "x {: onclick=alert(1) style=color:red }",
        '<a href="https://docs.example/" target="_blank" ping="https://tracker.example/">x</a>',
        '<link rel="stylesheet" href="https://tracker.example/a.css">',
        '<meta http-equiv="refresh" content="0;url=https://tracker.example/">',
        '<base href="https://tracker.example/">',
        '<video src="https://tracker.example/a.mp4" autoplay></video>',
        "<textarea><script>alert(1)</script>",
        "<details open ontoggle=alert(1)>",
        "<!-- a secret -->",
        "<!--><script>alert(1)</script>-->",
        "<p\x00onclick=alert(1)>x</p>",
        "`<script>`{: onclick=alert(1) }",
        '[x](https://docs.example/ "onclick=alert(1)")',
    ],
)
def test_raw_html_keeps_only_what_is_listed(text: str) -> None:
    """No script, style, frame, form, handler or request; comments are gone."""
    html = re.sub(r'"[^"]*"', '""', shown(text))
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= TAGS
    assert not re.search(r"<[^>]* (on\w+|style|target|ping|formaction|srcdoc)=", html)
    assert "tracker.example" not in html
    assert "secret" not in html


@given(st.text(alphabet="<>/\"'=&;:!-[](){}*_`#|\n ascriptmgonx", max_size=80))
def test_no_text_makes_a_tag_that_is_not_listed(text: str) -> None:
    """Whatever authors write."""
    html = to_html(text, "next", FILES)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= TAGS
    assert set(re.findall(r"<[a-z0-9]+ ([a-z-]+)", html)) <= {
        *("id", "class", "href", "rel", "title", "start", "type", "value", "open", "lang", "dir"),
        *("width", "colspan", "rowspan", "scope", "data-state", "reversed"),
    }


# --- Templates ---


def drawn(template: str, folder: Path, view: Mapping[str, object] | None = None) -> str:
    """Render a one-line template as the `<main>` of a page."""
    (folder / "try.html").write_text(template, "utf-8")
    page = Page(
        address="website/goals/",
        template="try.html",
        title="Goals",
        language=load_language("en"),
        root="../../../../",
        assets="assets/0/",
        stylesheets=(),
        view=view or {},
        files=FILES,
    )
    return str(render(page, load_theme([folder, own_theme()])).main)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
    ],
)
def test_templates_escape_what_they_show(tmp_path: Path, text: str, html: str) -> None:
    """Once, and whatever it looks like."""
    assert drawn("{{ text }}", tmp_path, {"text": text}) == html


def test_templates_show_prose_as_sanitised_html(tmp_path: Path) -> None:
    """Markdown becomes HTML in one place only."""
    prose = Prose("**Yes**<script>alert(1)</script>")
    assert drawn("{{ prose }}", tmp_path, {"prose": prose}) == "<p><strong>Yes</strong></p>"


@pytest.mark.parametrize(
    ("text", "index", "html"),
    [
        ("One *two*.\n\nThree.", 0, "One <em>two</em>."),
        ("One *two*.\n\nThree.", 1, "Three."),
        ("One.", 1, ""),
        ("- first\n- second", 0, "first"),
        ("- **first**\n    - inner\n- second", 0, "<strong>first</strong>"),
        ("> quoted\n\nPlain.", 0, "Plain."),
        ("![The plan](files/plan.png) Text.", 0, "Text."),
        ("![The plan](<files/the plan.png>) Text.", 0, "Text."),
        ("Turned \u202earound", 0, "Turned \u202earound\u202c"),
        ("A note[^1].\n\n[^1]: The note.", 0, "A note."),
        ("### Only a heading", 0, "Only a heading"),
        ("", 0, ""),
    ],
)
def test_a_paragraph_of_prose_stands_inside_a_sentence(
    tmp_path: Path, text: str, index: int, html: str
) -> None:
    """Without blocks, pictures and footnotes, which would break the place where it stands."""
    assert drawn("{{ prose }}", tmp_path, {"prose": Prose(text, index)}) == html


def test_a_name_that_a_page_does_not_give_is_an_error(tmp_path: Path) -> None:
    """A typing mistake in a template shows before anybody reads the page."""
    with pytest.raises(jinja2.UndefinedError, match="headlin"):
        drawn("{{ headlin }}", tmp_path)


def test_a_page_carries_only_the_icons_that_it_shows(tmp_path: Path) -> None:
    """Each once."""
    icons = '{% import "macros.html" as show with context %}{{ show.icon("done") }}{{ show.icon("done") }}'
    (tmp_path / "try.html").write_text(icons, "utf-8")
    page = Page(
        address="",
        template="try.html",
        title="",
        language=load_language("en"),
        root="",
        assets="",
        stylesheets=(),
        view={},
    )
    finished = render(page, load_theme([tmp_path, own_theme()]))
    assert re.findall(r'id="i-(\w+)"', str(finished.context["icons"])) == ["done"]


def test_the_agencys_template_comes_first(tmp_path: Path) -> None:
    """A file in its theme/ takes the place of ours; all others stay."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, word in ((ours, "ours"), (theirs, "theirs")):
        folder.mkdir()
        (folder / "word.html").write_text(word, "utf-8")
    (ours / "other.html").write_text("{% include 'word.html' %}", "utf-8")
    (ours / "icons.html").write_text("", "utf-8")
    environment = load_theme([theirs, ours]).environment
    assert environment.get_template("other.html").render() == "theirs"
