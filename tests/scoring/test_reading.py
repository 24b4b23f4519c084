"""Readings: what the network is given of a reply in its conversation."""

from __future__ import annotations

from coachbot.scoring.conversation import Conversation
from coachbot.scoring.features import Context
from coachbot.scoring.interface import Turn
from coachbot.scoring.reading import prepare, segments
from coachbot.scoring.words import Rarity
from tests.scoring.made import context, parts


def test_the_newest_message_comes_first_then_the_screen_then_the_past() -> None:
    """Both parts of the newest message, the screen, then earlier turns, the latest first."""
    turns = [
        ("customer", "Hi."),
        ("agent", "Hello."),
        ("agent", " "),
        ("customer", "My kite."),
        ("customer", "Where is it?"),
    ]
    history = tuple(Turn(speaker=s, text=t) for s, t in turns)  # type: ignore[arg-type]
    found = segments(Context.of(Conversation(history, " Van. ")))
    assert [
        ("customer", 3, "My kite.", True),
        ("customer", 4, "Where is it?", True),
        ("screen", None, "Van.", False),
        ("agent", 1, "Hello.", False),
        ("customer", 0, "Hi.", False),
    ] == [(s.source, s.turn, s.text, s.newest) for s in found]


def test_sentences_stand_where_they_are_said_to_stand() -> None:
    """White space of any kind is one space, and each place has its sentence."""
    own = parts("So   sorry.\n\n- It left\tHull 😀 Is Friday ok?")
    found = prepare(own, context("Where?"), Rarity())
    assert found.reply == "So sorry. It left Hull 😀 Is Friday ok?"
    assert ["So sorry.", "It left Hull 😀", "Is Friday ok?"] == [
        found.reply[a:b] for a, b in found.sentences
    ]


def test_the_customers_sentences_point_into_the_history() -> None:
    """Turn and place of each, oldest first."""
    where = context("It's late. Why?", "Sorry.", "  And now?")
    found = prepare(parts("Tonight."), where, Rarity())
    history = where.conversation.history
    assert ["It's late.", "Why?", "And now?"] == [history[t].text[a:b] for t, a, b in found.said]
    assert len(found.said) == len(found.said_features)


def test_no_sentences_are_the_empty_reply() -> None:
    """Nothing of the reply, everything of the conversation."""
    found = prepare([], context("Where?"), Rarity())
    assert ("", (), 0) == (found.reply, found.sentences, len(found.sentence_features))
    assert len(found.segments) == 1
