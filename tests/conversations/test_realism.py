"""What is counted when authored customers are put beside real ones."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from coachbot.errors import UsageError
from tests.conversations import realism, talks
from tests.conversations.talks import Talk, lower_start, real, sentences, share, shouts, variety
from tests.telegram.quick_bot import quick_practice


def talk(*turns: tuple[str, ...], who: str = "a", group: str = "g") -> Talk:
    """A conversation of these turns."""
    return Talk(who, group, turns)


def maia(data: Path, *turns: dict[str, object]) -> Path:
    """A folder with one dialogue in it."""
    (data / "maia").mkdir()
    file = data / "maia" / "pt_br_client_09.json"
    file.write_text(json.dumps([{"id": "d1", "turns": turns}]), encoding="utf-8")
    return data


def test_only_what_customers_typed_is_read(tmp_path: Path) -> None:
    """Agents' turns and the lines of the chat program are left out, in either tongue."""
    data = maia(
        tmp_path,
        {"floor": "inbound", "text_mt": ["Good day", "Url: #URL#"], "text_src": ["bom dia"]},
        {"floor": "outbound", "text_mt": ["Olá"], "text_src": ["Hello"]},
        {"floor": "inbound", "text_mt": ["Visitor uploaded: a.png"], "text_src": ["Type: x"]},
    )
    assert [Talk("d1", "client 09", (("Good day",),))] == real(data, "en")
    assert [Talk("d1", "client 09", (("bom dia",),))] == real(data, "pt")


def test_a_folder_without_the_data_is_named(tmp_path: Path) -> None:
    """Somebody who gives the wrong folder reads which one was looked at."""
    with pytest.raises(UsageError, match=r"maia.*Give the folder"):
        real(tmp_path, "en")


def test_authored_messages_are_cut_like_real_ones() -> None:
    """Line breaks and ends of sentences cut; marks alone and decimals don't."""
    turn = ("Right. Where is it?", "It was £54.00\nOr so...", "?!")
    assert ["Right.", "Where is it?", "It was £54.00", "Or so..."] == sentences(turn)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("no idea", True), ("No idea", False), ("'sorry', he says", True), ("15:30", None)],
)
def test_how_a_sentence_begins(text: str, expected: bool | None) -> None:
    """A number begins neither small nor large, and a quotation mark is passed over."""
    assert expected == lower_start(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I said NOW", True), ("The ONT is off", False), ("OK", False), ("#NAME# wrote", False)],
)
def test_shouting(text: str, expected: bool) -> None:
    """Capitals are a shout unless they stand for something or hide a name."""
    assert expected == shouts(text)


@pytest.mark.parametrize(
    ("row", "turn"),
    [
        ("with a question", ("It is late", "Where is it?")),
        ("with thanks", ("ok", "Thank you so much")),
        ("with a greeting", ("Good morning, I have a question",)),
        ("with an exclamation mark", ("Hi!",)),
        ("in small letters only", ("no idea", "sorry")),
        ("beginning with a small letter", ("no idea. Why",)),
        ("ending without a mark", ("Right.", "That's that")),
        ("with a word cut short or careless", ("I dont know",)),
        ("of several sentences", ("Right. That's that.",)),
        ("broken off without a mark", ("So", "that's that.")),
    ],
)
def test_what_is_seen_in_a_turn(row: str, turn: tuple[str, ...]) -> None:
    """Each row is true of its example and not of a plain statement."""
    assert 1.0 == share([talk(turn)], row)
    assert 0.0 == share([talk(("The parcel is late.",))], row)


def test_nothing_to_judge_is_no_share() -> None:
    """Of digits nobody can say whether they are small letters."""
    assert math.isnan(share([talk(("40218",))], "in small letters only"))


def test_people_are_counted_once() -> None:
    """Somebody who writes a lot weighs as much as somebody who doesn't."""
    small = talk(("no",), ("yes",), ("ok",), ("so",), who="small")
    large = talk(("No",), who="large")
    assert 0.8 == share([small, large], "beginning with a small letter")
    assert 0.5 == talks.people([small, large], "beginning with a small letter")


def test_variety_counts_each_person_once() -> None:
    """A second conversation of the same person adds nothing."""
    once = [talk(("one two two",)), talk(("three",), who="b")]
    assert 3 == variety(once)
    assert 3 == variety([*once, talk(("four five",), who="b")])


def test_told_and_let_slip_in_played_sessions() -> None:
    """As many sessions as asked for, by as many kinds of agents; only words depend on chance."""
    practice = quick_practice()
    sessions, other = realism.play(practice, [practice.scenario("late-parcel")], 3)
    assert 3 == len({session.kind for session in sessions})
    assert {"late-parcel"} == {session.talk.who for session in sessions}
    for session in sessions:
        assert len(session.talk.turns) >= 2
        assert session.conceded is None or 1 <= session.conceded < len(session.moods)
        assert len(session.slipped) <= session.askable
    (one,) = other
    assert realism.SEEDS == len(one.said)
    assert 0 == realism.differing(other)["mood"]
    assert 1 < realism.differing(other)["lines"] <= realism.SEEDS
    assert "| late-parcel | angry |" in talks.personas([s.talk for s in sessions])
