"""New files for people to fill in: templates beside pure functions that fill them.

Given answers, days and a fresh token, each function returns texts by their path from the
workspace's folder. Only `disk` touches files, and it never overwrites one.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING

from site_builder.model.fields import RESERVED_IDS, proper_id
from site_builder.scaffold.texts import (
    later_workday,
    short_id,
    weekday,
    yaml_text,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from site_builder.model.parts import Pause

_TEMPLATES = Path(__file__).parent
SAMPLE = "sample-bakery"
PYTHON = "3.13"
"""The version that CI installs."""

_AGENCY = {
    "mkdocs.yml": "agency/mkdocs.yml",
    "README.md": "agency/README.md",
    "requirements.txt": "agency/requirements.txt",
    ".gitignore": "agency/gitignore",
    ".pre-commit-config.yaml": "agency/pre-commit-config.yaml",
    ".vscode/settings.json": "agency/vscode-settings.json",
    ".vscode/extensions.json": "agency/vscode-extensions.json",
}
_CI = {
    "github": (".github/workflows/progress.yml", "ci/github.yml"),
    "gitlab": (".gitlab-ci.yml", "ci/gitlab.yml"),
    "bitbucket": ("bitbucket-pipelines.yml", "ci/bitbucket.yml"),
}
CI_HOSTS = (*_CI, "none")
CI_FILES = tuple(path for path, _ in _CI.values())


class _Template(string.Template):
    """A text with `@@{name}` in it: `$` and braces belong to the languages of the files."""

    delimiter = "@@"


def filled(template: str, **values: str) -> str:
    """Fill a template of this folder."""
    return _Template((_TEMPLATES / template).read_text("utf-8")).substitute(values)


def modeline(schema: str, depth: int) -> str:
    """Tell editors where the schema of a YAML file is, `depth` folders below the workspace."""
    return f"# yaml-language-server: $schema={'../' * depth}schema/{schema}.json\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a new workspace is made of."""

    name: str
    contact: str
    email: str
    timezone: str
    colour: str
    host: str
    """Where the pages are published; empty if not known yet."""
    ci: str
    """Where the repository is: github, gitlab, bitbucket or none."""
    requirement: str
    """The text of requirements.txt: the program, as pip finds it."""


def workspace_files(answers: Answers) -> dict[str, str]:
    """Fill the files of a new workspace, without clients and schemas."""
    host = f"host: {answers.host}" if answers.host else "# host: netlify"
    values = {
        "agency": yaml_text(answers.name),
        "contact": yaml_text(answers.contact),
        "email": yaml_text(answers.email),
        "timezone": answers.timezone,
        "colour": answers.colour,
        "host_line": host,
        "requirement": answers.requirement,
        "sample": SAMPLE,
    }
    files = {path: filled(template, **values) for path, template in _AGENCY.items()}
    if answers.ci != "none":
        files |= ci_file(answers.ci, "pip install -r requirements.txt")
    return files


def ci_host_of(address: str) -> str:
    """Guess from a remote's address where a repository is; none where it does not say."""
    server = re.sub(r"^[a-z+]+://", "", address.lower()).rpartition("@")[2]
    return next((host for host in _CI if host in re.split(r"[:/]", server)[0]), "none")


def ci_file(host: str, install: str, today: str = "") -> dict[str, str]:
    """Fill the CI file of a host; `install` is one line of shell, `today` an option for samples."""
    path, template = _CI[host]
    return {path: filled(template, python=PYTHON, install=install, today=today)}


