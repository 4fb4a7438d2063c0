"""The handbook's pages of files and commands, made from the models and the command line.

`python -m site_builder.reference FOLDER` writes `files.md` and `commands.md` into the folder, and
a test holds the committed pages against what is written here. So a key or an option cannot exist
without standing in the handbook.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
import types
import typing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli import cli
from site_builder.model import fields, links, parts, written
from site_builder.model.hosts import HOSTS, NO_HEADERS
from site_builder.model.meanings import meanings
from site_builder.publish.hosts import size_words, snippet
from site_builder.publish.site import ASSET_CACHE, COMMON_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.model.hosts import Host

Model = type[parts.Written]

VALUES = {
    "Line": "text",
    "Day": "date",
    "Flag": "true or false",
    "Number": "number",
    "Whole": "whole number",
    "Share": "0 to 1",
    "Weight": "number above 0",
    "Link": "link",
    "Target": "link or file",
    "Email": "e-mail",
    "Phone": "phone",
    "Colour": "colour",
    "Id": "id",
    "Private": "token, or token#key",
    "Open": "token",
    "LanguageCode": "language",
    "TimeZone": "time zone",
    "Host": "host",
    "Holiday": "country or date",
}
"""The kinds of values of `model.fields` and `model.links`, as the tables call them."""

PARTS = {
    "Contact": "A contact",
    "Fonts": "Your own fonts",
    "TeamMember": "A team member",
    "Rhythm": "Rhythm",
    "Cadence": "A rhythm of updates",
    "Outcome": "An outcome",
    "Pause": "A pause",
    "Scope": "The scope",
    "ScopeChange": "A change of the scope",
    "Move": "A move",
    "Risk": "A date at risk",
    "Skip": "A skipped step",
    "Need": "A need",
    "Approval": "An approval",
    "FileEntry": "A file",
    "Allowance": "A finding that is meant so",
    "Deviation": "A deviation",
    "FirstNeed": "Something to bring",
    "OfferingMilestone": "A step of an offering",
    "MilestoneFile": "A milestone",
}
"""The headings of what stands inside other keys."""

DEFAULTS = {
    ("AgencyFile", "colour"): "a dark grey",
    ("AgencyFile", "logo"): "the name in letters",
    ("AgencyFile", "logo_dark"): "the logo on a light plate there",
    ("AgencyFile", "icon"): "a star in your colour",
    ("AgencyFile", "fonts"): "fonts of the reader's system",
    ("Fonts", "text"): "fonts of the reader's system",
    ("Fonts", "headings"): "the font of the text",
    ("AgencyFile", "rhythm"): "its own defaults",
    ("ClientFile", "language"): "the agency's",
    ("ClientFile", "contact"): "the agency's",
    ("ClientFile", "pdf"): "the agency's",
    ("ProjectFile", "contact"): "the client's",
    ("ProjectFile", "finish"): "Last step",
    ("ProjectFile", "holidays"): "the agency's",
    ("AgencyFile", "holidays"): "only weekends are left out",
    ("OfferingMilestone", "label"): "from the id",
    ("ProjectFile", "rhythm"): "the agency's",
    ("MilestoneFields", "label"): "from the id",
    ("MilestoneFields", "title"): "the first sentence of \u201cWhy it matters\u201d",
    ("MilestoneFields", "outcome"): "the only one there is",
    ("MilestoneFields", "weight"): "no percentage is shown",
    ("MilestoneFile", "state"): "what `done` and `skipped` say, else planned",
    ("MilestoneFile", "due"): "\u201cDate to follow\u201d",
    ("MilestoneFile", "progress"): "0",
    ("Need", "button"): "Open it",
    ("FileEntry", "kind"): "a file's type and size",
}
"""What holds where nothing is written, as far as it is not a plain value."""


@dataclass(frozen=True, slots=True)
class Example:
    """A whole file, as an agency could have written it."""

    path: str
    """From the workspace's folder."""
    text: str
    lead: str = ""
    """What it shows."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One kind of file in the reference."""

    heading: str
    anchor: str
    lead: str
    model: Model | None
    examples: tuple[Example, ...]


