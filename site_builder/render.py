"""Page to finished HTML: our templates and our Markdown.

The only module that imports jinja2, markdown and nh3. Everything that people wrote is escaped by
the template engine, or sanitised after Markdown has made HTML of it; nothing else may become HTML.
"""

from __future__ import annotations

import functools
import html
import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import jinja2
import markdown
import nh3
from markupsafe import Markup

from site_builder.model.characters import closed_directions, is_clean_address
from site_builder.model.fields import is_web_link
from site_builder.model.page import FinishedPage, Page, Prose, SiteFiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ICON_FILE = "icons.html"

MARKDOWN_EXTENSIONS = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "fenced_code",
    "footnotes",
    "sane_lists",
    "tables",
    "pymdownx.details",
    "pymdownx.tasklist",
)
TAGS = frozenset(
    """
    a abbr blockquote br code dd del details div dl dt em figcaption figure h3 h4 h5 h6 hr
    i img ins kbd li mark ol p pre q s small span strong sub summary sup table tbody td
    tfoot th thead tr ul b u
    """.split()
)
_CLASSES = frozenset(
    """
    admonition admonition-title note tip info warning danger success question quote
    example abstract task task-list task-list-item footnote footnote-ref footnote-backref
    visually-hidden left center right
    """.split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "span": {"data-state"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope", "abbr"},
}
DROPPED_WITH_CONTENT = frozenset(
    """
    script style iframe object embed svg math form template noscript title textarea select
    xmp noembed noframes
    """.split()
)

_CHECKBOX = re.compile(r'<input\b(?=[^>]*type="checkbox")([^>]*)>')
_ALIGNED = re.compile(r'<(t[hd]) style="text-align: (left|center|right);">')
# A `>` may stand in the quotes of an attribute: not every nh3 escapes it there.
_ATTRIBUTES = r"""(?:[^">]|"[^"]*")*"""
_TAG = re.compile(rf"<{_ATTRIBUTES}>")
_IMAGE = re.compile(rf"<img\b{_ATTRIBUTES}>")
_PICTURE = re.compile(rf"<picture>.*?</picture>|{_IMAGE.pattern}", re.DOTALL)
_PARAGRAPH = re.compile(rf"</?p\b{_ATTRIBUTES}>")
_TOKEN = re.compile(rf"<(/?)([a-z][a-z0-9]*){_ATTRIBUTES}>")
_VOID = frozenset({"br", "hr", "img", "source"})
PICTURE_SIZES = "(min-width: 48rem) 44rem, calc(100vw - 2rem)"
"""How wide pages show a picture at most: as wide as their text."""
_FOOTNOTE_REF = re.compile(r'<sup\b[^>]*>\s*<a class="footnote-ref"[^>]*>.*?</a>\s*</sup>')

# Lines of words that mean nothing else to Markdown, below a heading or not; most texts are no more
# than that. `_` is a letter to `\w`, and a mark to Markdown.
_WORD = r"[\w,.;:?!()'\"\u2019\u201c\u201d\u2026\u2013\u2014/%\u20ac-]"
_LINE = rf"[^\W\d_]{_WORD}*(?: {_WORD}+)*"
_HEADING = rf"(?:(#{{2,4}}) ({_LINE})\n{{1,2}})?"
_PLAIN = re.compile(rf"{_HEADING}({_LINE}(?:\n{{1,2}}{_LINE})*)")


@functools.cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=list(MARKDOWN_EXTENSIONS),
        extension_configs={"footnotes": {"BACKLINK_TEXT": "\u21a9\ufe0e"}},
        output_format="html",
    )


@functools.lru_cache(maxsize=1024)
def _converted(text: str) -> str:
    """Convert Markdown, not yet safe; one text stands on several pages of a client."""
    converter = _converter()
    converter.reset()
    return converter.convert(text)


def _task(match: re.Match[str], words: tuple[str, str]) -> str:
    """Draw a box in place of a control that nobody could use; say its state to screen readers."""
    state, word = ("done", words[0]) if "checked" in match[1] else ("open", words[1])
    spoken = f'<span class="visually-hidden">{html.escape(word)} </span>'
    return f'<span class="task" data-state="{state}"></span>{spoken}'