def sample_files(day: datetime.date, token: str) -> dict[str, str]:
    """Fill the sample client, in the middle of its project on this day; client.yml comes last."""
    told = later_workday(day, -1, back=True)
    days = {
        "starts": later_workday(day, -37, back=True),
        "goals": later_workday(day, -30, back=True),
        "look": later_workday(day, -8, back=True),
        "told": told,
        "texts": later_workday(day, 4),
        "ordering": later_workday(day, 18),
        "launch": later_workday(day, 32),
    }
    values = {name: on.isoformat() for name, on in days.items()}
    values |= {"weekday": weekday(told), "token": token, "sample": SAMPLE}
    folder = _TEMPLATES / "sample"
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    names.sort(key=lambda name: name == "client.yml")
    return {
        f"projects/{SAMPLE}/{name.replace('TOLD', values['told'])}": filled(
            f"sample/{name}", **values
        )
        for name in names
    }


def client_file(
    client: str, name: str, link: str, *, schema: bool, protection: str | None = None
) -> dict[str, str]:
    """Fill the client.yml of a new client; `link` as it is written, with a key where it has one."""
    text = filled(
        "client/client.yml",
        modeline=modeline("client", 2) if schema else "",
        name=yaml_text(name),
        link=link,
        protection=f"protection: {protection}\n" if protection else "",
    )
    return {f"projects/{client}/client.yml": text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a project is made of."""

    path: str
    """client/project."""
    title: str
    start: datetime.date
    today: datetime.date
    holidays: Sequence[datetime.date | str] = ()
    pauses: Sequence[Pause] = ()
    has_schema: bool = False
    """Whether the workspace has schemas for editors."""


def proposed_title(subject: str) -> str:
    """Make the client's words for a project: of "A new website", "Your new website"."""
    name = re.sub(r"^(An?|The) ", "", subject)
    return f"Your {name if name[1:2].isupper() else name[:1].lower() + name[1:]}"


def project_file(plan: Plan) -> dict[str, str]:
    """Fill the project.yml of a new project without steps."""
    text = filled(
        "client/project.yml",
        modeline=modeline("project", 3) if plan.has_schema else "",
        title=yaml_text(plan.title),
        start=plan.start.isoformat(),
    )
    return {f"projects/{plan.path}/project.yml": text}


def milestone_id(label: str) -> str:
    """Make the id of a milestone from its label."""
    identifier = proper_id(label) or "step"
    return f"{identifier}-step" if identifier in RESERVED_IDS else identifier


def _more_keys(outcomes: Sequence[str], weights: Sequence[Decimal]) -> Iterator[str]:
    """Write the keys that other steps of a project have, with what there is to choose from."""
    if len(outcomes) > 1:
        several = f"[{', '.join(outcomes[:2])}]"
        yield f"outcome: {outcomes[0]}  # what it serves: {', '.join(outcomes)}; or {several}"
    elif outcomes:
        yield f"outcome: {outcomes[0]}  # what it serves"
    if weights:
        span = " to ".join(dict.fromkeys(map(str, (min(weights), max(weights)))))
        yield f"weight: {median_low(weights)}  # its share of the work; the other steps have {span}"


def milestone_text(
    label: str,
    due: datetime.date | None,
    why: str,
    day: datetime.date,
    *,
    outcomes: Sequence[str] = (),
    weights: Sequence[Decimal] = (),
) -> str:
    """Fill a planned milestone; without a reason why it matters it is a draft.

    Where its project has outcomes, or its other steps have weights, it offers them as comments.
    """
    example = (due or later_workday(day, 14)).isoformat()
    return filled(
        "client/milestone.md",
        label=yaml_text(label),
        due=f"due: {due}" if due else f"# due: {example}",
        more="".join(f"# {line}\n" for line in _more_keys(outcomes, weights)),
        draft=""
        if why
        else "draft: true  # not on the page: delete this line once it is written\n",
        day=example,
        today=day.isoformat(),
        why=why or "<!-- What does the client gain? One sentence, in their words. -->",
    )


def update_file(path: str, sentence: str, on: datetime.date) -> dict[str, str]:
    """Fill a note between milestones; `path` is client/project."""
    name = f"{on.isoformat()}-{short_id(sentence) or 'update'}.md"
    return {f"projects/{path}/updates/{name}": filled("client/update.md", sentence=sentence)}
