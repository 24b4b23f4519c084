"""The parts of a scenario held against each other."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from coachbot.library import Library
from coachbot.scenario.consistency import Finding, check_scenario, check_temperament
from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import Scenario
from coachbot.scenario.speech import bands_between
from coachbot.scenario.supply import turns_until_out
from coachbot.scenario.temperament import CAUSES, CORE_CAUSES, MOVES, Temperament

ROOT = Path(__file__).parents[2]
LIBRARY = Library(ROOT / "scenarios")
COLD, GENERAL = LIBRARY.temperament("cold"), LIBRARY.general()
ANGRY = LIBRARY.temperament("angry")
NAMES = ("angry", "cold", "general")

DATA: dict[str, Any] = YAML(typ="safe", pure=True).load(
    ROOT / "tests" / "library" / "files" / "open-case.yaml"
)
ACT: KeyPath = ("resolution", "acts", 0)


def put(data: Any, path: KeyPath, value: Any) -> Any:
    """A copy of the data with another value at a place; ``...`` deletes it."""
    data = copy.deepcopy(data)
    at = data
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    elif isinstance(at, list) and path[-1] == len(at):
        at.append(value)
    else:
        at[path[-1]] = value
    return data


def found(*changes: tuple[KeyPath, Any], own: Temperament | None = COLD) -> list[Finding]:
    """What is found in the complete scenario after some changes."""
    data: Any = DATA
    for path, value in changes:
        data = put(data, path, value)
    return list(check_scenario(Scenario.model_validate(data), own, GENERAL, NAMES))


def second_act(**changes: Any) -> dict[str, Any]:
    """Another act, with words of its own."""
    act: dict[str, Any] = {
        "id": "call-back",
        "what": "Rings the customer back",
        "examples": [f"I'll ring you back at {hour} o'clock." for hour in range(1, 9)],
        "counter_examples": [f"Ring us again after {hour}." for hour in range(1, 6)],
        "thanks": [f"Good, I'll be by the phone, for the {n}th time." for n in range(1, 4)],
        "press": [f"And who rings me? I'm asking {n} times." for n in range(1, 7)],
        "hint": "Think of the telephone.",
    }
    return act | changes


TOLD = {"done": "They rang me.", "missed": "Nobody rang."}
WITH_SECOND = ((("story", "acts", "call-back"), TOLD),)


def test_no_mistakes() -> None:
    """The complete scenario has none, with one act or with two."""
    assert [] == found()
    assert [] == found(((*ACT[:-1], 1), second_act()), *WITH_SECOND)


LINE = "It's 4471, as you know."


@pytest.mark.parametrize(
    ("path", "value", "at", "message"),
    [
        # References
        (("persona", "temperament"), "cool", None, "There is no temperament 'cool'"),
        (("persona", "temperament"), "general", None, "nobody's temperament"),
        (("facts", 1, "id"), "reference", None, "Two of the facts are called 'reference'"),
        (("moments", 1, "id"), "first-reply", None, "Two of the moments are called"),
        (("moments", 1, "when"), "fact deadlin", None, "There is no fact 'deadlin'"),
        (("moments", 1, "when"), "need lost", None, "There is no need 'lost'"),
        (("moments", 1, "when"), "act lost", None, "There is no act 'lost'"),
        (("moments", 0, "when"), "upset", None, "The first moment must be the opening"),
        ((*ACT, "after"), ["lost"], (*ACT, "after", 0), "There is no act 'lost'"),
        ((*ACT, "after"), ["get-it-done"], (*ACT, "after", 0), "waits for itself"),
        (("story", "acts"), {}, ("story",), "The story has nothing for the act 'get-it-done'"),
        (("story", "needs"), {}, ("story",), "nothing for the need 'word-given'"),
        (("story", "acts", "lost"), TOLD, None, "There is no act 'lost'"),
        (("story", "needs", "lost"), TOLD, None, "There is no need 'lost'"),
        (("story", "hot_buttons", "lost"), "It was.", None, "There is no hot button 'lost'"),
        # Slots
        (
            ("facts", 0, "say", 0),
            "4471, {customer}.",
            ("facts", 0, "say", 0, "say", 0),
            "{customer}",
        ),
        (("opening", 0), "Hello {agent}.", ("opening", 0, "say", 0), "Nothing fills {agent} here"),
        (("facts", 0, "ask", 0), "Is it {when}?", None, "Nothing fills {when} here"),
        (("facts", 0, "say", 0), "{When}?", ("facts", 0, "say", 0, "say", 0), "A brace"),
        (("moments", 0, "good", 0), "By {lost}.", None, "There is no fact 'lost'"),
        (("moments", 0, "fair", 0), "By {deadline}.", None, "Nothing fills {deadline} here"),
        # The same words twice
        (("endings", "left", 0), "It's 4471!", ("endings", "left", 0, "say", 0), "same words"),
        (("facts", 1, "say", 0), ["Well.", "it's 4471"], ("facts", 1, "say", 0, "say", 1), "same"),
        ((*ACT, "examples", 1), "I've just sorted it out for you", None, "an example twice"),
        ((*ACT, "counter_examples", 0), "i can finish it for you right away", None, "counter-ex"),
        (("facts", 1, "ask", 0), "What's your reference number?", None, "can't be told apart"),
        (("needs", 0, "ask", 0), "What's your reference number?", None, "can't be told apart"),
        (
            (*ACT, "examples", 0),
            "I'll give you a voucher for the trouble.",
            ("brief", "may_not_offer", 0, "examples", 0),
            "an example twice",
        ),
        (
            (*ACT, "examples", 0),
            "Everybody has to wait their turn.",
            ("hot_buttons", 0, "examples", 3),
            "an example twice",
        ),
        (("comebacks", 0, "to", 1), "I'm sorry for the delay", None, "something the hire says"),
        (
            ("example_conversation", 0),
            "You'll get twenty pounds from us.",
            None,
            "may not be offered",
        ),
        (
            ("moments", 0, "good", 0),
            "You'll get twenty pounds from us.",
            None,
            "may not be offered",
        ),
        # Words that are never said, or are missing
        (
            ("opening", 0),
            {"say": "Hello!", "mood": "high"},
            ("opening", 0, "mood"),
            "never be said",
        ),
        (
            ("endings", "resolved", 0),
            {"say": "So.", "mood": "low"},
            ("endings", "resolved", 0, "mood"),
            "never be said",
        ),
        (
            ("endings", "left", 0),
            {"say": "So.", "mood": "high"},
            ("endings", "left", 0, "mood"),
            "never be said",
        ),
        (("needs", 0, "say"), [{"say": f"So, {n}.", "mood": "high"} for n in "ab"], None, "is low"),
        ((*ACT, "thanks"), [{"say": f"So, {n}.", "mood": "low"} for n in "abc"], None, "is mid"),
        (("facts", 0, "say"), [f"{{when}} {n}, 4471." for n in "abc"], None, "lines with a slot"),
        (
            ("facts", 0, "again"),
            [{"say": f"4471, {n}", "to": ["Really?"]} for n in "ab"],
            None,
            "only lines with a slot or with 'to'",
        ),
        ((*ACT, "press"), [f"Now, {n}?" for n in "abcd"], None, "write|here are 4 lines for it"),
        (
            ("hot_buttons", 0, "reactions"),
            [{"say": f"No {n}", "to": ["x"]} for n in "abc"] + ["No"],
            None,
            "it can be pressed 3 times, and here is 1 reaction",
        ),
        # Examples that don't count, hints, lengths
        ((*ACT, "mentions"), ["settled"], (*ACT, "examples", 0), "none of the words in 'mentions'"),
        ((*ACT, "mentions"), ["zebra"], ("example_conversation",), "act 'get-it-done' needs"),
        ((*ACT, "hint"), "Say: I can finish it for you right away!", None, "gives the words away"),
        (
            ("example_conversation",),
            [f"I'm completing it, {n}." for n in range(13)],
            None,
            "13 replies",
        ),
    ],
)
def test_mistakes(path: KeyPath, value: Any, at: KeyPath | None, message: str) -> None:
    """What doesn't fit is found at its place, as a mistake, with what to write instead."""
    findings = [f for f in found((path, value)) if f.path == (at or path)]

    assert [True] * len(findings) == [bool(f.instead) for f in findings]
    assert any(
        part in f.message and "mistake" == f.severity
        for f in findings
        for part in message.split("|")
    )


