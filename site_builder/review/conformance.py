"""How far a project is what its offering sells: the same steps, under the same names, in order.

A step that was left out with the client's agreement says so itself (`skipped`) and is no finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.parts import State
from site_builder.review.finding import finding
from site_builder.review.sequence import longest_rise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from site_builder.errors import Problem
    from site_builder.model.project import Milestone, Offering, Place, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One step in which a project and its offering differ."""

    rule: str
    step: str
    """The step's id; empty where all of them are meant."""
    place: Place
    message: str
    mend: str
    """What to do if it is not meant so."""


def _counted(project: Project) -> list[Milestone]:
    """List the steps that were not left out with the client's agreement."""
    return [step for step in project.milestones if step.state is not State.SKIPPED]


def _none_at_all(project: Project, offering: Offering) -> Difference:
    """Say that a project has no step of its offering: it only just began, or names a wrong one."""
    return Difference(
        rule="missing-step",
        step="",
        place=project.place("", "offering"),
        message=f"this project has none of the {len(offering.written.milestones)} steps of '{offering.id}'",
        mend="name the offering that this is, or remove the line;"
        f" `site-builder new CLIENT PROJECT --offering {offering.id}` writes a project with its steps",
    )


def _missing(project: Project, offering: Offering, there: Collection[str]) -> Iterator[Difference]:
    """Find steps of the offering that the project has not; `there` are those that it has."""
    steps = offering.written.milestones
    if project.is_ongoing:
        # A retainer is planned two or three months ahead: what comes later may come later.
        known = [index for index, step in enumerate(steps) if step.id in there]
        steps = steps[: known[-1]]
    for before, step in zip((None, *steps), steps, strict=False):
        if step.id not in there and not step.optional:
            where = f"after '{before.shown_label}'" if before else "as the first step"
            yield Difference(
                rule="missing-step",
                step=step.id,
                place=project.place("", "offering"),
                message=f"the offering has '{step.shown_label}' {where}, and this project has not",
                mend=f"add the step {step.id}",
            )


def _added(project: Project, offering: Offering) -> Iterator[Difference]:
    """Find steps that only the project has. A retainer goes on, so there they are no finding."""
    known = {step.id for step in offering.written.milestones}
    for milestone in () if project.is_ongoing else _counted(project):
        if milestone.id not in known:
            yield Difference(
                rule="added-step",
                step=milestone.id,
                place=project.place(milestone.id, "label"),
                message=f"'{milestone.label}' is no step of the offering '{offering.id}'",
                mend="if it stands for a step of the offering, give it that id",
            )


def _renamed(project: Project, offering: Offering) -> Iterator[Difference]:
    """Find steps whose label is another one than in the offering."""
    labels = {step.id: step.shown_label for step in offering.written.milestones}
    for milestone in _counted(project):
        label = labels.get(milestone.id, milestone.label)
        if label.casefold() != milestone.label.casefold():
            yield Difference(
                rule="renamed-step",
                step=milestone.id,
                place=project.place(milestone.id, "label"),
                message=f"the offering calls this step '{label}'",
                mend=f"write label: {label}",
            )


def _reordered(project: Project, offering: Offering) -> Iterator[Difference]:
    """Find the fewest steps that would have to move for the offering's order."""
    order = {step.id: number for number, step in enumerate(offering.written.milestones)}
    labels = [step.shown_label for step in offering.written.milestones]
    steps = [milestone for milestone in _counted(project) if milestone.id in order]
    numbers = [order[milestone.id] for milestone in steps]
    kept = longest_rise(numbers)
    for position, milestone in enumerate(steps):
        if position not in kept:
            number = order[milestone.id]
            before = [other for other in numbers if other < number]
            where = f"after '{labels[max(before)]}'" if before else "first"
            yield Difference(
                rule="reordered-step",
                step=milestone.id,
                place=project.place(milestone.id),
                message=f"in the offering, '{milestone.label}' comes {where}",
                mend="move it there: the numbers in front of the files' names are the order",
            )


def differences(
    project: Project, offering: Offering, *, same_language: bool
) -> tuple[Difference, ...]:
    """List all in which a project differs from its offering, meant so or not.

    Labels are compared only where both are written in the same language.
    """
    there = {*project.hidden, *(milestone.id for milestone in project.milestones)}
    if not there & {step.id for step in offering.written.milestones}:
        return (_none_at_all(project, offering),)
    return (
        *_missing(project, offering, there),
        *_added(project, offering),
        *(_renamed(project, offering) if same_language else ()),
        *_reordered(project, offering),
    )


def conformance(project: Project, offering: Offering, *, same_language: bool) -> Iterator[Problem]:
    """Find in what a project differs from its offering and does not say that it means to."""
    found = differences(project, offering, same_language=same_language)
    meant = {deviation.milestone for deviation in project.deviates}
    for difference in found:
        if difference.step not in meant:
            entry = (
                "; if it is meant so, write into project.yml"
                f" deviates: [{{milestone: {difference.step}, why: …}}]"
            )
            hint = difference.mend + (entry if difference.step else "")
            yield finding(
                difference.step, difference.place, difference.rule, difference.message, hint
            ).problem
    differing = {difference.step for difference in found}
    for index, deviation in enumerate(project.deviates):
        if not differing & {deviation.milestone, ""}:
            place = project.place("", f"deviates.{index}.milestone")
            message = f"'{deviation.milestone}' needs no reason: '{offering.id}' has it so, or lets it be left out"
            yield finding("", place, "unused-deviation", message, "remove this entry").problem