AGENCY = WrittenFile(
    "The agency: mkdocs.yml",
    "the-agency",
    "The agency's settings stand under `extra.agency`. Only that key is read, and strictly; the rest of"
    " the file belongs to MkDocs. The folder of this file is your workspace; `logo`, `logo_dark`,"
    " `icon` and `fonts` are files in it: [Your brand](../how-to/brand.md)."
    " Which file with headers is written, `host` says: [Hosts](hosts.md).",
    written.AgencyFile,
    (
        Example(
            "mkdocs.yml",
            """\
site_name: Northlight Studio
extra:
  agency:
    name: Northlight Studio
    url: https://northlight.example
    base_url: https://progress.northlight.example
    colour: "#0b5a6b"
    logo: brand/logo.svg
    logo_dark: brand/logo-dark.svg
    icon: brand/icon.png
    fonts: {text: brand/text.woff2, headings: brand/headings.woff2}
    language: en
    timezone: Europe/London
    holidays: GB-ENG
    glossary: [CMS, storyboard]
    forbidden: [staging.northlight.example, day rate]
    avoid: {ping: write to}
    host: netlify
    pdf: false
    rhythm: {gap: 28, cluster: 4, cluster_days: 7, silence: 14, update_lag: 2}
    contact:
      name: Maya Lindqvist
      role: your project lead
      email: maya@northlight.example
      phone: "+44 20 7946 0123"
""",
        ),
    ),
)

CLIENT = WrittenFile(
    "A client: client.yml",
    "a-client",
    "One folder in `projects/` for each client, with this file and one folder for each project. A folder"
    " whose name begins with `_` is no client.",
    written.ClientFile,
    (
        Example(
            "projects/larkfield-vets/client.yml",
            """\
name: Larkfield Vets
language: en
mentions: [Harbour Physio]
protection: link
feed: false
pdf: true
links:
  everyone: 5mzk3w7q2hxr4tnd6bvyacjpfa
contact:
  name: Maya Lindqvist
  role: your project lead
  email: maya@northlight.example
  phone: "+44 20 7946 0123"
ends: 2026-10-24
""",
        ),
    ),
)

PROJECT = WrittenFile(
    "A project: project.yml",
    "a-project",
    "One folder for each engagement, with this file and the folders `milestones/`, `updates/` and"
    " `files/`. Only `title` and `starts` must be there.",
    written.ProjectFile,
    (
        Example(
            "projects/larkfield-vets/website/project.yml",
            """\
title: Your new website
finish: Launch
offering: website
starts: 2026-01-05
updates: {every: week, on: Friday}
next_update: 2026-03-09
ongoing: false
rhythm: {gap: 35}
holidays: [GB-ENG, 2026-12-24]
glossary: [locum]
allow:
  - {rule: partial-weights, why: The weights come with the dates.}
deviates:
  - {milestone: goals, why: The goals were agreed in an earlier project.}
contact: {name: Jonas Reed, role: your project lead, email: jonas@northlight.example}
team:
  - {name: Leila Amari, role: writes your texts, what: "Writes with you, in your voice."}
outcomes:
  bookings: Pet owners can book online, day and night
  visits:
    text: More owners find you when they search
    unit: new patients a month
    start: 22
    start_on: 2026-01-05
    now: 31
    as_of: 2026-02-28
    goal: 40
pauses:
  - {from: 2026-01-19, to: 2026-01-25, why: Your team moved to the new clinic.}
  - {from: 2026-04-06, why: You wait for the decision of the board., decision_on: 2026-04-20}
scope:
  agreed: 2026-01-05
  items: [Nine page types, Online booking for three clinics]
  changes:
    - on: 2026-02-10
      kind: in
      what: A page for locum vets
      why: You asked for it.
      effect: No change to launch.
""",
        ),
        Example(
            "projects/larkfield-vets/logo/project.yml",
            """\
title: Your new logo
starts: 2026-02-16
milestones:
  - id: logo
    label: Your logo
    due: 2026-03-27
    state: doing
    now: drawing your new logo
    matters: Pet owners recognise Larkfield at first glance.
    next: You see three drawings on Monday 9 March.
""",
            "A small project may keep its steps in the same file, with the three answers as keys."
            " The steps stand either here or in `milestones/`, not in both.",
        ),
    ),
)

