"""Evidence in its place: what is cut where, and which note is about which words."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from coachbot.library import Library
from coachbot.reporting.marking import MarkedTurn, Piece, marked
from coachbot.scoring.interface import Evidence
from coachbot.session.models import Session
from tests.session.made import begun, gone_on, scored

PARCEL = Library.keeping(Path(__file__).parents[2] / "scenarios").scenario("late-parcel").scenario
REPLY = "Sorry 😀 about that. Which one is it?"


def found(
    words: str, effect: float = 5.0, *, at: int, history: int | None = None, of: str = "empathy"
) -> Evidence:
    """Evidence on words that begin somewhere."""
    return Evidence(
        dimension=of,  # type: ignore[arg-type]  # it is one in every test
        source="reply" if history is None else "history",
        turn=history,
        start=at,
        end=at + len(words),
        text=words,
        effect=effect,
        reason="asked “one”: not answered" if history is not None else "names it.",
    )


def one_turn(*evidence: Evidence, opening: tuple[str, ...] = ("One.", "Two, please.")) -> Session:
    """A session of one reply with this evidence."""
    return gone_on(begun(PARCEL, opening=opening), REPLY, worth=scored((50, 50, 50), *evidence))


def shown(pieces: tuple[Piece, ...]) -> list[tuple[str, list[int], list[int]]]:
    """Each piece with the numbers of its notes and of those that end there."""
    return [(p.text, [n.number for n in p.notes], [n.number for n in p.ends]) for p in pieces]


def turn(session: Session) -> MarkedTurn:
    """The first turn, marked."""
    return marked(session)[1]


def test_the_words_of_one_place_are_one_note_with_all_that_they_did() -> None:
    """The same sentence moved two dimensions: one mark, the stronger effect first."""
    words = "Which one is it?"
    session = one_turn(found(words, 3, at=20), found(words, -9, at=20, of="active_listening"))
    (note,) = turn(session).notes
    assert [("active_listening", -9.0, "names it"), ("empathy", 3.0, "names it")] == [
        (e.dimension, e.points, e.reason) for e in note.effects
    ]
    assert not note.helped
    assert [("Sorry 😀 about that. ", [], []), (words, [1], [1])] == shown(turn(session).agent)


def test_marks_that_overlap_are_cut_where_either_ends() -> None:
    """A clause inside a sentence: the sentence's number stands at its own end."""
    session = one_turn(found("Sorry 😀 about that.", at=0), found("about", at=8))
    assert [
        ("Sorry 😀 ", [1], []),
        ("about", [2, 1], [2]),
        (" that.", [1], [1]),
        (" Which one is it?", [], []),
    ] == shown(turn(session).agent)


def test_what_the_customer_asked_is_marked_in_their_own_message() -> None:
    """The second message begins after the first and a line break, as the scorer read them."""
    session = one_turn(found("Two", -4, at=5, history=0))
    first, second = turn(session).customer
    assert [("One.", [], [])] == shown(first)
    assert [("Two", [1], [1]), (", please.", [], [])] == shown(second)
    (note,) = turn(session).notes
    assert note.earlier
    assert "asked “one”, and got no answer" == note.effects[0].reason


def test_a_question_of_an_earlier_turn_is_marked_there_and_noted_here() -> None:
    """Numbers go on through the conversation; places begin anew in every reply."""
    session = one_turn(found("Sorry", at=0))
    session = gone_on(session, REPLY, worth=scored((5, 5, 5), found("One", -4, at=0, history=0)))
    turns = marked(session)
    assert [("One", [2], [2]), (".", [], [])] == shown(turns[1].customer[0])
    assert [(2, 1, 2)] == [(n.number, n.place, n.turn) for n in turns[2].notes]
    assert [(1, 1, 1)] == [(n.number, n.place, n.turn) for n in turns[1].notes]


def test_less_than_a_point_is_not_shown() -> None:
    """As in the debrief."""
    assert () == turn(one_turn(found("Sorry", 0.9, at=0))).notes


def test_only_one_dimension_is_marked_where_it_is_asked_for() -> None:
    """The form for a grade shows what moved that score, and no other."""
    session = one_turn(found("Sorry", at=0), found("Which", at=20, of="active_listening"))
    (note,) = marked(session, "active_listening")[1].notes
    assert "Which" == note.text


def test_words_that_stand_elsewhere_are_found_and_those_that_are_gone_are_still_noted() -> None:
    """Offsets of another version don't put a mark on the wrong words."""
    session = one_turn(
        found("Which one", at=3), found("never said", at=1), found("x", at=0, history=9)
    )
    assert {"x", "never said", "Which one"} == {note.text for note in turn(session).notes}
    marks = [(text, notes) for text, notes, _ in shown(turn(session).agent) if notes]
    assert ["Which one"] == [text for text, _ in marks]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=8))
def test_no_letter_is_lost_or_said_twice(ranges: list[tuple[int, int]]) -> None:
    """However marks lie, the pieces together are the text, and each note ends once."""
    spans = {(start, REPLY[start : start + size]) for start, size in ranges if start < len(REPLY)}
    session = one_turn(*(found(words, at=start) for start, words in sorted(spans)))
    pieces = turn(session).agent
    assert REPLY == "".join(piece.text for piece in pieces)
    ends = [note.number for piece in pieces for note in piece.ends]
    assert sorted(ends) == list(range(1, len(spans) + 1))
