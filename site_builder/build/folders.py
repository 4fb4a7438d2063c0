"""One client's folder: drawn, put together, sealed where that is asked for, and exchanged.

What is sealed is put together outside of the site, where only this user can read: it never lies
there in plain, not even for a moment.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import lookout, paper, render
from site_builder.assemble import assemble
from site_builder.attachments import attach
from site_builder.beside import followed_files
from site_builder.language import load_language
from site_builder.model.links import Protection
from site_builder.model.page import PDF_FILE
from site_builder.pages.sealed import file_page, shell_page
from site_builder.pages.site import CLIENT_DEPTH, NEUTRAL, plan
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.seal.folder import INDEX, Shells, sealed_folder
from site_builder.seal.keys import derive
from site_builder.seal.script import NAME, read_script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from site_builder.audit import Own
    from site_builder.build.client import Job
    from site_builder.errors import Problem
    from site_builder.model.links import PrivateLink
    from site_builder.model.page import FinishedFile, Page
    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap


@functools.cache
def theme_of(folders: tuple[Path, ...]) -> render.Theme:
    """Load the templates once a process."""
    return render.load_theme(folders)


def forget_theme() -> None:
    """Let the next build in this process read the templates anew: a preview's may change."""
    theme_of.cache_clear()


class _Drawn:
    """The pages of one client, drawn once, for each folder that shows them."""

    def __init__(
        self,
        job: Job,
        pages: Sequence[Page],
        files: Sequence[FinishedFile],
        printed: Sequence[str],
    ) -> None:
        """Draw; `printed` are the projects whose pages lie beside them on paper, too."""
        self._job = job
        self._folders = job.workspace.theme_folders
        self._theme = theme_of(self._folders)
        self._finished = [render.render(page, self._theme) for page in pages]
        self._files = files
        self._printed = printed
        self._papers: dict[str, bytes] = {}

    def put_into(self, stage: Path, own: Sequence[FinishedFile] = ()) -> None:
        """Write the pages and files into a folder, and those that are its own."""
        environment = self._theme.environment
        files = [*self._files, *own]
        assemble(self._finished, files, stage, theme=self._folders[0], environment=environment)
        for project in self._printed:
            if project not in self._papers:
                html = (stage / project / INDEX).read_text("utf-8")
                style = shared_assets.stylesheet_text(paper.STYLESHEET, self._folders)
                shared = self._job.site / self._job.assets.folder
                self._papers[project] = paper.draw(html, style, shared)
            (stage / project / PDF_FILE).write_bytes(self._papers[project])


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is worth knowing of a client whose folders were written."""

    found: Sequence[Problem]
    """What the audit finds worth saying."""
    pictures: tuple[str, ...]
    """What was used of the pictures that are kept."""
    is_lasting: bool
    """Whether the same would come out again on this day; without a PDF file it may not."""


def write_client(
    job: Job, mine: Own, client: Client, roadmaps: Sequence[Roadmap], links: Sequence[PrivateLink]
) -> Written:
    """Write a whole client, with all that lies beside its pages, into the folder of each link.

    Raises:
        InvalidInput: if something would leak, or a string of their theme has no words.
    """
    can_print = not (client.pdf and paper.missing())
    client = replace(client, pdf=client.pdf and can_print)
    language = load_language(client.language, job.workspace.root)
    beside = attach(client, roadmaps, language, job.options.today, job.pictures)
    pages = plan(client, roadmaps, language, job.assets, beside.shown)
    printed = [project.id for project in client.projects] if client.pdf else []
    if client.protection is Protection.LINK:
        folder = job.site / whole_site.CLIENTS
        followed = {
            folder / link.token: list(followed_files(client, language, roadmaps, link))
            for link in links
        }
        found = write_plain(job, mine, followed, pages, beside.finished, printed)
    else:
        found = write_sealed(job, mine, client, links, pages, beside.finished, printed)
    pictures = tuple(sorted(beside.made))
    return Written(found=found, pictures=pictures, is_lasting=can_print)


def write_plain(
    job: Job,
    mine: Own,
    targets: Mapping[Path, Sequence[FinishedFile]],
    pages: Sequence[Page],
    files: Sequence[FinishedFile] = (),
    printed: Sequence[str] = (),
) -> list[Problem]:
    """Draw the pages once; build each folder beside the old one, and exchange them.

    Each target has files of its own beside those of all. `mine` is what may stand there. What the
    audit finds worth knowing comes back.

    Raises:
        InvalidInput: if something would leak; then nothing is exchanged.
    """
    drawn = _Drawn(job, pages, files, printed)
    found: list[Problem] = []
    for target, own in targets.items():
        with exchange.exchanged(target) as stage:
            drawn.put_into(stage, own)
            found += lookout.refuse_leaks(job.sought, stage, mine)
    return found


def write_sealed(
    job: Job,
    mine: Own,
    client: Client,
    links: Sequence[PrivateLink],
    pages: Sequence[Page],
    files: Sequence[FinishedFile],
    printed: Sequence[str] = (),
) -> list[Problem]:
    """Draw the pages once, and seal them for each link.

    The audit looks through the pages before they are sealed, and through what comes of them.

    Raises:
        InvalidInput: if something would leak; then nothing is exchanged.
    """
    # A folder of files has a page that says nothing; names of sealed pages need no such folders.
    neutral = {f"{page.address}{INDEX}" for page in pages if page.template == NEUTRAL}
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place, "pages")
        _Drawn(job, pages, files, printed).put_into(stage)
        found = [*lookout.refuse_leaks(job.sought, stage, mine)]
        plain = {
            way: path.read_bytes()
            for path in sorted(stage.rglob("*"))
            if path.is_file() and (way := path.relative_to(stage).as_posix()) not in neutral
        }
    shells = _shells(job, client)
    file_pages = _file_pages(job, client, plain)
    for link in links:
        keys = derive(link, job.options.passphrase_of(client))
        with exchange.exchanged(job.site / whole_site.CLIENTS / link.token) as stage:
            for way, content in sealed_folder(plain, file_pages, keys, shells):
                path = stage / way
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            found += lookout.refuse_leaks(job.sought, stage, mine)
    return found


def _document(job: Job, page: Page) -> str:
    theme = theme_of(job.workspace.theme_folders)
    return render.document(render.render(page, theme), theme)


def _shells(job: Job, client: Client) -> Shells:
    settings = job.workspace.agency.settings
    language = load_language(settings.language, job.workspace.root)
    script = read_script()
    known = (f"{script.folder}{NAME}", script.integrity)
    landing, beside = (
        _document(
            job,
            shell_page(settings, language, job.assets, client.protection, known, depth=depth),
        )
        for depth in (CLIENT_DEPTH, CLIENT_DEPTH + 1)
    )
    return Shells(landing=landing, beside=beside)


def _file_pages(job: Job, client: Client, plain: Mapping[str, bytes]) -> dict[str, str]:
    language = load_language(client.language, job.workspace.root)
    return {
        way: _document(
            job, file_page(client, language, job.assets, way.rpartition("/")[2], len(content))
        )
        for way, content in plain.items()
        if not way.endswith(INDEX)
    }
