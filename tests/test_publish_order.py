"""The order of files, for all that can be published: nothing needed comes late, or goes early."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from site_builder.publish.order import Count, in_steps
from site_builder.publish.plan import Files, Rules, plan, unit_of

WAYS = [
    *(f"assets/{look}/{name}" for look in ("1" * 16, "2" * 16) for name in ("a.css", "index.html")),
    *(
        f"c/{token}/{name}"
        for token in ("a" * 26, "b" * 26, "d" * 26)
        for name in ("index.html", "shop/index.html", "shop/one/index.html", "shop/files/a.png")
    ),
    "c/index.html",
    "index.html",
    "404.html",
]
OWNERS = {"a" * 26: "alder", "b" * 26: "birch"}
sites = st.dictionaries(st.sampled_from(WAYS), st.sampled_from(["one", "two"]))


def rank(way: str) -> int:
    """Say what must come before what, in a way of its own."""
    is_inside = way.count("/") > 1
    if way.startswith("assets/"):
        return 0
    return (2 if way.endswith(".html") else 1) if is_inside else 3


@given(site=sites, target=sites)
def test_every_file_that_differs_is_written_or_deleted_once(site: Files, target: Files) -> None:
    """Carried out, the target is like the site; a page that no link leads to is not in it."""
    planned = plan(site, target, Rules(owners=OWNERS, allow_remove=True))
    steps = in_steps(planned, site, target)
    puts = list(itertools.chain(*steps.puts))
    deletions = list(itertools.chain(*steps.deletions))
    assert len({*puts, *deletions}) == len(puts) + len(deletions) == steps.count
    result = {way: digest for way, digest in target.items() if way not in deletions}
    result |= {way: site[way] for way in puts}
    wanted = {way: digest for way, digest in site.items() if f"{'d' * 26}/" not in way}
    around = {way: digest for way, digest in target.items() if unit_of(way) == way}
    assert result == around | wanted
    assert not any(way in site and target.get(way) == site[way] for way in puts)


@given(site=sites, target=sites)
def test_what_is_needed_comes_first_and_goes_last(site: Files, target: Files) -> None:
    """Groups, from the shared look to the files around; and no group is empty."""
    planned = plan(site, target, Rules(owners=OWNERS, allow_remove=True))
    steps = in_steps(planned, site, target)
    assert all([*steps.puts, *steps.deletions])
    place = {way: number for number, group in enumerate(steps.puts) for way in group}
    for one, other in itertools.permutations(place, 2):
        plain = [not way.endswith(".html") for way in (one, other)]
        if rank(one) < rank(other) and (plain[0] or rank(other) == 3):
            assert place[one] < place[other], (one, other)
        if unit_of(one) == unit_of(other) != one and one not in target and other in target:
            is_first = one.count("/") == 2
            pages = one.endswith(".html") and other.endswith(".html")
            assert not pages or is_first or place[one] < place[other], (one, other)
    leaving = {way: number for number, group in enumerate(steps.deletions) for way in group}
    for one, other in itertools.permutations(leaving, 2):
        if one.endswith(".html") and not other.endswith(".html"):
            assert leaving[one] < leaving[other], (one, other)


def test_a_count_never_says_more_than_there_is() -> None:
    """Though the mark is sent, too."""
    told: list[tuple[int, int]] = []
    planned = plan({"index.html": "one"}, {}, Rules(owners={}))
    count = Count(
        in_steps(planned, {"index.html": "one"}, {}), lambda done, of: told.append((done, of))
    )
    count.add(1)
    count.add(1)
    assert told == [(1, 1), (1, 1)]