MILESTONE = WrittenFile(
    "A milestone: milestones/NN-id.md",
    "a-milestone",
    "The keys stand between two lines `---`, the three answers below them as level-two headings:"
    " `## What just happened` (or `## What is happening now`), `## Why it matters`,"
    " `## What comes next`. Their case does not matter, nor a full stop, colon or question mark behind"
    " them. Text under further headings is the longer story on the step's own page. The digits in front"
    " of the name are the order, each number once; the rest is the id. What each state must say stands in"
    " [Write a milestone](../how-to/write-a-milestone.md).",
    written.MilestoneFile,
    (
        Example(
            "projects/larkfield-vets/website/milestones/05-page-texts.md",
            """\
---
label: Page texts approved
title: Visitors find clear answers about every treatment you offer
now: approving your page texts
state: waiting
due: 2026-03-06
outcome: [bookings, visits]
weight: 10
progress: 0.5
at_risk: {why: Two texts need a second look by your vets., decision_on: 2026-03-04}
needs:
  - ask: Read and approve the texts for your six treatment pages
    asked: 2026-03-02
    by: 2026-03-06
    takes: about 40 minutes
    protects: With your OK by Friday, launch stays on 24 April.
    link: https://docs.example/texts
    button: Open the texts
    approval: true
  - ask: Tell us who may answer questions about dental care
    asked: 2026-02-23
    received: 2026-02-25
internal: Tom reads the dental texts first.
---
## What is happening now
The texts for your six treatment pages are ready and waiting for your OK.

## Why it matters
Visitors find clear answers about every treatment you offer, so fewer call to ask.

## What comes next
After your OK we build the pages; you can click through them on 20 March.
""",
            "In the client's hands:",
        ),
        Example(
            "projects/larkfield-vets/website/milestones/04-new-look.md",
            """\
---
id: new-look
label: New look approved
due: 2026-03-02
done: 2026-02-27
moved:
  - from: 2026-02-20
    on: 2026-02-13
    why: You wanted to see a third idea.
    effect: Launch does not change.
outcome: visits
approved: {by: Priya Shah, on: 2026-02-27}
thanks: "Thank you, Priya: your quick answer put us three days ahead."
files:
  - title: Your message on one page
    file: files/message-on-one-page.pdf
  - title: Approved design for all nine page types
    url: https://design.example/larkfield/nine-page-types
    kind: opens in the browser
---
## What just happened
You approved the design for all nine page types.

## Why it matters
Everything we build from now on follows the look you chose.
""",
            "Finished:",
        ),
        Example(
            "projects/larkfield-vets/website/milestones/03-new-photos.md",
            """\
---
label: New photos of your three clinics
skipped: {on: 2026-02-03, why: You chose to use the photos from 2025.}
allow:
  - {rule: long-label, why: The client calls it so.}
---
""",
            "Left out, as agreed:",
        ),
        Example(
            "projects/larkfield-vets/website/milestones/09-first-month.md",
            """\
---
label: First month in numbers
draft: true
publish_on: 2026-04-24
happened: We counted the online bookings of the first month.
matters: You see whether pet owners use the new site.
next: We look at the numbers together.
---
""",
            "Not on the page yet, and with the answers as keys:",
        ),
    ),
)

UPDATE = WrittenFile(
    "An update: updates/YYYY-MM-DD-slug.md",
    "an-update",
    "A note between milestones. It has no keys: the date stands in the file's name, the first line is the"
    " sentence under \u201cWhat changed recently\u201d, and the rest, which may be missing, stands on the page of"
    " all changes.",
    None,
    (
        Example(
            "projects/larkfield-vets/website/updates/2026-02-17-home-page-ideas.md",
            """\
Three first ideas for the look of your home page

You saw them in our meeting and chose the second one, with the warmer green.

![Home page with a dark green header and a booking button](files/home-idea.jpg)
""",
        ),
    ),
)

OFFERING = WrittenFile(
    "An offering: _offerings/NAME.yml",
    "an-offering",
    "A service that you sell, as milestones: [Sell the same road twice](../how-to/offerings.md). A project that names it"
    " is compared with it.",
    written.OfferingFile,
    (
        Example(
            "projects/_offerings/website.yml",
            """\
title: A new website
for: Local practices with more than one address
promise: A site that takes bookings while you sleep.
finish: Launch
ongoing: false
links: {fair: mjqqfaickfltyzby7xfz3siwhv}
updates: {every: week, on: Friday}
outcomes:
  bookings: Your customers can book online, day and night
needs_first:
  - Tell us who decides about texts and pictures
  - {ask: Send us your logo as a vector file, takes: about 5 minutes}
milestones:
  - id: goals
    day: 5
    label: Goals agreed
    title: Your goals for the new website are agreed
    outcome: bookings
    weight: 10
    happened: You choose three goals, and agree with us how to measure them.
    matters: Every later choice can be checked against goals that you chose.
    next: You choose a day for the photographer.
    files:
      - {title: An example of three goals, url: "https://northlight.example/goals"}
    internal: Use the form for first meetings.
  - id: new-photos
    day: 15
    label: New photos
    optional: true
    happened: You choose the photos that you like best.
    matters: People see who will look after them before they come.
    next: You see three ideas for your home page.
  - id: new-look
    day: 25
    label: New look approved
    happened: You choose one of three ideas.
    matters: Everything we build from now on follows the look you chose.
    next: You read the texts for your pages.
  - id: page-texts
    day: 40
    label: Page texts approved
    happened: You read the texts for your pages and give your OK.
    matters: Visitors find clear answers, so fewer of them call you to ask.
    next: You try every page on your own phone.
""",
        ),
    ),
)

