"""The overview as a page for the agency's own browser: one file that needs no other.

It names every client, so it is written where nothing publishes it. No private link stands in it:
whoever gets the file may read about the clients, but opens no page of theirs.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.attention.reasons import NEED_YOU, Urgency, written_day
from site_builder.attention.rows import HEADINGS, STATES, TOLD, totals
from site_builder.brand import derive, stylesheet
from site_builder.errors import UnsafeTarget
from site_builder.language import load_language
from site_builder.parse.clients import tokens_in
from site_builder.publish.assets import stylesheet_text
from site_builder.publish.exchange import MARKER, write_whole
from site_builder.render import load_theme
from site_builder.workspace import own_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.attention.rows import Row
    from site_builder.workspace import Workspace

_HERE = Path(__file__).parent
TONES = {
    Urgency.MEND: "at-risk",
    Urgency.WRITE: "at-risk",
    Urgency.OVERDUE: "at-risk",
    Urgency.AT_RISK: "moved",
    Urgency.REMIND: "waiting",
    Urgency.TODAY: "waiting",
    Urgency.SOON: "doing",
    Urgency.FINE: "done",
    Urgency.OVER: "skipped",
}
"""The colours of the client pages' states that say how urgent it is."""
ICONS = {
    Urgency.MEND: "risk",
    Urgency.WRITE: "note",
    Urgency.OVERDUE: "late",
    Urgency.AT_RISK: "risk",
    Urgency.REMIND: "waiting",
    Urgency.TODAY: "pin",
    Urgency.SOON: "moved",
    Urgency.FINE: "done",
    Urgency.OVER: "done",
}


def draw_page(workspace: Workspace, rows: Sequence[Row], today: datetime.date) -> str:
    """Draw the page of all rows, in their order."""
    # Never the agency's changed theme: this page is the program's own, and in English.
    theme = own_theme()
    agency = workspace.agency.settings

    def day(iso: str) -> str:
        return written_day(datetime.date.fromisoformat(iso), today)

    template = load_theme((_HERE, theme)).environment.get_template("page.html")
    groups = [
        (urgency, HEADINGS[urgency], [row for row in rows if row.urgency is urgency])
        for urgency in Urgency
    ]
    style = (
        stylesheet_text("progress.css", (theme,)),
        (_HERE / "page.css").read_text("utf-8"),
        stylesheet(derive(agency.colour)),
    )
    page = template.render(
        agency=agency.name,
        brand={"logo": ""},
        style="".join(style),
        today=load_language("en").date(today, "full"),
        total=totals(rows),
        has_urgent=any(row.urgency in NEED_YOU for row in rows),
        groups=[group for group in groups if group[2]],
        tones=TONES,
        icons=ICONS,
        states=STATES,
        told=TOLD,
        day=day,
    )
    # Somebody may have written one into a request.
    for token in tokens_in("\n".join(workspace.settings.values())):
        page = page.replace(token, "\u2026")
    return page


def write_page(path: Path, workspace: Workspace, rows: Sequence[Row], today: datetime.date) -> None:
    """Write the page, unless it would stand among pages that are published.

    Raises:
        UnsafeTarget: if it would.
        OSError: if it cannot be written.
    """
    for folder in path.resolve().parents:
        if (folder / MARKER).is_file():
            raise UnsafeTarget(f"{path} is inside a built site, and this page names every client")
    text = draw_page(workspace, rows, today)
    if path.parent == workspace.root / ".cache":
        write_whole(path.with_name(".gitignore"), b"*\n")
    write_whole(path, text.encode())
