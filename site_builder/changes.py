"""Two states of a client's files become what changed between them.

Pure: models in, facts out. Texts are never compared line by line; a word that was put right is no
change. What is hidden from the client is no part of either model, so a step that is published now
was added now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from site_builder.model.changes import Change, ChangeKind
from site_builder.model.parts import ScopeKind, State

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from site_builder.model.parts import Need
    from site_builder.model.project import Client, Milestone, Project

Part = TypeVar("Part")

_ORDER = tuple(ChangeKind)
_SCOPE = {
    ScopeKind.IN: ChangeKind.CAME_IN,
    ScopeKind.OUT: ChangeKind.WENT_OUT,
    ScopeKind.DECLINED: ChangeKind.DECLINED,
}


def _paired(
    before: Sequence[Part], after: Sequence[Part], *marks: Callable[[Part], object]
) -> Iterator[tuple[Part | None, Part]]:
    """Put each part beside what it was before: by the first mark that fits, then by the next."""
    left = list(before)
    found: dict[int, Part] = {}
    for mark in marks:
        for index, part in enumerate(after):
            same = next((old for old in left if mark(old) == mark(part)), None)
            if index not in found and same is not None:
                left.remove(same)
                found[index] = same
    for index, part in enumerate(after):
        yield found.get(index), part


def _end(project: Project | None) -> Milestone | None:
    """Return the step that the end of a project is; a service has none."""
    if project is None or project.is_ongoing:
        return None
    steps = (step for step in reversed(project.milestones) if step.state is not State.SKIPPED)
    return next(steps, None)


def _moves(project: str, before: Milestone | None, after: Milestone) -> Iterator[Change]:
    """Find the moves that were written down since, and a date that changed without a word."""
    if before is None:
        known: set[tuple[datetime.date, datetime.date]] = set()
    else:
        known = {(move.was, move.on) for move in before.moved}
    later = [*(move.was for move in after.moved[1:]), after.due]
    new = [
        (move, to)
        for move, to in zip(after.moved, later, strict=False)
        if (move.was, move.on) not in known
    ]
    for move, to in new:
        yield Change(
            project=project,
            kind=ChangeKind.MOVED,
            on=move.on,
            milestone=after,
            was=move.was,
            to=to,
            why=move.why,
            effect=move.effect,
        )
    if before and not new and after.is_open and before.due != after.due:
        yield Change(
            project=project,
            kind=ChangeKind.MOVED,
            milestone=after,
            was=before.due,
            to=after.due,
        )


def _needs(project: str, before: Milestone | None, after: Milestone) -> Iterator[Change]:
    """Find what was asked for and what came; another wording of a request asks for nothing new."""

    def exactly(need: Need) -> object:
        return need.ask, need.asked

    known = before.needs if before else ()
    for old, need in _paired(known, after.needs, exactly, lambda need: need.asked):
        if old is None:
            yield Change(
                project=project,
                kind=ChangeKind.ASKED,
                on=need.asked,
                milestone=after,
                need=need,
            )
        if need.received and not (old and old.received):
            yield Change(
                project=project,
                kind=ChangeKind.RECEIVED,
                on=need.received,
                milestone=after,
                need=need,
            )


def _steps(before: Project | None, after: Project) -> Iterator[Change]:
    """Find what changed of each step."""
    known = {step.id: step for step in before.milestones} if before else {}
    for step in after.milestones:
        old = known.get(step.id)

        def told(
            kind: ChangeKind, on: datetime.date | None, why: str = "", step: Milestone = step
        ) -> Change:
            return Change(project=after.id, kind=kind, on=on, milestone=step, why=why)

        if step.done and not (old and old.done):
            yield told(ChangeKind.FINISHED, step.done)
        if step.skipped and not (old and old.skipped):
            yield told(ChangeKind.SKIPPED, step.skipped.on, step.skipped.why)
        if before and old is None and step.is_open:
            yield told(ChangeKind.ADDED, None)
        if step.at_risk and step.is_open and not (old and old.at_risk):
            yield told(ChangeKind.AT_RISK, None, step.at_risk.why)
        if step.approved and not (old and old.approved):
            yield told(ChangeKind.APPROVED, step.approved.on)
        yield from _moves(after.id, old, step)
        yield from _needs(after.id, old, step)


def _frame(before: Project | None, after: Project) -> Iterator[Change]:
    """Find what changed of the project as a whole."""
    if before is None:
        yield Change(project=after.id, kind=ChangeKind.STARTED, on=after.starts)
    old_end, end = _end(before), _end(after)
    if old_end and end and end.is_open and old_end.due and end.due and old_end.due != end.due:
        move = end.moved[-1] if end.moved and end.moved[-1] not in old_end.moved else None
        yield Change(
            project=after.id,
            kind=ChangeKind.END_MOVED,
            on=move.on if move else None,
            milestone=end,
            was=old_end.due,
            to=end.due,
            why=move.why if move else "",
            effect=move.effect if move else "",
        )
    pauses = before.pauses if before else ()
    for was, pause in _paired(pauses, after.pauses, lambda pause: pause.from_on):
        if was is None:
            yield Change(
                project=after.id,
                kind=ChangeKind.PAUSED,
                on=pause.from_on,
                why=pause.why,
                pause=pause,
            )
        elif pause.to and was.to is None:
            yield Change(
                project=after.id,
                kind=ChangeKind.RESUMED,
                on=pause.to,
                why=pause.why,
                pause=pause,
            )
    notes = before.notes if before else ()
    marks = (lambda note: (note.on, note.sentence), lambda note: note.on)
    for known, note in _paired(notes, after.notes, *marks):
        if known is None:
            yield Change(project=after.id, kind=ChangeKind.UPDATED, on=note.on, note=note)


def _scope(before: Project | None, after: Project) -> Iterator[Change]:
    """Find what came in, went out or was declined; a skipped step is told as such."""
    known = before.scope.changes if before and before.scope else ()
    skipped = {step.skipped.on for step in after.milestones if step.skipped}
    for change in after.scope.changes if after.scope else ():
        is_step = change.kind is ScopeKind.OUT and change.on in skipped
        is_known = any(
            (old.on, old.kind, old.what) == (change.on, change.kind, change.what) for old in known
        )
        if not is_known and not is_step:
            yield Change(
                project=after.id,
                kind=_SCOPE[change.kind],
                on=change.on,
                why=change.why,
                effect=change.effect,
                scope=change,
            )


def changes(before: Client | None, after: Client) -> tuple[Change, ...]:
    """List what changed between two states of a client, by project, kind and the road.

    `before` is None where nothing was there: then everything that has a day is new.
    """
    known = {project.id: project for project in before.projects} if before else {}
    found = []
    for project in after.projects:
        old = known.get(project.id)
        parts = (*_frame(old, project), *_steps(old, project), *_scope(old, project))
        found += sorted(parts, key=lambda change: _ORDER.index(change.kind))
    return tuple(found)