ANNOUNCEMENT = WrittenFile(
    "An announcement: announced/YYYY-MM-DD-….yml",
    "an-announcement",
    "What was told to a client, once: [Tell the client](../how-to/announce.md). `announce --sent` writes it beside the"
    " client's projects, and nobody needs to edit it. It holds no link, and of your texts only digests.",
    written.AnnouncementFile,
    (
        Example(
            "projects/larkfield-vets/announced/2026-03-02-1c9e4d02.yml",
            """\
on: 2026-03-02
until: 3f2a9c1b04d5e6f708192a3b4c5d6e7f80910a2b
told:
  - finished website/new-look 2026-02-27
  - asked website/page-texts 2026-03-02 4710b805
""",
        ),
    ),
)

FILES = (AGENCY, CLIENT, PROJECT, MILESTONE, UPDATE, OFFERING, ANNOUNCEMENT)

_HEAD = "<!-- Made by `make reference`. Change site_builder/{source} instead. -->\n"

_FILES_LEAD = """\
# Files and keys

Everything that you can write. A key that is not here is an error that names the nearest known one;
a key in **bold** must be there.

```text
mkdocs.yml                    the agency's settings, under extra.agency
theme/                        only what you change about the look
  locale/de.po                ... and about our words
projects/
  _offerings/website.yml      services that you sell
  larkfield-vets/             one folder for each client
    client.yml
    website/                  one folder for each project
      project.yml
      milestones/05-page-texts.md
      updates/2026-02-17-home-page-ideas.md
      files/                  what the pages link to and show
    announced/                what was told to the client: written by the program
```

The names of folders are **ids**: lower-case letters a to z, digits and single `-`. The ids `files`,
`assets`, `changes`, `scope` and `start` are taken, and `announced` for a project. Files that only a system makes (`.DS_Store`,
`Thumbs.db`, back-ups of an editor) are passed over; any other file without a place is a warning.
A text file has at most 256 KiB and is UTF-8.
"""

_FILES_FOOT = """\
## Kinds of values

Values are read as text first, so `no` stays a word and `1.10` keeps its zero.

{kinds}

Text that holds `: ` or ` #`, or begins with a sign such as `@`, `*`, `{{` or `[`, needs quotes around it.
"""