class _UrlCheck:
    """Keeps only attributes that may stand on a page, with links made to fit it."""

    def __init__(self, files: SiteFiles | None, name: str) -> None:
        self.files = files
        self.prefix = f"{name}-" if name else "x-"

    def __call__(self, _tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return self.prefix + re.sub(r"[^\w:-]", "-", value)
        if attribute == "href":
            return self._link(value)
        if attribute == "src":
            return self._picture(value)
        if attribute == "class":
            kept = [name for name in value.split() if name in _CLASSES]
            return " ".join(kept) or None
        if attribute == "type" and value not in {"1", "a", "A", "i", "I"}:
            return None
        if attribute in {"width", "height"} and not value.isdigit():
            return None
        if attribute == "data-state" and value not in {"done", "open"}:
            return None
        return value

    def _link(self, value: str) -> str | None:
        if value.startswith("#"):
            return "#" + self.prefix + value[1:]
        if is_web_link(value):
            return value if is_clean_address(value) else None
        if self.files is None:
            return None
        path = posixpath.normpath(
            unquote(value.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
        )
        if path in self.files.steps:
            return f"{self.files.base}{self.files.steps[path]}/"
        return self.files.base + quote(path) if path in self.files.files else None

    def _picture(self, value: str) -> str | None:
        path = posixpath.normpath(unquote(value))
        return path if self.files and path in self.files.pictures else None


def _responsive(match: re.Match[str], files: SiteFiles) -> str:
    """Show a picture in its sizes, so that nothing moves while it loads; drop one without a source.

    `img` shows the copy for every browser; a `source` before it lists smaller files for most.
    """
    source = re.search(r'src="([^"]*)"', match.group())
    if not source:
        return ""
    shown = files.pictures[html.unescape(source[1])]
    width, height = shown.size
    bare = re.sub(r'\s(src|width|height|loading|decoding)="[^"]*"', "", match.group())
    begin = f'<img src="{files.base}{quote(shown.source)}" width="{width}" height="{height}"'
    image = bare.replace("<img", f'{begin} loading="lazy" decoding="async"', 1)
    if not shown.copies:
        return image
    listed = ", ".join(f"{files.base}{quote(name)} {width}w" for name, width in shown.copies)
    kind = f'type="image/webp" srcset="{listed}" sizes="{PICTURE_SIZES}"'
    return f"<picture><source {kind}>{image}</picture>"


def _plain_html(text: str, *, is_story: bool) -> str:
    """Make of plain words what all of `to_html` makes of them, in a twentieth of the time.

    Empty where a text has anything else.
    """
    found = None if "_" in text else _PLAIN.fullmatch(text)
    if not found:
        return ""
    level, heading, rest = found.groups()
    lines = [f"<p>{paragraph}</p>" for paragraph in rest.split("\n\n")]
    if heading:
        tag = f"h{len(level) if is_story else max(3, len(level))}"
        lines.insert(0, f"<{tag}>{heading}</{tag}>")
    return "\n".join(lines)


def to_html(
    text: str, name: str, files: SiteFiles | None, words: tuple[str, str] = ("Done:", "Open:")
) -> str:
    """Make safe HTML of an author's Markdown; `name` sets its ids apart.

    `words` say the state of a task that is done, and of one that is not. Headings begin at the
    third level, links and pictures fit the page of `files`, raw HTML keeps only what `TAGS` and
    `ATTRIBUTES` list.
    """
    if plain := _plain_html(text, is_story=name == "story"):
        return plain
    raw = _CHECKBOX.sub(lambda match: _task(match, words), _converted(text))
    raw = _ALIGNED.sub(r'<\1 class="\2">', raw)
    raw = (
        re.sub(r"<(/?)h[12]\b", r"<\1h2", raw)
        if name == "story"
        else re.sub(r"<(/?)h[12]\b", r"<\1h3", raw)
    )
    tags = TAGS | {"h2"} if name == "story" else TAGS
    safe = nh3.clean(
        raw,
        tags=set(tags),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes=ATTRIBUTES,
        attribute_filter=_UrlCheck(files, name),
        strip_comments=True,
        link_rel="noreferrer noopener",
        url_schemes={"http", "https", "mailto", "tel"},
    )
    if files:
        return _IMAGE.sub(lambda match: _responsive(match, files), safe)
    return _IMAGE.sub("", safe)


def _paragraphs(safe: str) -> list[str]:
    """List the paragraphs that stand in no other block, without their tags."""
    found, depth, start = [], 0, 0
    for match in _TOKEN.finditer(safe):
        closing, tag = match.groups()
        if tag in _VOID:
            continue
        if closing:
            depth -= 1
            if depth == 0 and tag == "p":
                found.append(safe[start : match.start()])
        else:
            if depth == 0 and tag == "p":
                start = match.end()
            depth += 1
    return found


def _paragraph(safe: str, index: int) -> str:
    """Return one paragraph as inline HTML; the first line of a list where there is none."""
    paragraphs = _paragraphs(safe)
    if not paragraphs and index == 0:
        item = re.search(r"<li\b[^>]*>(.*?)(</li>|<[uo]l)", safe, re.DOTALL)
        paragraphs = [item[1] if item else _TAG.sub(" ", safe)]
    if index >= len(paragraphs):
        return ""
    inline = _FOOTNOTE_REF.sub("", paragraphs[index])
    return closed_directions(_PARAGRAPH.sub("", _PICTURE.sub("", inline)).strip())


@jinja2.pass_context
def _finalize(context: jinja2.runtime.Context, value: object) -> object:
    """Let templates write `{{ prose }}`: Markdown becomes HTML here and nowhere else."""
    if not isinstance(value, Prose):
        return value
    say = context["_"]
    safe = to_html(value.text, value.name, context.get("files"), (say("Done:"), say("Open:")))
    return Markup(safe if value.paragraph is None else _paragraph(safe, value.paragraph))  # noqa: S704 - sanitised


@dataclass(frozen=True, slots=True)
class Theme:
    """The templates: the agency's own files first, then ours."""

    environment: jinja2.Environment
    symbols: Mapping[str, str]
    """The drawing of each icon, by name."""


def _bytecode_cache() -> jinja2.BytecodeCache | None:
    """Keep compiled templates where Python keeps compiled modules, if it may write there.

    Compiling takes longer than building a client. What is kept is code: it is no part of `.cache/`,
    which CI hands from one job to the next.
    """
    folder = Path(__file__).parent / "__pycache__"
    return jinja2.FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def load_theme(folders: Sequence[Path]) -> Theme:
    """Load the templates of several folders; a file in an earlier one comes first."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        auto_reload=False,
        bytecode_cache=_bytecode_cache(),
    )
    source, _, _ = environment.loader.get_source(environment, ICON_FILE)  # type: ignore[union-attr]
    symbols = {
        name: whole
        for whole, name in re.findall(r'(<symbol id="i-([\w-]+)".*?</symbol>)', source, re.DOTALL)
    }
    return Theme(environment=environment, symbols=symbols)


def _compact(text: str) -> str:
    """Leave out the empty lines and the indentation that templates leave behind."""
    if "<pre" in text:
        return text
    return re.sub(r"\n\s+", "\n", text)


def document(page: FinishedPage, theme: Theme) -> str:
    """Put the document around a page that stands in no folder of pages: it is sealed."""
    template = theme.environment.get_template(page.document)
    return template.render({**page.context, "main": page.main})


def render(page: Page, theme: Theme) -> FinishedPage:
    """Draw one page: its `<main>`, and the safe strings that the document around it shows."""
    language = page.language
    context: dict[str, Any] = {
        **page.view,
        "_": language.say,
        "files": page.files,
        "title": page.title,
        "lang": language.code,
        "direction": language.direction,
        "assets": page.root + page.assets,
        "stylesheets": page.stylesheets,
    }
    drawn = theme.environment.get_template(page.template).render(context)
    main = Markup(_compact(drawn))  # noqa: S704 - escaped by the templates
    used = dict.fromkeys(re.findall(r'href="#i-([\w-]+)"', main))
    icons = Markup("\n".join(theme.symbols[name] for name in sorted(used) if name in theme.symbols))  # noqa: S704 - ours
    return FinishedPage(
        address=page.address, document=page.document, main=main, context={**context, "icons": icons}
    )
