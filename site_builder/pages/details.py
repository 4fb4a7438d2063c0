"""The pages beside the project's: one a step, all changes, what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.page import Prose
from site_builder.model.parts import ScopeKind, State
from site_builder.pages.sentences import capital, closed, held_together, joined
from site_builder.pages.views import Fact, Section, Tag, bare_date

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.parts import Scope
    from site_builder.model.project import Milestone
    from site_builder.model.roadmap import Step
    from site_builder.pages.pieces import Pieces


def _facts(pieces: Pieces, step: Step) -> tuple[Fact, ...]:
    language, milestone = pieces.language, step.milestone
    say = language.say
    facts = []
    if milestone.done:
        facts.append(
            Fact(term=say("Finished on"), dates=(bare_date(language, milestone.done, "full"),))
        )
        if milestone.due and milestone.due != milestone.done:
            facts.append(
                Fact(term=say("Planned for"), dates=(bare_date(language, milestone.due, "full"),))
            )
    elif milestone.skipped:
        facts.append(
            Fact(
                term=say("Agreed with you on"),
                dates=(bare_date(language, milestone.skipped.on, "full"),),
            )
        )
    elif milestone.due and step.has_date:
        term = say("Was planned for") if step.is_past else say("Planned for")
        facts.append(Fact(term=term, dates=(bare_date(language, milestone.due, "full"),)))
    else:
        facts.append(Fact(term=say("Planned for"), texts=(say("Date to follow"),)))
    if milestone.moved and milestone.state is not State.SKIPPED:
        before = tuple(bare_date(language, move.was, "full") for move in reversed(milestone.moved))
        facts.append(Fact(term=say("Planned before"), dates=before, is_old=True))
    if milestone.approved:
        name, day = milestone.approved.by, language.date(milestone.approved.on, "plain")
        approved = f"{language.isolated(name)}{say(', ')}{day}"
        facts.append(Fact(term=say("Approved by"), texts=(approved,)))
    outcomes = pieces.roadmap.project.outcomes
    wanted = tuple(
        outcomes[identifier].text for identifier in milestone.outcomes if identifier in outcomes
    )
    if wanted:
        facts.append(Fact(term=say("What it is for"), texts=wanted))
    return tuple(facts)


def _sections(language: Language, milestone: Milestone) -> tuple[Section, ...]:
    say = language.say
    if milestone.skipped:
        sections = [
            Section(heading=say("What we decided together"), lines=(closed(milestone.skipped.why),))
        ]
    else:
        heading = say("What just happened") if milestone.done else say("What is happening now")
        thanks = (milestone.thanks,) if milestone.thanks else ()
        sections = [
            Section(heading=heading, prose=Prose(milestone.happened, name="happened"), lines=thanks)
        ]
    if milestone.at_risk and milestone.is_open:
        risk = milestone.at_risk
        known = (
            say("We will know by {date}.", date=language.date(risk.decision_on, "full"))
            if risk.decision_on
            else ""
        )
        sections.append(
            Section(
                heading=say("Why the date is at risk"), lines=(joined(closed(risk.why), known),)
            )
        )
    if milestone.moved and not milestone.skipped:
        lines = tuple(
            joined(closed(move.why), closed(move.effect)) for move in reversed(milestone.moved)
        )
        sections.append(Section(heading=say("Why the date moved"), lines=lines))
    sections.append(
        Section(heading=say("Why it matters"), prose=Prose(milestone.matters, name="matters"))
    )
    if not milestone.skipped:
        sections.append(
            Section(heading=say("What comes next"), prose=Prose(milestone.next, name="next"))
        )
    return tuple(section for section in sections if section.prose or section.lines)


def step_view(pieces: Pieces, step: Step) -> dict[str, object]:
    """Compute a step's own page."""
    roadmap, language, milestone = pieces.roadmap, pieces.language, step.milestone
    count, position = len(roadmap.steps), step.number - 1
    if roadmap.project.is_ongoing:
        eyebrow = pieces.step_name(step)
    elif count > 1:
        together = held_together(language, step.number, count)
        eyebrow = capital(together)
    else:
        eyebrow = language.isolated(roadmap.project.title)
    if milestone.label.casefold() != milestone.title.casefold():
        # Whoever followed a label finds it again.
        eyebrow = f"{eyebrow} \u00b7 {language.isolated(milestone.label)}"
    neighbours = []
    for relation, index in (("prev", position - 1), ("next", position + 1)):
        if 0 <= index < count:
            other = roadmap.steps[index]
            neighbours.append(
                {
                    "rel": relation,
                    "name": pieces.step_name(other),
                    "label": language.soft(other.milestone.label),
                    "href": pieces.step_href(other.milestone),
                }
            )
    has_bar = pieces.is_numbered and roadmap.has_started
    return {
        "eyebrow": eyebrow,
        "title_line": language.soft(milestone.title),
        "tags": pieces.tags(step),
        "meter": tuple(other.look.value for other in roadmap.steps) if has_bar else (),
        "number": step.number,
        "needs": tuple(
            pieces.request(entry) for entry in roadmap.needs if entry.milestone is milestone
        ),
        "facts": _facts(pieces, step),
        "sections": _sections(language, milestone),
        "story": Prose(milestone.story, name="story") if milestone.story else None,
        "downloads": tuple(pieces.download(entry) for entry in milestone.files),
        "neighbours": tuple(neighbours),
    }


def changes_view(pieces: Pieces) -> dict[str, object]:
    """Compute the page of all changes: newest first, one block a month."""
    months: list[tuple[str, list[object]]] = []
    for event in pieces.roadmap.events:
        month = capital(pieces.language.date(event.on, "month"))
        if not months or months[-1][0] != month:
            months.append((month, []))
        months[-1][1].append(pieces.change(event, full=True))
    return {
        "eyebrow": pieces.language.isolated(pieces.roadmap.project.title),
        "months": tuple((month, tuple(changes)) for month, changes in months),
    }


def scope_view(pieces: Pieces, scope: Scope) -> dict[str, object]:
    """Compute the record of what was agreed, and what changed since."""
    language, say = pieces.language, pieces.language.say
    kinds = {
        ScopeKind.IN: Tag(state="in", icon="in", text=say("Came in")),
        ScopeKind.OUT: Tag(state="out", icon="out", text=say("Went out")),
        ScopeKind.DECLINED: Tag(state="declined", icon="no", text=say("Not now")),
    }
    newest_first = sorted(scope.changes, key=lambda change: change.on, reverse=True)
    agreed = say("Agreed on {date}", date=language.date(scope.agreed, "full"))
    since = (
        language.plural("{number} change since", "{number} changes since", len(scope.changes))
        if scope.changes
        else ""
    )
    lead = say(", ").join(part for part in (agreed, since) if part) + "."
    return {
        "eyebrow": language.isolated(pieces.roadmap.project.title),
        "lead": joined(lead, say("Every change is agreed with you before we act on it.")),
        "items_heading": say("Agreed on {date}", date=language.date(scope.agreed, "long")),
        "entries": scope.items,
        "changes": tuple(
            {
                "tag": kinds[change.kind],
                "on": bare_date(language, change.on, "full"),
                "what": change.what,
                "why": change.why,
                "effect": change.effect,
            }
            for change in newest_first
        ),
    }