def _parts_of(annotation: Any) -> Iterator[Model]:
    """Find the classes inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, parts.Written):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _parts_of(part)


def _kinds() -> dict[str, tuple[object, ...]]:
    """List the kinds of `model.fields` and `model.links` with what pydantic knows them by."""
    known = {**vars(fields), **vars(links)}
    return {name: typing.get_args(known[name])[1:] for name in VALUES}


def _kind(metadata: tuple[object, ...]) -> str:
    """Name the most exact kind that the metadata of a field begin with."""
    fitting = [name for name, known in _kinds().items() if metadata[: len(known)] == known]
    return max(fitting, key=lambda name: len(_kinds()[name]), default="")


def _value(annotation: Any, metadata: tuple[object, ...] = ()) -> str:
    """Say in words what may stand behind a key."""
    if kind := _kind(metadata):
        return VALUES[kind]
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _value(inner[0], inner[1:])
    if origin in {typing.Union, types.UnionType}:
        return _value(next(part for part in inner if part is not types.NoneType))
    if origin is tuple:
        return f"list: {_value(inner[0])}"
    if origin is dict:
        name = "label" if inner[0] is str else _value(inner[0])
        return f"by {name}: {_value(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, parts.Written):
        heading = PARTS[annotation.__name__]
        return f"[{heading[:1].lower()}{heading[1:]}](#{heading.lower().replace(' ', '-')})"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(f"`{value.value}`" for value in annotation)
    return "Markdown" if annotation is str else "anything"


def _default(model: Model, name: str) -> str:
    """Say what holds where a key is missing."""
    field = model.model_fields[name]
    for owner in model.__mro__:
        if (owner.__name__, name) in DEFAULTS:
            return DEFAULTS[owner.__name__, name]
    default = field.default
    if field.is_required() or default in (None, "", (), {}) or isinstance(default, parts.Written):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def _table(model: Model) -> str:
    rows = ["| key | value | meaning |", "|---|---|---|"]
    words = meanings(model)
    for name, field in model.model_fields.items():
        key = f"`{field.alias or name}`"
        key = f"**{key}**" if field.is_required() else key
        meaning = " ".join(words.get(name, "").split())
        value = _value(field.annotation, tuple(field.metadata))
        default = _default(model, name)
        without = f" Without it: {default}." if default else ""
        rows.append(f"| {key} | {value} | {meaning}{without} |")
    return "\n".join(rows) + "\n"


def _fence(example: Example) -> str:
    language = "yaml" if example.path.endswith(".yml") else "markdown"
    lead = f"{example.lead}\n\n" if example.lead else ""
    return f'{lead}```{language} title="{example.path}"\n{example.text}```\n'


def _inner(model: Model, told: set[Model]) -> Iterator[Model]:
    """List the classes inside a class that have not been told yet, in the order of its keys."""
    for field in model.model_fields.values():
        for part in _parts_of(field.annotation):
            if part not in told:
                told.add(part)
                yield part
                yield from _inner(part, told)


def _kinds_table() -> str:
    """List the kinds of values with the texts that stand under them, where they are defined."""
    body = [node for kinds in (fields, links) for node in ast.parse(inspect.getsource(kinds)).body]
    said = {}
    for statement, text in itertools.pairwise(body):
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            said[statement.targets[0].id] = " ".join(str(text.value.value).split())
    rows = [f"| {word} | {said[name]} |" for name, word in VALUES.items()]
    return "\n".join(["| value | what it is |", "|---|---|", *rows])


def files_page() -> str:
    """Write the page of all files and keys."""
    told: set[Model] = {written.MilestoneFile}
    blocks = [_HEAD.format(source="model/written.py or site_builder/reference.py") + _FILES_LEAD]
    for file in FILES:
        blocks.append(f"## {file.heading} {{ #{file.anchor} }}\n\n{file.lead}\n")
        blocks += [_fence(example) for example in file.examples]
        if file.model is None:
            continue
        blocks.append(_table(file.model))
        for part in _inner(file.model, told):
            meaning = " ".join((part.__doc__ or "").split())
            blocks.append(f"### {PARTS[part.__name__]}\n\n{meaning}\n\n{_table(part)}")
    blocks.append(_FILES_FOOT.format(kinds=_kinds_table()))
    return "\n".join(blocks)


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


_OPTION_VALUES = {
    "address": "an address",
    "boolean": "",
    "date": "`YYYY-MM-DD`",
    "K/N": "`3/10`",
    "directory": "a folder",
    "file": "a file",
    "integer range": "a number",
    "path": "a file, or its folder",
    "text": "text",
}


_COMMANDS_LEAD = """\
# Commands

Run them anywhere in your workspace, or name its `mkdocs.yml` with `-f`. A CLIENT is the name of a
folder in `projects/`, or the way to it; without one, a command is about all clients. Everything also
works as `python -m site_builder`. A PROJECT is `client/project`, a STEP `client/project/milestone`, or
the way to its folder or file; where a client has only one project, its name may be left out. How a command ends is on the page [Exit codes](exit-codes.md).

Today is what `--today` says, else the environment variable `SOURCE_DATE_EPOCH`, else the day in the
agency's time zone. The names of files and folders behind options count from where you are.

Your shell can complete commands, options, clients, projects and steps with the Tab key. Write this into `~/.bashrc`, or into
`~/.zshrc` with `zsh_source`:

