"""What lies beside a client's pages: facts as data, and the files that they link to and show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from site_builder import pictures
from site_builder.model.page import FinishedFile
from site_builder.pages.progress import progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from site_builder.language import Language
    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap

PROGRESS_FILE = "progress.json"


def files_beside(
    client: Client, roadmaps: Sequence[Roadmap], language: Language, today: datetime.date
) -> Iterator[FinishedFile]:
    """List the files of one client; pictures are drawn anew, without hidden data."""
    data = json.dumps(progress(client, language, roadmaps, today), ensure_ascii=False, indent=1)
    yield FinishedFile(address=PROGRESS_FILE, content=f"{data}\n".encode())
    for project in client.projects:
        for target, file in sorted(project.files.items()):
            content = (
                pictures.clean_copy(file.path, is_given=file.is_given)
                if file.picture
                else file.path
            )
            yield FinishedFile(address=f"{project.id}/{target}", content=content)
