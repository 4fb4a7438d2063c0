"""The everyday edits of a step: text in, text out, and only the lines concerned change.

A stage above `source` and `parse`: they know where everything stands. What an edit would contradict
is refused in words; whether the result has mistakes is asked by whoever wants to write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.edits.answers import put_answer, read_answers
from site_builder.edits.keys import Keys
from site_builder.errors import NotWritten
from site_builder.model.parts import State
from site_builder.model.written import MilestoneFile

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from site_builder.edits.keys import Value
    from site_builder.language import Language
    from site_builder.source.document import Loc

_BEFORE_DUE = ("state", "now", "title", "label", "id")
"""The keys behind which a date stands, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as its file says it."""

    name: str
    """As people type it: client/project/milestone."""
    path: str
    typed: str
    """The whole file, with its own line endings."""
    scope: Loc
    """Where the step stands in the file's YAML."""
    language: Language
    written: MilestoneFile
    answers: Mapping[str, str]
    """happened, matters and next, as far as they are written."""

    @property
    def state(self) -> State:
        """Where the step stands."""
        if self.written.done:
            return State.DONE
        return State.SKIPPED if self.written.skipped else self.written.state or State.PLANNED


def read_step(name: str, typed: str, path: str, scope: Loc, language: Language) -> Step:
    """Read a step from a file without errors."""
    keys = Keys(typed, path)
    written = MilestoneFile.model_validate(keys.part(scope))
    answers = read_answers(keys.lines.text, path, language).texts
    for key in ("happened", "matters", "next"):
        answers[key] = getattr(written, key) or answers.get(key, "")
    return Step(
        name=name,
        path=path,
        typed=typed,
        scope=scope,
        language=language,
        written=written,
        answers=answers,
    )


def _refuse_closed(step: Step, wanted: str) -> None:
    """Refuse what only an open step can have."""
    if step.written.done:
        raise NotWritten(f"{step.name} is done since {step.written.done}; {wanted}")
    if step.written.skipped:
        raise NotWritten(
            f"{step.name} was taken out on {step.written.skipped.on}; if it comes back after all,"
            f" delete 'skipped' in {step.path} first"
        )


def _refuse_future(day: datetime.date, today: datetime.date) -> None:
    if day > today:
        raise NotWritten(f"{day} is after today, {today}; write down what has happened already")


def _refuse_past(day: datetime.date, today: datetime.date) -> None:
    if day < today:
        raise NotWritten(f"{day} has passed: today is {today}; name a day that is still to come")


def _put_answers(keys: Keys, step: Step, answers: Mapping[str, str]) -> None:
    for answer, sentence in answers.items():
        if sentence:
            put_answer(keys, step.path, step.scope, answer, sentence, step.language)


def open_needs(step: Step) -> dict[int, str]:
    """Number what the step asks for and has not got, as it stands in the file, from 1."""
    needs = enumerate(step.written.needs, 1)
    return {number: need.ask for number, need in needs if need.received is None}


def _receive(keys: Keys, step: Step, number: int, on: datetime.date) -> None:
    keys.set((*step.scope, "needs", number - 1), "received", on)


def finish(
    step: Step,
    on: datetime.date,
    today: datetime.date,
    *,
    happened: str = "",
    following: str = "",
    with_needs: bool = False,
) -> str:
    """Write that a step is done; `with_needs`: and that all it asked for has come.

    What only a step in progress says goes: `state`, `now` and `progress`. Needs that are open stay
    as they are: the page asks for them no more.

    Raises:
        NotWritten: if the step is done or taken out already, or the day is still to come.
    """
    _refuse_closed(step, f"to mend the day, change 'done' in {step.path}")
    _refuse_future(on, today)
    keys = Keys(step.typed, step.path)
    keys.set(step.scope, "done", on, after=("due", *_BEFORE_DUE))
    for key in ("state", "now", "progress"):
        keys.remove(step.scope, key)
    for number in open_needs(step) if with_needs else ():
        _receive(keys, step, number, on)
    _put_answers(keys, step, {"happened": happened, "next": following})
    return keys.lines.typed