@pytest.mark.parametrize(
    ("path", "value", "at", "message"),
    [
        (("mood",), 5, ("mood",), "A mood of 5 is low"),
        (("patience",), 12, ("patience",), "A patience of 12 is high"),
        (("mood",), 55, ("mood",), "as warm as warm_mood"),
        (("turn_limit",), 5, ("patience",), "nobody can run out of it"),
        (("needs", 0, "mood_at_least"), 20, None, "out after the first reply"),
        (("needs", 0, "mood_at_least"), 95, None, "Hardly any conversation"),
        (("facts", 0, "mood_at_least"), 80, None, "after the customer is won over"),
        (("persona", "style"), {"slips": 0.1}, ("persona", "style"), "is left out here"),
        (("persona", "circumstances"), "Her father died in May.", None, "no content_note"),
        (("moments", 1, "when"), "opening", None, "another moment for 'opening'"),
        (("moments", 0, "good"), ["By {deadline}."], None, "may not have said deadline by then"),
        (("story", "hot_buttons"), {}, ("story",), "nothing for the hot button"),
    ],
)
def test_warnings(path: KeyPath, value: Any, at: KeyPath | None, message: str) -> None:
    """What can be meant so is a warning, and no mistake."""
    findings = [f for f in found((path, value), own=ANGRY) if f.path == (at or path)]

    assert ["warning"] * len(findings) == [f.severity for f in findings]
    assert any(message in f.message for f in findings)


