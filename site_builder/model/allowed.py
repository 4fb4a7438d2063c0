"""The findings that people may mean so: what `allow` can name, in a step and in project.yml."""

from __future__ import annotations

WORDING = frozenset(
    {
        *("internal-title", "no-client", "we-only", "repeats", "same-text", "empty-next"),
        *("empty-label", "empty-text", "vague-next", "vague-reason", "tense", "jargon"),
        *("abbreviation", "internal-reference", "blame", "filler", "officialese", "too-long"),
        *("long-label", "shouting", "relative-date", "avoided-word"),
    }
)
"""How a text is worded."""
IN_A_STEP = WORDING | {
    *("silent-move", "hash-in-text", "link-scheme"),
    *("overdue", "gap", "cluster", "late-news", "many-requests", "day-off", "no-outcome"),
    *("step-order", "before-start", "silent-end"),
}
"""Findings about one milestone."""
IN_A_PROJECT = WORDING | {
    *("silence", "late-update", "long-road", "unserved-outcome", "no-outcomes", "day-off"),
    *("no-next-update", "partial-weights", "link-scheme", "hash-in-text"),
}
"""Findings about a project as a whole, its project.yml and its updates."""
