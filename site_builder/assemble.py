"""Finished pages to a folder, through MkDocs. The only module that imports mkdocs.

MkDocs builds the microsite: it lists the pages, renders the document around each finished
`<main>`, and writes the files. Only strings and paths cross. Nothing that correctness or privacy
needs may live in MkDocs' plugins or filters: MkDocs 1.6 is no longer maintained, and this module
is where it would be replaced (see the decision record "The seam to MkDocs").
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder.errors import SiteBuilderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from site_builder.model.page import FinishedFile, FinishedPage

# Material announces its end of life on every build; the handbook's support page says it once.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")


class AssemblyFailed(SiteBuilderError):
    """MkDocs could not build a folder that we gave it: a bug of ours or of a changed theme."""


class _Warnings(logging.Handler):
    """Keeps what MkDocs warns of; a warning about our own pages is an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


class _OurPages:
    """The hooks: MkDocs is given our pages as its files, and our HTML as their content."""

    def __init__(self) -> None:
        self.pages: dict[str, FinishedPage] = {}
        self.files: Sequence[FinishedFile] = ()

    def take(self, pages: Sequence[FinishedPage], files: Sequence[FinishedFile]) -> None:
        """Take what the next build shall write."""
        self.pages = {_source_name(page): page for page in pages}
        self.files = files

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        from mkdocs.structure.files import File, InclusionLevel

        # What we hand over is published: MkDocs would leave out `templates/` and dotted names.
        kept = InclusionLevel.INCLUDED
        # The theme's own files (2.5 MB a site, sitemap.xml too) are no part of a client's page.
        for file in list(files):
            files.remove(file)
        for name in self.pages:
            files.append(File.generated(config, name, content="", inclusion=kept))
        for extra in self.files:
            if isinstance(extra.content, bytes):
                file = File.generated(config, extra.address, content=extra.content, inclusion=kept)
            else:
                file = File.generated(
                    config, extra.address, abs_src_path=str(extra.content), inclusion=kept
                )
            files.append(file)
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        del markdown
        page.meta["template"] = self.pages[page.file.src_uri].document
        # The texts are HTML already; MkDocs would set up its Markdown anew for each page.
        page.render = lambda *_: setattr(page, "content", "")  # type: ignore[method-assign]
        return ""

    def on_page_context(
        self, context: dict[str, Any], *, page: Page, **_: Any
    ) -> Mapping[str, Any]:
        finished = self.pages[page.file.src_uri]
        return {**context, **finished.context, "main": finished.main}


def _source_name(page: FinishedPage) -> str:
    """Name the Markdown file that MkDocs believes in: `website/goals/index.md`."""
    return (
        page.address[: -len(".html")] + ".md"
        if page.address.endswith(".html")
        else f"{page.address}index.md"
    )


@functools.cache
def _configured(theme: Path) -> tuple[MkDocsConfig, _OurPages]:
    """Configure MkDocs once a process: validating takes it longer than building a client."""
    from mkdocs.config import config_options
    from mkdocs.config.defaults import MkDocsConfig

    class OurConfig(MkDocsConfig):  # type: ignore[no-untyped-call]
        # Our texts are HTML already, and its extensions of Markdown take long to load.
        markdown_extensions = config_options.MarkdownExtensions(configkey="mdx_configs")

    hooks = _OurPages()
    # MkDocs insists on a folder of documents; ours is empty, the hooks bring the pages.
    with tempfile.TemporaryDirectory() as docs:
        config = OurConfig(config_file_path=str(Path(docs).parent / "mkdocs.yml"))
        config.load_dict(
            {
                "site_name": "Progress",
                "docs_dir": docs,
                # The files are named as they shall be published: no second opinion on addresses.
                "use_directory_urls": False,
                "theme": {"name": "material", "custom_dir": str(theme), "font": False},
                "plugins": [],
                "strict": True,
            }
        )
        wrong = [f"{key}: {what}" for found in config.validate() for key, what in found]
    if wrong:
        raise AssemblyFailed("MkDocs refuses its settings: " + "; ".join(wrong))
    config.site_url = None
    config.theme.static_templates.clear()
    for name in ("files", "page_markdown", "page_context"):
        # A hook that is no installed package has no public way in.
        config.plugins._register_event(name, getattr(hooks, f"on_{name}"))  # noqa: SLF001
    return config, hooks


@contextlib.contextmanager
def _listening() -> Iterator[_Warnings]:
    handler, logger = _Warnings(), logging.getLogger("mkdocs")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def assemble(
    pages: Sequence[FinishedPage],
    files: Sequence[FinishedFile],
    out: Path,
    *,
    theme: Path,
    environment: Any,
) -> None:
    """Write pages and files into the folder `out`, which must be empty or absent.

    `theme` is MkDocs' custom_dir; `environment` renders the documents (autoescape on, undefined
    names are errors), because MkDocs' own does not escape.

    Raises:
        AssemblyFailed: if MkDocs stops or warns.
    """
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    out.mkdir(parents=True, exist_ok=True)
    with _listening() as warnings:
        try:
            config, hooks = _configured(theme)
            hooks.take(pages, files)
            config.site_dir = str(out)
            config.theme.get_env = lambda: environment  # type: ignore[method-assign]
            build(config)
        except MkDocsException as error:
            raise AssemblyFailed(f"MkDocs stopped: {error} {warnings.messages}") from error
    if warnings.messages:
        raise AssemblyFailed("MkDocs warned: " + "; ".join(warnings.messages))