def test_content_note() -> None:
    """With a content note there is nothing to warn of."""
    note = (("content_note",), "It is about a death.")

    assert [] == found((("persona", "circumstances"), "Her father died in May."), note)


def test_a_slot_that_the_moment_fills() -> None:
    """A good reply may use the fact that was just told, and what the opening says."""
    just_told = (
        (("moments", 1, "when"), "fact deadline"),
        (("moments", 1, "good", 0), "{deadline}."),
    )
    opening = ((("facts", 1, "in_opening"), True), (("moments", 0, "good", 0), "By {deadline}."))

    assert [] == found(*just_told)
    assert [] == found(*opening)


def test_a_fact_without_a_value() -> None:
    """A slot needs a fact that has a value."""
    [finding] = found((("facts", 1, "value"), ...), (("moments", 0, "good", 0), "By {deadline}."))[
        :1
    ]

    assert "The fact 'deadline' has no value" in finding.message


def test_acts_that_wait_for_each_other() -> None:
    """Two acts that each come after the other can never be done."""
    findings = found(
        ((*ACT, "after"), ["call-back"]),
        ((*ACT[:-1], 1), second_act(after=["get-it-done"])),
        *WITH_SECOND,
    )

    assert {(*ACT, "after", 0), (*ACT[:-1], 1, "after", 0)} == {f.path for f in findings}
    assert all("neither can ever be done" in f.message and f.stops for f in findings)


def test_an_act_before_the_one_it_waits_for() -> None:
    """An act stands below the one it comes after, and must where acts count only in order."""
    changes = (((*ACT, "after"), ["call-back"]), ((*ACT[:-1], 1), second_act()), *WITH_SECOND)

    [free] = found(*changes)
    [ordered] = found(*changes, (("resolution", "order"), "in_order"))

    assert not free.stops
    assert ordered.stops
    assert "it can never be done" in ordered.message