```text
eval "$(_SITE_BUILDER_COMPLETE=bash_source site-builder)"
```
"""


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """List a command and those inside it."""
    yield context
    if isinstance(context.command, click.Group):
        for name, command in sorted(context.command.commands.items()):
            yield from _contexts(
                command.make_context(name, [], parent=context, resilient_parsing=True)
            )


def commands_page() -> str:
    """Write the page of all commands and options."""
    context = cli.make_context("site-builder", [], resilient_parsing=True)
    blocks = [_HEAD.format(source="cli/") + _COMMANDS_LEAD]
    for inner in _contexts(context):
        command = inner.command
        if inner is not context:
            blocks.append(f"## {inner.command_path.partition(' ')[2]}\n")
        usage = " ".join([inner.command_path, *command.collect_usage_pieces(inner)])
        blocks.append(f"```text\n{usage}\n```\n\n{_paragraphs(command.help or '')}\n")
        rows = ["| option | value | what it does |", "|---|---|---|"]
        for parameter in command.get_params(inner):
            record = parameter.get_help_record(inner)
            if record and parameter.param_type_name == "option":
                names = ", ".join(f"`{name}`" for name in parameter.opts)
                choices = ", ".join(
                    f"`{choice}`" for choice in getattr(parameter.type, "choices", ())
                )
                value = (
                    choices
                    or (parameter.metavar and f"`{parameter.metavar}`")
                    or _OPTION_VALUES[parameter.type.name]
                )
                meaning, _, more = record[1].partition("  [")
                default = more.partition("default: ")[2].rstrip("]")
                without = f" Without it: `{default}`." if default else ""
                rows.append(f"| {names} | {value} | {meaning}{without} |")
        blocks.append("\n".join(rows) + "\n")
    return "\n".join(blocks)


_HOSTS_LEAD = """\
# Hosts

`host` in `mkdocs.yml` says where the pages are published. `build` then writes the file that this host reads, and no other's:

```yaml title="mkdocs.yml"
extra:
  agency:
    name: Northlight Studio
    contact: {name: Maya Lindqvist, email: maya@northlight.example}
    host: nginx
```

`site-builder doctor` says what this host cannot do by itself, and `site-builder doctor --snippet` prints what belongs into its own
settings. How to publish there is on the page [Publish](../how-to/publish.md).
"""

_HOSTS_HEADERS = """\
## The headers

All answers carry these, pages, files and errors. On a host that sends no headers the pages carry the first three in themselves.
Where a client's pages are sealed, the policy of what is below `/c/` has `script-src 'self'` in it, too.

{headers}

What is below `/assets/` may be kept for ever, because its folder is named after its content: `Cache-Control: {assets}`.
Everything else is kept by nobody: a link that was taken back must not live on in a cache.
"""


def _limits(host: Host) -> str:
    """Say what a host takes."""
    parts = [f"{host.most_files:,} files"] if host.most_files else []
    parts += [size_words(host.most_bytes)] if host.most_bytes else []
    parts += [f"{size_words(host.largest_file)} a file"] if host.largest_file else []
    said = ", ".join(parts)
    return f"{said} ({host.plan})" if said and host.plan else said


def hosts_page() -> str:
    """Write the page of all hosts: files, limits, what each cannot enforce, and the snippets."""
    rows = ["| `host` | is | in the site | in its own settings | takes |", "|---|---|---|---|---|"]
    for host in HOSTS.values():
        files = ", ".join(f"`{name}`" for name in host.files) or "nothing"
        rows.append(
            f"| `{host.name}` | {host.title} | {files} | {host.snippet or 'nothing'} | {_limits(host)} |"
        )
    headers = ["| header | value |", "|---|---|"]
    headers += [f"| `{name}` | `{value}` |" for name, value in COMMON_HEADERS.items()]
    blocks = [
        _HEAD.format(source="model/hosts.py") + _HOSTS_LEAD,
        "\n".join(rows)
        + "\n\nWithout `host`, the site gets a file `_headers`. `publish` and `doctor` say"
        " when the site is more than its host takes.\n",
        _HOSTS_HEADERS.format(headers="\n".join(headers), assets=ASSET_CACHE),
        "## What each cannot enforce\n",
    ]
    for host in HOSTS.values():
        said = [] if host.sets_headers else [NO_HEADERS.format(title=host.title)]
        said += [*host.cannot, *([host.old] if host.old else [])]
        blocks.append(f"### {host.title}\n\n" + "\n".join(f"- {each}" for each in said) + "\n")
        if host.delete:
            commands = "\n".join(host.delete)
            blocks.append(f"What deletes old pages there:\n\n```text\n{commands}\n```\n")
    blocks.append("## Snippets\n\nAs `site-builder doctor --snippet` prints them.\n")
    blocks += (
        f"### For {host.title}\n\n```text\n{snippet(host.name)}```\n"
        for host in HOSTS.values()
        if host.snippet
    )
    return "\n".join(blocks)


PAGES = {"files.md": files_page, "commands.md": commands_page, "hosts.md": hosts_page}


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
