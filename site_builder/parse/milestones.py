"""One milestone: its state, and what each state must say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity, first_problems, suggestion
from site_builder.language import HEADINGS, Language
from site_builder.model.parts import State
from site_builder.model.project import Milestone
from site_builder.model.written import MilestoneFile, label_of
from site_builder.parse.markdown import Answers, first_sentence, split_answers
from site_builder.parse.texts import MILESTONE, texts_of_answers, texts_of_keys
from site_builder.parse.validate import unknown_rules, validated_partly

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from site_builder.parse.files import FileShelf
    from site_builder.source.document import Document, Loc

NEEDED = {
    State.PLANNED: ("matters",),
    State.DOING: ("matters", "next"),
    State.WAITING: ("matters", "next"),
    State.DONE: ("happened", "matters"),
    State.SKIPPED: (),
}
"""The answers that each state must give."""
WHOSE = {
    State.PLANNED: "a planned step",
    State.DOING: "a step in progress",
    State.WAITING: "a step in the client's hands",
    State.DONE: "a finished step",
    State.SKIPPED: "a skipped step",
}
NOW_HINT = "add now: it completes \u201cYou're at step 5 of 8: \u2026\u201d, for example: approving your page texts"


@dataclass(slots=True)
class MilestoneParser:
    """Reads one milestone; everything it needs to know about its surroundings stands here."""

    document: Document
    scope: Loc
    body: str
    body_line: int
    default_id: str
    today: datetime.date
    language: Language
    outcomes: Collection[str] | None
    """Ids of the project's outcomes; None while project.yml cannot be read."""
    shelf: FileShelf
    problems: list[Problem] = field(default_factory=list)
    allowed: frozenset[str] = frozenset()
    """Rules whose warnings are meant so here."""
    spent: list[str] = field(default_factory=list)
    """The rules of the warnings that were left out for it."""

    def _complain(
        self, key: str, rule: str, message: str, hint: str, *, severity: Severity = Severity.ERROR
    ) -> None:
        loc = (*self.scope, *([key] if key else []))
        problem = self.document.problem(loc, rule, message, hint, severity=severity)
        self.problems.append(problem)

    def stands(self, problem: Problem) -> bool:
        """Tell whether a problem is none that this milestone allows; one that is, is counted."""
        is_allowed = problem.rule in self.allowed and problem.path == self.document.path
        if is_allowed and not problem.is_error:
            self.spent.append(problem.rule)
            return False
        return True

    def take_problems(self) -> list[Problem]:
        """Hand over what was found so far."""
        found, self.problems = self.problems, []
        return found

    def parse(self) -> Milestone | None:
        """Return the milestone; None if nothing can be read of it."""
        written, unfit = validated_partly(MilestoneFile, self.document, self.problems, self.scope)
        answers = split_answers(
            self.body, self.document.path, self.body_line, self.language, self.problems
        )
        if written is None:
            return None
        texts = self._answers(written, answers)
        state = self._state(written)
        if not written.draft:
            self._require(written, state, texts, answers, unfit)
        self._check(written)
        files = self.shelf.deliverables(
            self.document, (*self.scope, "files"), written.files, self.problems
        )
        for index, need in enumerate(written.needs):
            if need.link:
                self.shelf.check_target(
                    self.document, (*self.scope, "needs", index, "link"), need.link, self.problems
                )
        self._check_links(written)
        identifier = written.id or self.default_id
        label = written.label or label_of(identifier)
        matters = texts.get("matters", "")
        milestone = Milestone(
            id=identifier,
            label=label,
            title=written.title or first_sentence(matters) or label,
            state=state,
            now=written.now or "",
            due=written.due,
            done=written.done,
            moved=tuple(sorted(written.moved, key=lambda move: move.on)),
            at_risk=written.at_risk,
            skipped=written.skipped,
            outcomes=self._outcomes(written),
            needs=written.needs,
            approved=written.approved,
            thanks=written.thanks or "",
            files=files,
            weight=written.weight,
            progress=written.progress,
            happened=texts.get("happened", ""),
            matters=matters,
            next=texts.get("next", ""),
            story=answers.story,
            is_draft=written.draft,
            publish_on=written.publish_on
            if written.publish_on and written.publish_on > self.today
            else None,
            allow=written.allow,
            spent=self.spent,
            texts=(
                *texts_of_keys(self.document, self.scope, MILESTONE),
                *texts_of_answers(answers, self.document.path),
            ),
        )
        self.allowed = frozenset(allowance.rule for allowance in written.allow)
        self.problems[:] = filter(self.stands, self.problems)
        return milestone

    def _answers(self, written: MilestoneFile, answers: Answers) -> dict[str, str]:
        texts = dict(answers.texts)
        for key, text in (
            ("happened", written.happened),
            ("matters", written.matters),
            ("next", written.next),
        ):
            if text is None:
                continue
            if key in answers.lines:
                self._complain(
                    key,
                    "answer-twice",
                    f"'{key}' stands here and under a heading too",
                    f"keep one: the heading is in line {answers.lines[key]}",
                )
            texts[key] = text.strip()
        return texts

    def _state(self, written: MilestoneFile) -> State:
        """Derive the state; a contradiction is a problem."""
        derived = State.DONE if written.done else State.SKIPPED if written.skipped else None
        if written.done and written.skipped:
            self._complain(
                "skipped",
                "contradiction",
                "this step is both done and skipped",
                "keep one of the two",
            )
        if derived and written.state and written.state is not derived:
            key = "done" if written.done else "skipped"
            self._complain(
                "state",
                "contradiction",
                f"'{written.state}' contradicts '{key}'",
                f"remove the line state, or the line {key}",
            )
        if written.state is State.DONE and not written.done:
            self._complain(
                "state",
                "missing-key",
                "a finished step needs the day it was done",
                "write done: and the day instead of state: done",
            )
        if written.state is State.SKIPPED and not written.skipped:
            self._complain(
                "state",
                "missing-key",
                "a skipped step needs 'skipped'",
                "write skipped: {on: the day, why: the reason} instead of state",
            )
        return derived or written.state or State.PLANNED

    def _missing_answer(self, answer: str, answers: Answers, whose: str) -> Problem:
        heading = HEADINGS[answer]
        if answer in answers.lines:
            line, hint = answers.lines[answer], "write a sentence under it"
            return Problem(
                path=self.document.path,
                line=line,
                rule="missing-answer",
                message=f"nothing stands under '{heading}'",
                hint=hint,
                width=len(heading) + 3,
            )
        if near := answers.lookalike(answer, self.language):
            return Problem(
                path=self.document.path,
                line=near[1],
                rule="missing-answer",
                message=f"'{near[0]}' is not one of the three answers",
                hint=f"write ## {near[2]}",
                width=len(near[0]) + 3,
            )
        hint = (
            f"add the heading ## {heading} with a sentence"
            if not self.scope
            else f"add {answer}: and a sentence"
        )
        return self._about_state("missing-answer", f"{whose} needs '{heading}'", hint)

    def _about_state(self, rule: str, message: str, hint: str) -> Problem:
        """Make a problem at the key that says where the step stands."""
        keys = ((*self.scope, key) for key in ("state", "done", "label"))
        loc = next((key for key in keys if key in self.document.keys), self.scope)
        return self.document.problem(loc, rule, message, hint, key=True)

    def _require(
        self,
        written: MilestoneFile,
        state: State,
        texts: dict[str, str],
        answers: Answers,
        unfit: frozenset[str],
    ) -> None:
        """Ask for what the state must say; a key that is there and wrong is not asked for again."""
        whose = WHOSE[state]
        if state in {State.DOING, State.WAITING}:
            for key, value, hint in (
                ("due", written.due, "add due: and a date"),
                ("now", written.now, NOW_HINT),
            ):
                if value is None and key not in unfit:
                    self.problems.append(
                        self._about_state("missing-key", f"{whose} needs '{key}'", hint)
                    )
        if state is State.WAITING and "needs" not in unfit:
            self._require_need(written, whose)
        is_unsure = bool(unfit & {"state", "done", "skipped"})
        for answer in ("matters",) if is_unsure else NEEDED[state]:
            if not texts.get(answer) and answer not in unfit:
                self.problems.append(
                    self._missing_answer(answer, answers, "every step" if is_unsure else whose)
                )

    def _require_need(self, written: MilestoneFile, whose: str) -> None:
        """Ask for what the client is waited for, and until when."""
        is_open = [need.received is None for need in written.needs]
        if any(need.received is None and need.by for need in written.needs):
            return
        if any(is_open):
            place = (*self.scope, "needs", is_open.index(True))
            problem = self.document.problem(
                place, "missing-need", f"{whose} needs a date for this", "add by: and the date"
            )
        elif written.needs:
            problem = self._about_state(
                "missing-need",
                "everything in 'needs' has come, so nobody waits for the client",
                "write state: doing, or add what is still needed",
            )
        else:
            problem = self._about_state(
                "missing-need",
                f"{whose} needs 'needs': what the client is asked for",
                "add needs: with ask, asked and by, or write state: doing",
            )
        self.problems.append(problem)

    def require_next(self, milestone: Milestone) -> None:
        """Ask for "What comes next" where nothing follows a finished step."""
        if milestone.state is State.DONE and not milestone.next:
            span = self.document.span((*self.scope, "done"), key=True)
            hint = f"add the heading ## {HEADINGS['next']}: what remains, and whom to ask"
            self.problems.append(
                self.document.problem_at(
                    span, "missing-answer", f"the last step needs '{HEADINGS['next']}'", hint
                )
            )

    def _check(self, written: MilestoneFile) -> None:
        if written.done and written.done > self.today:
            self._complain(
                "done",
                "future-date",
                f"{written.done} is after today, {self.today}",
                "delete done: until the step is finished; due: is the plan"
                if written.due
                else "only a finished step has done; write due: for a plan",
            )
        newest = max(reversed(written.moved), key=lambda move: move.on, default=None)
        if newest and newest.was == written.due:
            self._complain(
                "due",
                "contradiction",
                f"the date moved from {newest.was} to the same date",
                "write the new date in due, the one before in moved",
            )
        self.problems += unknown_rules(written.allow, self.document, self.scope, in_a_step=True)

    def _outcomes(self, written: MilestoneFile) -> tuple[str, ...]:
        if self.outcomes is None:
            return written.outcome
        self.problems += first_problems(
            self.document.problem(
                (*self.scope, "outcome", index),
                "unknown-outcome",
                f"the project has no outcome '{outcome}'",
                f"write [{', '.join(outcome.replace(',', ' ').split())}]"
                if "," in outcome
                else suggestion(outcome, self.outcomes),
            )
            for index, outcome in enumerate(written.outcome)
            if outcome not in self.outcomes
        )
        only = tuple(self.outcomes) if len(self.outcomes) == 1 else ()
        return written.outcome or only

    def _check_links(self, written: MilestoneFile) -> None:
        self.shelf.check_markdown(self.document.path, self.body, self.body_line, self.problems)
        for key in ("happened", "matters", "next"):
            text = getattr(written, key)
            if text:
                # Where a line of the value stands depends on its quotes: mark all of it.
                span = self.document.span((*self.scope, key))
                found: list[Problem] = []
                self.shelf.check_markdown(self.document.path, text, span.line, found)
                self.problems += (
                    replace(problem, line=span.line, column=span.column, width=span.width)
                    for problem in found
                )