def test_examples_of_two_acts() -> None:
    """The same words can't do two things."""
    shared = second_act(
        examples=["I can finish it for you right away."] * 1
        + [f"I'll ring you back at {hour}." for hour in range(1, 8)]
    )

    [finding] = found(((*ACT[:-1], 1), shared), *WITH_SECOND)

    assert (*ACT[:-1], 1, "examples", 0) == finding.path
    assert (*ACT, "examples", 6) == finding.other


def test_same_words_as_the_temperament() -> None:
    """A line that the temperament has too would be said once for both."""
    line = COLD.reactions["heard"][0].say[0]

    [finding] = found((("facts", 0, "say", 0), line))

    assert "The temperament 'cold' has the same words" in finding.message


def test_one_ending_and_one_opening() -> None:
    """Endings may share words, because only one of them is ever said; so may openings."""
    same = "I have what I came for. That's it from me."
    opening = DATA["opening"][0]

    assert [] == found((("endings", "left", 0), same))
    assert [] == found((("opening", 1), [opening, "It's urgent, by the way."]))


def test_who_gives_up() -> None:
    """Somebody who gives up rather than leave says the last words of that in any mood."""
    resigned = LIBRARY.temperament("resigned")
    ending = (("endings", "gave_up", 0), {"say": "Then so be it.", "mood": "low"})

    assert "gave_up" == resigned.out_of_patience
    assert [] == [f for f in found(ending, own=resigned) if f.path[0] == "endings"]
    assert [("endings", "gave_up", 0, "mood")] == [f.path for f in found(ending)]


def test_general_words_are_missing() -> None:
    """Without the words for anybody nothing can be played."""
    findings = check_scenario(Scenario.model_validate(DATA), COLD, None, ("cold",))

    assert [True] == [f.stops for f in findings]
    assert "no temperament 'general'" in findings[0].message


@pytest.mark.parametrize(
    ("patience", "extra", "turns"),
    [
        # 1 + 1 + 1.15 + 1.3 + 1.45 = 5.9 after five turns; the sixth is the last.
        (6, 0, 6),
        # 1 + 1 = 2
        (2, 0, 2),
        # 2 + 2 = 4, + 2.15 = 6.15
        (6, 1, 3),
        # 1 + 1 + 1.15 + 1.3 + 1.45 + 1.6 + 1.75 + 1.9 = 11.15, + 2.05 = 13.2
        (12, 0, 9),
    ],
)
def test_patience(patience: float, extra: float, turns: int) -> None:
    """Patience is used up a little faster with each turn in which nothing moves."""
    assert turns == turns_until_out(patience, extra)


def test_patience_and_lines() -> None:
    """More patience needs more lines: with 12 the customer presses eight times, and 6 are there."""
    messages = [f.message for f in found((("patience",), 12)) if f.severity == "mistake"]

    assert "A patience of 12 lasts for 8 turns of pressing, and here are 6 lines for it" in messages


@pytest.mark.parametrize(
    ("low", "high", "bands"),
    [
        (0, 100.1, ("low", "mid", "high")),
        (50, 100.1, ("mid", "high")),
        (62, 100.1, ("high",)),
        (0, 35, ("low",)),
        (0, 45, ("low", "mid")),
        (45, 100.1, ("mid", "high")),
    ],
)
def test_bands_between(low: float, high: float, bands: tuple[str, ...]) -> None:
    """The bands of a range of moods: low under 35, high from 62."""
    assert bands == bands_between(low, high)


@pytest.mark.parametrize("name", sorted(LIBRARY.temperament_files()))
def test_temperaments_of_the_project(name: str) -> None:
    """The temperaments that come with CoachBot have no mistakes."""
    assert () == check_temperament(LIBRARY.temperament(name), GENERAL)


def changed(temperament: Temperament, path: KeyPath, value: Any) -> tuple[Finding, ...]:
    """What is found in a temperament after a change."""
    data = put(temperament.model_dump(mode="json"), path, value)
    return check_temperament(Temperament.model_validate(data), GENERAL)


