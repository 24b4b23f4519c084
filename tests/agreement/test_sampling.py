"""Which sessions are to be graded next."""

from __future__ import annotations

import pytest

from coachbot.agreement.sampling import Candidate, pick


def session(
    name: str, scenario: str = "boots", score: float = 50, wide: float = 20, **more: float
) -> Candidate:
    """A session with one score, replies of 100 characters, and nobody's grade."""
    return Candidate(
        session=name,
        scenario=scenario,
        scores={"empathy": (score, score - wide / 2, score + wide / 2)},
        length=more.get("length", 100.0),
        graders=int(more.get("graders", 0)),
    )


MANY = [session(f"s{i:02}", f"scenario-{i % 3}", score=i * 5, wide=10 + i) for i in range(20)]


def test_the_same_seed_gives_the_same_sessions() -> None:
    """In whichever order they come; another seed gives others."""
    picks = pick(MANY, [], most=8, seed=1)
    assert picks == pick(MANY[::-1], [], most=8, seed=1)
    assert picks != pick(MANY, [], most=8, seed=2)


def test_half_of_them_are_drawn_at_random() -> None:
    """Only these stand for all sessions."""
    kinds = [p.kind for p in pick(MANY, [], most=8, seed=0)]
    assert 4 == kinds.count("random")
    assert 8 == len({p.session for p in pick(MANY, [], most=8, seed=0)})


def test_random_picks_are_spread_evenly() -> None:
    """Over many seeds each session comes first about as often."""
    first = [pick(MANY, [], most=1, seed=s)[0].session for s in range(1000)]
    counts = [first.count(c.session) for c in MANY]
    assert min(counts) > 25
    assert max(counts) < 85


def test_what_nobody_has_graded_comes_first() -> None:
    """A scenario without grades before one with many, and the reason says so."""
    graded = [session(f"g{i}", "boots", graders=1) for i in range(6)]
    new = [session("x", "boots"), session("y", "kettle", score=50)]
    second = pick(new, graded, most=2, seed=0)
    informative = next(p for p in pick(new * 1, graded, most=2, seed=3) if p.kind != "random")
    assert {"x", "y"} == {p.session for p in second}
    assert informative.session in ("x", "y")
    more = [*new, session("z", "boots"), session("w", "boots")]
    chosen = [p for s in range(20) for p in pick(more, graded, most=2, seed=s)[1:]]
    from_kettle = [p for p in chosen if p.session == "y"]
    assert len(from_kettle) >= 12
    assert all("nobody has graded this scenario yet" in p.why for p in from_kettle)


def test_where_the_scorer_is_unsure_comes_before_where_it_is_sure() -> None:
    """All else being equal, the widest range is the informative pick, and is named."""
    graded = [session(f"g{i}", graders=2) for i in range(9)]
    new = [session(n, wide=w) for n, w in (("a", 10), ("b", 60), ("c", 12), ("d", 14))]
    found = {p.session: p for s in range(9) for p in pick(new, graded, most=2, seed=s)[1:]}
    assert found["b"].why == "the scorer is unsure of it"


def test_others_are_the_next_ones_and_no_reason_changes() -> None:
    """Asked page by page, or all at once: the same order, each once, each for the same reason."""
    graded = [session(f"g{i}", graders=2) for i in range(4)]
    at_once = pick(MANY, graded, most=20, seed=0)
    pages = [pick(MANY, graded, most=8, seed=0, skip=skip) for skip in (0, 8, 16)]
    assert at_once == [one for page in pages for one in page]
    assert 20 == len({one.session for one in at_once})
    assert [] == pick(MANY, graded, most=8, seed=0, skip=20)


def test_a_reason_is_true_of_the_grades_there_are() -> None:
    """Where nobody has graded a scenario, that is said of each session in it, not of one."""
    new = [session(f"n{i}", "kettle", score=i * 12) for i in range(8)]
    graded = [session(f"g{i}", score=s, graders=1) for i, s in enumerate((0, 25, 50, 75, 100) * 3)]
    reasons = [one.why for one in pick(new, graded, most=8, seed=0) if one.kind != "random"]
    assert 4 == len(reasons)
    assert all("nobody has graded this scenario yet" in why for why in reasons)


def test_no_reason_tells_what_the_scorer_gave() -> None:
    """Whoever reads it is about to grade blind: no number stands in it."""
    picks = [p for s in range(20) for p in pick(MANY, MANY[:2], most=10, seed=s)]
    assert {p.kind for p in picks} >= {"random", "informative"}
    assert [] == [p.why for p in picks if any(c.isdigit() for c in p.why)]


def test_every_fourth_is_a_second_grading() -> None:
    """Where somebody else has graded one, and only then."""
    new = [*MANY, session("again", graders=1), session("thrice", graders=3)]
    picks = pick(new, [], most=4, seed=0)
    again = [p for p in picks if p.kind == "second"]
    if any(p.session == "again" and p.kind != "second" for p in picks):
        pytest.fail("the draw took it first; choose another seed")
    assert ["again"] == [p.session for p in again]
    assert again[0].why.startswith("for a second grading, blind to the first; ")
    assert not [p for p in pick(MANY, [], most=20, seed=0) if p.kind == "second"]


def test_there_are_no_more_than_there_are() -> None:
    """And none without a score."""
    nothing = Candidate("n", "boots", {}, 10.0)
    assert ["a"] == [p.session for p in pick([session("a"), nothing], [nothing], most=5, seed=0)]
    assert [] == pick([], [], most=5, seed=0)