def start(step: Step, *, now: str = "", following: str = "") -> str:
    """Write that work on a step goes on: that it is in progress.

    Raises:
        NotWritten: if it is in progress, done or taken out already.
    """
    _refuse_closed(step, "what comes after it is a step of its own")
    if step.state is State.DOING and now in {"", step.written.now} and not following:
        raise NotWritten(f"{step.name} is in progress already: {step.written.now}")
    keys = Keys(step.typed, step.path)
    _set_state(keys, step, State.DOING, now)
    _put_answers(keys, step, {"next": following})
    return keys.lines.typed


def _set_state(keys: Keys, step: Step, state: State | None, now: str) -> None:
    """Write where a step stands and what is being done, as far as either changes."""
    if state:
        keys.set(step.scope, "state", state.value, after=_BEFORE_DUE[1:])
    if now:
        keys.set(step.scope, "now", now, after=("title", "label", "id", "state"))


def move(step: Step, to: datetime.date, today: datetime.date, *, why: str, effect: str = "") -> str:
    """Write a step's new date, and under `moved` the one before with the reason.

    A step that had no date gets one without a move.

    Raises:
        NotWritten: if the step is closed, has that date already, or the date has passed.
    """
    _refuse_closed(step, "its date does not move any more")
    before = step.written.due
    if before == to:
        raise NotWritten(f"{step.name} is planned for {to} already")
    _refuse_past(to, today)
    keys = Keys(step.typed, step.path)
    keys.set(step.scope, "due", to, after=_BEFORE_DUE)
    if before:
        entry: dict[str, Value] = {"from": before, "on": today, "why": why}
        if effect:
            entry["effect"] = effect
        keys.append(step.scope, "moved", entry, after=("due",))
    return keys.lines.typed


def ask(
    step: Step,
    need: Mapping[str, Value],
    today: datetime.date,
    *,
    is_waiting: bool = False,
    now: str = "",
    following: str = "",
) -> str:
    """Write that the client is asked for something from today; `need` has `ask`, `by` and more.

    The step's state stays, unless it waits for the client from now on.

    Raises:
        NotWritten: if the step is closed, asks for the same already, or the day has passed.
    """
    _refuse_closed(step, "what a finished step asks for stands on no page; ask in an open one")
    wanted = str(need["ask"])
    for number, known in open_needs(step).items():
        if known.casefold() == wanted.casefold():
            raise NotWritten(f"{step.name} asks for that already: {number} {known}")
    by = need.get("by")
    if by is not None and not isinstance(by, str | bool):
        _refuse_past(by, today)
    keys = Keys(step.typed, step.path)
    _set_state(keys, step, State.WAITING if is_waiting else None, now)
    keys.append(step.scope, "needs", {"ask": wanted, "asked": today, **need})
    _put_answers(keys, step, {"next": following})
    return keys.lines.typed


def receive(
    step: Step, number: int, on: datetime.date, today: datetime.date, *, now: str = ""
) -> str:
    """Write that something has come; the number counts the step's needs from 1.

    A step that waited for nothing else is in progress then: nobody waits for the client any more.

    Raises:
        NotWritten: if there is no such need, it has come already, or the day cannot be.
    """
    needs = step.written.needs
    if not needs:
        raise NotWritten(f"{step.name} asks for nothing")
    if not 1 <= number <= len(needs):
        raise NotWritten(f"{step.name} has no need {number}; {listed_needs(step)}")
    need = needs[number - 1]
    if need.received:
        raise NotWritten(f"'{need.ask}' came on {need.received} already; {listed_needs(step)}")
    _refuse_future(on, today)
    if on < need.asked:
        raise NotWritten(f"'{need.ask}' was asked for on {need.asked}; it cannot come before")
    keys = Keys(step.typed, step.path)
    _receive(keys, step, number, on)
    _set_state(keys, step, State.DOING if ends_waiting(step, number) else None, now)
    return keys.lines.typed


def listed_needs(step: Step) -> str:
    """Say what is open, with the numbers to choose by."""
    needs = ", ".join(f"{number} {ask}" for number, ask in open_needs(step).items())
    return f"open are: {needs}" if needs else "nothing is open"


def ends_waiting(step: Step, number: int) -> bool:
    """Tell whether nobody waits for the client any more once this one has come."""
    rest = (need for index, need in enumerate(step.written.needs, 1) if index != number)
    return step.state is State.WAITING and not any(
        need.by and need.received is None for need in rest
    )