@pytest.mark.parametrize(
    ("path", "value", "at", "message"),
    [
        (("reactions", "heard"), ..., ("reactions",), "reacts to 'heard', and here are no lines"),
        (("reactions", "heard"), ["a", "b"], None, "and here are 2 lines for it"),
        (("reactions", "heard", 0), "At {hour}.", ("reactions", "heard", 0, "say", 0), "{hour}"),
        (("moves", "unknown", 0), "{first}?", ("moves", "unknown", 0, "say", 0), "{first}"),
        (("turned", 0), "And then it went well.", None, "The hire's words are missing"),
        (("stung", 0), "Then {agent} said {quote}.", None, "Nothing fills {agent}"),
        (
            ("reactions", "blamed", 0),
            GENERAL.reactions["blamed"][0].say[0],
            ("reactions", "blamed", 0, "say", 0),
            "The temperament 'general' has the same words",
        ),
        (
            ("reactions", "blamed", 0),
            ANGRY.reactions["heard"][0].say[0],
            ("reactions", "blamed", 0, "say", 0),
            "stand in the file twice",
        ),
        (
            ("everyday", 0, "ask"),
            ["How is the weather over there?"] * 4,
            ("everyday", 0, "ask", 1),
            "The same way to ask stands here twice",
        ),
        (("everyday", 0, "id"), "weather", None, "'weather' has 0 ways to ask it"),
        (("everyday", 0, "ask"), ["How are you?"], None, "has 1 way to ask it"),
        (("everyday", 1, "id"), ANGRY.everyday[0].id, None, "stands here twice"),
    ],
)
def test_mistakes_in_temperaments(
    path: KeyPath, value: Any, at: KeyPath | None, message: str
) -> None:
    """A temperament is checked like a scenario: words missing, doubled, or with wrong slots."""
    assert any(
        message in f.message and f.path == (at or path) and "mistake" == f.severity
        for f in changed(ANGRY, path, value)
    )


def test_general_has_words_for_everything() -> None:
    """The words for anybody must cover each cause and each move; a temperament only the core."""
    bare: dict[str, Any] = {"reactions": {}, "moves": {}, "everyday": [], "turned": [], "stung": []}
    general = Temperament.model_validate(GENERAL.model_dump() | bare)
    cold = Temperament.model_validate(COLD.model_dump() | bare)

    assert len(CAUSES) + len(MOVES) + 2 == len(check_temperament(general, general))
    assert len(CORE_CAUSES) == len(check_temperament(cold, GENERAL))


def test_own_answers_to_everyday_questions() -> None:
    """A scenario answers everyday questions itself; the temperament's answers stand behind."""
    answer = {"say": "A letter that says it's closed.", "mood": "high"}
    assert [] == found((("everyday",), {"what-outcome": [answer]}))
    always = answer | {"mood": ["low", "mid", "high"]}
    (mistake,) = found((("everyday",), {"what-outcom": [always]}))
    assert ("everyday", "what-outcom") == mistake.path
    assert "did you mean 'what-outcome'?" in mistake.instead
    (stray,) = found((("everyday",), {"lunar-phase": [always]}))
    assert "make it a fact" in stray.instead
    assert "did you mean" not in stray.instead


def test_what_ends_a_line_exists() -> None:
    """A line that is not said after something names what there is."""
    (mistake,) = found(
        (("resolution", "acts", 0, "press", 0), {"say": "So?", "unless": ["plaice"]})
    )
    assert ("resolution", "acts", 0, "press", 0, "unless", 0) == mistake.path
    assert "no fact, need or act 'plaice'" in mistake.message


def test_own_answers_are_lines_like_others() -> None:
    """What is said elsewhere in the file, or needs a slot that is never filled, is found."""
    twice = DATA["opening"][0]
    (mistake,) = found((("everyday",), {"what-outcome": [twice]}))
    assert "stand in the file twice" in mistake.message
    (slot,) = found((("everyday",), {"what-outcome": ["Ask {somebody}."]}))
    assert "somebody" in slot.message
