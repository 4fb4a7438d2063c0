"""All pages of one client, with their addresses; and the neutral pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.following import CALENDAR_FILE, FEED_FILE
from site_builder.model.page import PDF_FILE, Assets, Page, SiteFiles
from site_builder.pages.dates import dates
from site_builder.pages.details import changes_view, scope_view, step_view
from site_builder.pages.overview import overview_view
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import project_view
from site_builder.pages.sentences import privacy
from site_builder.pages.start import start_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.language import Language
    from site_builder.model.page import ShownPicture
    from site_builder.model.parts import Contact
    from site_builder.model.project import Client, Project
    from site_builder.model.roadmap import Roadmap
    from site_builder.model.written import AgencyFile

CLIENT_DEPTH = 2
"""A client's folder stands two folders below the site's root: c/<token>/."""
LANDING_CSS = ("progress.css",)
FURTHER_CSS = ("progress.css", "more.css")
SHELL_CSS = ("shell.css",)
NEUTRAL = "shell.html"
"""The template of pages without any client."""


def _up(address: str, above: int = 0) -> str:
    return "../" * (address.count("/") + above)


def contact_view(language: Language, contact: Contact) -> dict[str, object]:
    """Show a person whom people can ask."""
    return {
        "name": contact.name,
        "first_name": contact.name.split()[0],
        "role": contact.role,
        "email": contact.email,
        "phone": contact.phone or "",
        "tel": "".join(
            character for character in contact.phone or "" if character in "+0123456789"
        ),
        "ask": language.say("Ask {name}.", name=contact.name.split()[0]),
    }


def _project_title(client: Client, language: Language, project: Project) -> str:
    title, name = project.title, client.name
    return language.say("Progress: {title} \u00b7 {client}", title=title, client=name)


def client_title(client: Client, language: Language, roadmaps: Sequence[Roadmap]) -> str:
    """Name the page that a client opens; the name never tells how far things are."""
    if len(roadmaps) == 1:
        return _project_title(client, language, roadmaps[0].project)
    return language.say("Progress \u00b7 {client}", client=client.name)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Makes the pages of one client."""

    client: Client
    language: Language
    assets: Assets
    roadmaps: Sequence[Roadmap]
    shown: Mapping[str, Mapping[str, ShownPicture]]
    has_dates: bool
    """Whether something is ahead that a calendar could hold."""

    @property
    def _is_single(self) -> bool:
        return len(self.roadmaps) == 1

    def _page(
        self,
        address: str,
        template: str,
        title: str,
        view: dict[str, object],
        roadmap: Roadmap | None,
        css: tuple[str, ...],
        contact: Contact | None = None,
    ) -> Page:
        files = None
        if roadmap:
            project = roadmap.project
            inside = address.removeprefix(f"{project.id}/")
            is_inside = inside != address
            files = SiteFiles(
                base=_up(inside) if is_inside else f"{_up(address)}{project.id}/",
                pictures=self.shown.get(project.id, {}),
                files=frozenset(project.files),
                steps=dict(project.step_links),
            )
        return Page(
            address=address,
            template=template,
            title=title,
            language=self.language,
            root=_up(address, CLIENT_DEPTH),
            assets=self.assets.folder,
            stylesheets=(*css, self.assets.brand),
            files=files,
            view={
                **view,
                "client": self.client.name,
                "agency": self.language.isolated(self.client.agency.name),
                "contact": contact_view(self.language, contact or self.client.contact),
                "brand": self.assets,
                "protection": str(self.client.protection),
                "privacy": privacy(self.language, self.client.protection, self.roadmaps),
                "is_landing": not address,
                "calendar_href": f"{_up(address)}{CALENDAR_FILE}" if self.has_dates else "",
                "feed_href": f"{_up(address)}{FEED_FILE}" if self.client.has_feed else "",
            },
        )

    def _back(self, roadmap: Roadmap, address: str) -> dict[str, object]:
        """Lead back to the bookmarked address, or to the project's page where there are several."""
        say = self.language.say
        text = (
            say("Your road, month by month")
            if roadmap.project.is_ongoing
            else say("Your road, step by step")
        )
        href = (
            _up(address) if self._is_single else _up(address.removeprefix(f"{roadmap.project.id}/"))
        )
        return {"back": {"href": href, "text": text}}

    def _pieces(self, roadmap: Roadmap, base: str) -> Pieces:
        return Pieces(self.language, roadmap, base, self.client.name)

    def _project_page(self, roadmap: Roadmap, address: str) -> Page:
        project = roadmap.project
        base = f"{project.id}/" if not address else ""
        view = project_view(self._pieces(roadmap, base), self.client.ends)
        view["pdf_href"] = f"{base}{PDF_FILE}" if self.client.pdf else ""
        if address and not self._is_single:
            view["back"] = {"href": "../", "text": self.language.say("All your projects")}
        title = _project_title(self.client, self.language, project)
        css = FURTHER_CSS if address and not self._is_single else LANDING_CSS
        return self._page(address, "project.html", title, view, roadmap, css, project.contact)

    def _details(self, roadmap: Roadmap) -> Iterator[Page]:
        project, say, name = roadmap.project, self.language.say, self.client.name
        pieces = self._pieces(roadmap, "../")
        for step in roadmap.steps:
            address = f"{project.id}/{step.milestone.id}/"
            view = {**step_view(pieces, step), **self._back(roadmap, address)}
            yield self._page(
                address,
                "step.html",
                f"{step.milestone.label} \u00b7 {name}",
                view,
                roadmap,
                LANDING_CSS,
                project.contact,
            )
        address = f"{project.id}/start/"
        view = {**start_view(pieces), **self._back(roadmap, address)}
        title = say("What to expect")
        yield self._page(
            address,
            "start.html",
            f"{title} \u00b7 {name}",
            view,
            roadmap,
            LANDING_CSS,
            project.contact,
        )
        address = f"{project.id}/changes/"
        view = {**changes_view(pieces), **self._back(roadmap, address)}
        title = say("Everything that changed")
        yield self._page(
            address,
            "changes.html",
            f"{title} \u00b7 {name}",
            view,
            roadmap,
            FURTHER_CSS,
            project.contact,
        )
        if project.scope:
            address = f"{project.id}/scope/"
            view = {**scope_view(pieces, project.scope), **self._back(roadmap, address)}
            title = say("What we agreed")
            yield self._page(
                address,
                "scope.html",
                f"{title} \u00b7 {name}",
                view,
                roadmap,
                FURTHER_CSS,
                project.contact,
            )

    def pages(self) -> Iterator[Page]:
        """Make every page of the client."""
        if self._is_single:
            yield self._project_page(self.roadmaps[0], "")
        else:
            title = client_title(self.client, self.language, self.roadmaps)
            yield self._page(
                "",
                "overview.html",
                title,
                overview_view(
                    self.language, self.roadmaps, self.client.name, ends=self.client.ends
                ),
                None,
                FURTHER_CSS,
            )
        for roadmap in self.roadmaps:
            yield self._project_page(roadmap, f"{roadmap.project.id}/")
            yield from self._details(roadmap)
            yield from self._file_folders(roadmap.project)

    def _file_folders(self, project: Project) -> Iterator[Page]:
        """Every directory has an index page, so that no server lists it."""
        folders = {f"{folder}/" for target in project.files for folder in _parents(target)}
        for folder in sorted(folders):
            yield neutral_page(
                self.language,
                self.assets,
                self.client.agency,
                "notfound",
                f"{project.id}/{folder}",
                CLIENT_DEPTH,
            )


