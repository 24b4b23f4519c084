"""The chat: replies, commands, the self-rating, and trying again."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import Answered, Coach, NoRepository
from coachbot.scenario.models import Scenario
from coachbot.session.models import SelfRating, Session
from coachbot.terminal.chat import COMMANDS, Chat, Stopped
from tests.library.conftest import OPEN_CASE
from tests.terminal.conftest import Shown, Types

CASE = str(OPEN_CASE)
ASKS = "I'm sorry you've heard nothing since Monday. By what day does it have to be done?"


@pytest.fixture
def coach(practice: Practice) -> Coach:
    """A coach that keeps nothing."""
    return practice.coach(NoRepository())


@pytest.fixture
def card(practice: Practice) -> Scenario:
    """What is played."""
    return practice.scenario(CASE)


@pytest.fixture
def chat(coach: Coach, practice: Practice, shown: Shown) -> Chat:
    """A chat on the console of the test."""
    return Chat(shown.console, coach, practice.debrief, pauses=True)


@pytest.fixture
def session(coach: Coach) -> Session:
    """A session at its briefing."""
    return coach.start(CASE, person="ada", seed=1)


def test_a_conversation(
    chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """Opening, reply, answer, end and self-rating, in this order on the screen."""
    types(ASKS, "", "/end", "60", "50", "40")
    over = chat.run(session, card)
    assert [ASKS] == [turn.agent for turn in over.turns]
    assert ("debrief", "ended") == (over.phase, over.outcome)
    said = [*over.opening, ASKS, *over.turns[0].answer, "how do you rate yourself"]
    places = [shown.words.find(" ".join(one.split())) for one in said]
    assert -1 not in places
    assert sorted(places) == places


def test_the_rating_is_a_number(
    chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """Whatever is no number from 0 to 100 is asked for again."""
    types("/end", "well", "101", "-1", "nan", "60", "50 %", "0")
    over = chat.run(session, card)
    expected = SelfRating(empathy=60, active_listening=50, individualized_treatment=0)
    assert expected == over.self_rating
    assert 4 == shown.text.count("A number from 0 to 100")


@pytest.mark.parametrize("typed", [[""], ["60", ""], []], ids=["at once", "half-way", "no input"])
def test_the_rating_may_be_skipped(
    typed: list[str], chat: Chat, session: Session, card: Scenario, types: Types
) -> None:
    """Enter, or the end of the input, skips the rating as a whole."""
    types("/end", *typed)
    over = chat.run(session, card)
    assert ("debrief", None) == (over.phase, over.self_rating)


@pytest.mark.parametrize("typed", [["/quit"], ["/PAUSE"], []], ids=["quit", "pause", "no input"])
def test_stopping(
    typed: list[str], chat: Chat, session: Session, card: Scenario, types: Types
) -> None:
    """Who stops leaves the session open."""
    types(*typed)
    with pytest.raises(Stopped):
        chat.run(session, card)


def test_commands(chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types) -> None:
    """A hint, the brief, the list of commands; what is no command is named."""
    types("/hint", "/BRIEF", "/hnit please", "/end", "")
    over = chat.run(session, card)
    assert (1,) == over.hints
    assert "Hint: Read Robin's first messages" in shown.words
    assert 1 == shown.text.count("You may not offer")
    assert "There is no /hnit." in shown.words
    # At the beginning, and after the one that is no command.
    assert [2] * len(COMMANDS) == [shown.text.count(what) for what in COMMANDS.values()]


def test_a_reply_of_several_lines(
    chat: Chat, session: Session, card: Scenario, types: Types
) -> None:
    """A line that ends in a backslash goes on in the next."""
    types("I'm sorry.\\", "By when do you need it?", "/end", "")
    over = chat.run(session, card)
    assert ["I'm sorry.\nBy when do you need it?"] == [turn.agent for turn in over.turns]


def test_what_is_typed_is_no_markup(
    chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """Brackets are shown as they are, and control characters not at all."""
    types("[bold]Hello[/bold] [/] \x1b[31m\x07 Robin", "/end", "")
    chat.run(session, card)
    assert "[bold]Hello[/bold] [/] [31m Robin" in shown.text
    assert "\x1b" not in shown.text
    assert "\x07" not in shown.text


def test_what_the_engine_saw(
    coach: Coach, practice: Practice, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """Where somebody looks over the engine's shoulder, they see each answered turn."""
    seen: list[Answered] = []
    types(ASKS, "/end", "")
    chat = Chat(shown.console, coach, practice.debrief, pauses=False, explain=seen.append)
    over = chat.run(session, card)
    assert list(over.turns) == [answered.session.turns[-1] for answered in seen]


def test_trying_again(
    chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """The weak turn is offered again; both attempts stand side by side, and nobody rates twice."""
    types("Calm down.", "/end", "", "yes", ASKS, "/end", "n")
    first = chat.run(session, card)
    again = chat.after(first, card)
    assert (first.id, 1) == (again.retry_of, again.branched_at)
    assert [ASKS] == [turn.agent for turn in again.turns]
    assert ["Calm down."] == [turn.agent for turn in first.turns]
    assert 1 == shown.text.count("how do you rate yourself")
    assert 1 == shown.text.count("First attempt and this one")
    assert "So far:" in shown.text


@pytest.mark.parametrize("answer", [["n"], [""], ["perhaps"], []])
def test_not_trying_again(
    answer: list[str], chat: Chat, session: Session, card: Scenario, types: Types
) -> None:
    """Whoever doesn't say yes is done."""
    types(ASKS, "/end", "", *answer)
    first = chat.run(session, card)
    assert first == chat.after(first, card)


def test_nothing_to_try_again(
    chat: Chat, session: Session, card: Scenario, shown: Shown, types: Types
) -> None:
    """A session without a reply has no turn to try again, and asks nothing."""
    types("/end", "")
    chat.after(chat.run(session, card), card)
    assert "again?" not in shown.text
