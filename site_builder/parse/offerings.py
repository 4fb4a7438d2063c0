"""The offerings, and the holidays of a country: what projects are compared with and dated by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.errors import first_problems, suggestion
from site_builder.model.project import Offering, Place
from site_builder.model.written import OfferingFile
from site_builder.parse.limits import excess
from site_builder.parse.validate import validated
from site_builder.workdays import unknown_country

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from site_builder.errors import Problem
    from site_builder.model.written import ProjectFile
    from site_builder.source.document import Document, Loc
    from site_builder.source.texts import SourceFile


def parse_offering(file: SourceFile, problems: list[Problem]) -> Offering | None:
    """Check an offering; None if it does not fit. What is wrong joins the problems."""
    document = file.document
    if document.is_broken or not (written := validated(OfferingFile, document, problems)):
        return None
    problems += first_problems(_step_problems(written, document))
    spans = {
        step.id: document.span(("milestones", index, "id"))
        for index, step in enumerate(written.milestones)
    }
    places = {
        name: Place(file.path, span.line, span.column, span.width) for name, span in spans.items()
    }
    return Offering(id=file.name, written=written, places={"": Place(file.path), **places})


def _step_problems(written: OfferingFile, document: Document) -> Iterator[Problem]:
    """Find steps with the same id, and outcomes that the offering does not have."""
    seen: set[str] = set()
    for index, step in enumerate(written.milestones):
        if step.id in seen:
            yield document.problem(
                ("milestones", index, "id"),
                "duplicate-id",
                f"'{step.id}' is the id of an earlier step too",
                "give one of them another id",
            )
        seen.add(step.id)
        for key in ("happened", "matters", "next"):
            if found := excess(getattr(step, key) or ""):
                loc = ("milestones", index, key)
                yield document.problem(loc, found.rule, found.message, found.hint)
        for place, outcome in enumerate(step.outcome):
            if outcome not in written.outcomes:
                yield document.problem(
                    ("milestones", index, "outcome", place),
                    "unknown-outcome",
                    f"the offering has no outcome '{outcome}'",
                    suggestion(outcome, written.outcomes),
                )


def holiday_problems(
    holidays: Sequence[datetime.date | str], document: Document, loc: Loc
) -> Iterator[Problem]:
    """Look for countries whose holidays nobody knows."""
    for index, holiday in enumerate(holidays):
        if isinstance(holiday, str) and (wrong := unknown_country(holiday)):
            yield document.problem((*loc, index), "unknown-country", *wrong)


def deviation_problems(
    written: ProjectFile,
    document: Document,
    offerings: Mapping[str, Offering],
    steps: Collection[str],
) -> Iterator[Problem]:
    """Look for deviations of steps that neither the project nor its offering has."""
    if written.deviates and not written.offering:
        message = "'deviates' says where a project differs from its offering, and it names none"
        hint = "add offering: and its name, or remove this"
        yield document.problem(("deviates",), "missing-key", message, hint, key=True)
    elif offering := offerings.get(written.offering or ""):
        known = {*steps, *(step.id for step in offering.written.milestones)}
        for index, deviation in enumerate(written.deviates):
            if deviation.milestone not in known:
                yield document.problem(
                    ("deviates", index, "milestone"),
                    "unknown-step",
                    f"neither this project nor its offering has a step '{deviation.milestone}'",
                    suggestion(deviation.milestone, known),
                )