def _parents(target: str) -> Iterator[str]:
    parts = target.split("/")[:-1]
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])


def plan(
    client: Client,
    roadmaps: Sequence[Roadmap],
    language: Language,
    assets: Assets,
    shown: Mapping[str, Mapping[str, ShownPicture]],
) -> tuple[Page, ...]:
    """List every page of a client's folder; `shown` are its pictures, by project and file."""
    has_dates = client.has_calendar and any(
        entry.on >= roadmaps[0].today for entry in dates(client, language, roadmaps)
    )
    return tuple(_Planner(client, language, assets, roadmaps, shown, has_dates).pages())


def neutral_page(
    language: Language,
    assets: Assets,
    agency: AgencyFile,
    kind: str,
    address: str,
    depth: int,
    contact: Contact | None = None,
) -> Page:
    """Make a page without any client: `notfound`, `updating` or `closed`.

    `depth` counts the folders between the site's root and the folder that `address` starts from.
    """
    say = language.say
    words = {
        "notfound": (
            "skipped",
            say("There is no page here"),
            say("The address may be incomplete, or it has been replaced by a new one."),
            say("Ask the person who sent it to you for the current link."),
        ),
        "updating": (
            "late",
            say("This page is being updated"),
            say("Please try again a little later. The address stays the same."),
            "",
        ),
        "closed": (
            "done",
            say("This page is closed"),
            say("The project it belonged to has ended, and its pages have been taken down."),
            say("If you need a document from it, write to us: we keep what we agreed to keep."),
        ),
    }
    icon, heading, lead, more = words[kind]
    return Page(
        address=address,
        template=NEUTRAL,
        document="shell-document.html",
        title=heading,
        language=language,
        root=_up(address, depth),
        assets=assets.folder,
        stylesheets=(*SHELL_CSS, assets.brand),
        view={
            "kind": kind,
            "icon": icon,
            "heading": heading,
            "lead": lead,
            "more": more,
            "agency": language.isolated(agency.name),
            "brand": assets,
            "contact": contact_view(language, contact) if contact else None,
            "agency_url": agency.url if kind == "closed" and agency.url else "",
        },
    )
