"""Why it ended, the one tip, and the customer's story: true to what happened, word by word."""

from __future__ import annotations

import pytest

from coachbot.library import Library
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.reporting.practice_result import practice_result
from coachbot.reporting.tips import LONGEST_QUOTE, names_in, tip_for
from coachbot.scenario.models import SLOT, Outcome, Scenario
from coachbot.session import machine
from coachbot.session.models import Session
from tests.customer.made import unscored
from tests.session.made import begun, evidence, gone_on, reason, scored

ACTS = ("second-train", "to-the-depot", "keeps-watch")
GOOD = scored((80, 80, 80))


def read(session: Session, files: Library) -> Debrief:
    """The debrief of a session about the parcel; what still goes on is ended."""
    loaded = files.scenario("late-parcel")
    over = machine.rate(machine.end(session), None)
    return debrief(over, loaded.scenario, loaded.temperament, files.general())


def ended(parcel: Scenario, outcome: Outcome, *acts: str, worth: float = 80) -> Session:
    """A session of one reply that did these acts and ended so."""
    return gone_on(begun(parcel), worth=scored((worth,) * 3), acts=acts, outcome=outcome)


def test_resolved_and_passed(parcel: Scenario, files: Library) -> None:
    """A pass is said in a sentence; with a hint it says so, and what is short is counted up."""
    passed = read(ended(parcel, "resolved", *ACTS), files)
    assert (True, "Dean went away with the matter settled, and feeling well treated.") == (
        passed.passed,
        passed.why,
    )
    marks = parcel.pass_marks
    short = read(ended(parcel, "resolved", *ACTS, worth=20), files)
    assert not short.passed
    for mark in (marks.empathy, marks.active_listening, marks.individualized_treatment):
        assert f"20 of {mark:.0f}" in short.why
    hinted = machine.take_hint(begun(parcel))
    helped = gone_on(hinted, worth=GOOD, acts=ACTS, outcome="resolved")
    assert "with help, because you took a hint" in read(helped, files).why
    again = helped.model_copy(update={"hints": (), "retry_of": "another"})
    assert "because you had seen the first attempt" in read(again, files).why


def test_resolved_coldly(parcel: Scenario, files: Library) -> None:
    """A problem solved coldly is not a pass, and it is said why."""
    found = read(ended(parcel, "resolved_coldly", *ACTS), files)
    assert not found.passed
    assert "handled rather than helped" in found.why
    assert f"with {parcel.resolution.warm_mood:.0f} Dean would have left content" in found.why


@pytest.mark.parametrize(("outcome", "verb"), [("left", "broke it off"), ("gave_up", "gave up")])
def test_the_last_straw(outcome: Outcome, verb: str, parcel: Scenario, files: Library) -> None:
    """Who lost the customer reads which words cost most, and in which reply."""
    blamed = reason("blamed", -18, "Well,  you ordered late", "You put the blame on them.")
    session = gone_on(begun(parcel), reasons=(reason("canned", -3), reason("heard", 4)))
    session = gone_on(session, reasons=(blamed,))
    session = gone_on(session, reasons=(reason("no_progress", -5),), outcome=outcome)
    why = read(session, files).why
    assert verb in why
    assert "in reply 2 (“Well, you ordered late”): you put the blame on them." in why


def test_out_of_turns(parcel: Scenario, files: Library) -> None:
    """Who ran out of turns reads how much was open."""
    assert "2 things still open" in read(ended(parcel, "out_of_turns", ACTS[0]), files).why
    assert "one thing still open" in read(ended(parcel, "out_of_turns", *ACTS[:2]), files).why


def test_ended_by_oneself(parcel: Scenario, files: Library) -> None:
    """Who ended it reads what was open, or that a goodbye was due."""
    assert "with 3 things still open" in read(gone_on(begun(parcel)), files).why
    assert "everything was arranged" in read(gone_on(begun(parcel), acts=ACTS), files).why


def test_the_opening_stands_alone(parcel: Scenario, files: Library) -> None:
    """The first reply's dimensions are reported on their own."""
    opening = scored((31, 32, 33))
    session = gone_on(gone_on(begun(parcel), worth=opening), worth=GOOD)
    assert opening.dimensions == read(session, files).opening


def test_the_words_that_did_it(parcel: Scenario, files: Library) -> None:
    """Each dimension has the sentence that did most and the one that cost most, of all replies."""
    first = scored((50, 50, 50), evidence("empathy", "Oh.", -4), evidence("empathy", "Yes.", 3))
    second = scored(
        (50, 50, 50),
        evidence("empathy", "I'm sorry.", 9),
        evidence("active_listening", "So?", -0.9),
    )
    session = gone_on(gone_on(begun(parcel), worth=first), worth=second)
    empathy, listening, _ = read(session, files).dimensions
    assert empathy.best is not None
    assert empathy.worst is not None
    assert (2, "I'm sorry.", 9) == (empathy.best.turn, empathy.best.text, empathy.best.effect)
    assert (1, "Oh.", -4) == (empathy.worst.turn, empathy.worst.text, empathy.worst.effect)
    # Less than a point is not worth a word.
    assert (None, None) == (listening.best, listening.worst)


def test_the_tip_quotes_what_cost_most(parcel: Scenario) -> None:
    """The tip stands beside the hire's own words at the weakest turn."""
    weak = scored(
        (20, 80, 80),
        evidence("empathy", "Calm   down.", -12, "tells the customer how to feel"),
        evidence("empathy", "It happens.", -4),
        evidence("active_listening", "Whatever.", -30),
        evidence("empathy", "Where is it?", -20, history=True),
    )
    session = gone_on(gone_on(begun(parcel), worth=GOOD), "Calm down. It happens.", worth=weak)
    tip = tip_for(session, parcel, "empathy")
    assert tip is not None
    assert (2, "empathy", "Calm down.") == (tip.turn, tip.dimension, tip.quote)


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("makes the problem small (“only a toy”)", "Your sentence makes the problem small"),
        ("stock phrase (“anything else”): it could be said to anyone", "Your sentence has a stock"),
    ],
)
def test_the_tip_names_the_fault(why: str, expected: str, parcel: Scenario) -> None:
    """What was wrong with it is a sentence, whatever form the scorer gives its reason."""
    worth = scored((20, 80, 80), evidence("empathy", "It's only a toy.", -12, why))
    tip = tip_for(gone_on(begun(parcel), worth=worth), parcel, "empathy")
    assert tip is not None
    assert tip.tip.startswith(expected)


def test_the_tip_names_an_unanswered_question(parcel: Scenario) -> None:
    """A question that was left unanswered is told as the customer's."""
    unanswered = evidence(
        "active_listening", "Where is it?", -12, "asked “Where is it?”: not answered", history=True
    )
    session = gone_on(begun(parcel), "Well.", worth=scored((80, 20, 80), unanswered))
    tip = tip_for(session, parcel, "active_listening")
    assert tip is not None
    assert tip.tip.startswith("Dean asked “Where is it?”, and got no answer.")
    assert "Well." == tip.quote


def test_a_long_reply_is_quoted_in_part(parcel: Scenario) -> None:
    """Without a sentence that stands out, the reply is quoted, as far as one reads."""
    session = gone_on(begun(parcel), "word " * 200, worth=scored((20, 80, 80)))
    tip = tip_for(session, parcel, "empathy")
    assert tip is not None
    assert tip.quote.endswith("word …")
    assert LONGEST_QUOTE + 2 >= len(tip.quote)


def test_no_tip_without_a_score(parcel: Scenario) -> None:
    """Where nothing could be scored there is nothing to advise."""
    assert tip_for(gone_on(begun(parcel), worth=unscored("language")), parcel, "empathy") is None


def test_the_example_has_what_was_said(parcel: Scenario) -> None:
    """A fact told before the weak reply may be in the example; one told after it may not."""
    moments = tuple(
        moment.model_copy(update={"good": ("I'll text {mobile} about {order-number}.",)})
        for moment in parcel.moments
    )
    card = parcel.model_copy(update={"moments": moments})
    known = (*begun(parcel).state.facts_told, "mobile", "order-number")
    session = gone_on(begun(card), worth=GOOD, facts_told=known)
    session = gone_on(session, worth=scored((20, 20, 20)))
    tip = tip_for(session, card, "empathy")
    assert tip is not None
    mobile, order = card.fact("mobile").value, card.fact("order-number").value
    assert f"I'll text {mobile} about {order}." == tip.example


def examples(card: Scenario, when: str) -> list[str]:
    """The good replies of a moment, with the facts in them."""
    values = {fact.id: fact.value or fact.about for fact in card.facts}
    return [
        SLOT.sub(lambda slot: values[slot.group(1)], good)
        for moment in card.moments
        if moment.when == when
        for good in moment.good
    ]


def test_the_example_fits_the_moment(files: Library) -> None:
    """The first reply gets an example for a first reply, the last one for a goodbye."""
    for loaded in files.scenarios():
        card = loaded.scenario
        weak = scored((20, 20, 20))
        needs = tuple(need.id for need in card.needs)
        opening = tip_for(gone_on(begun(card), worth=weak), card, "empathy")
        late = gone_on(
            begun(card),
            worth=GOOD,
            acts=tuple(act.id for act in card.resolution.acts),
            facts_told=tuple(fact.id for fact in card.facts),
            needs_revealed=needs,
            needs_met=needs,
        )
        goodbye = tip_for(gone_on(gone_on(late, worth=GOOD), worth=weak), card, "empathy")
        assert opening is not None
        assert goodbye is not None
        assert opening.example in examples(card, "opening")
        assert goodbye.example in examples(card, "closing")


def test_the_story_quotes_the_hire(parcel: Scenario, files: Library) -> None:
    """The words at the turn that moved the mood most are told as they were written."""
    session = gone_on(begun(parcel), mood=31, reasons=(reason("heard", 3, "A little kindness."),))
    session = gone_on(session, mood=45, reasons=(reason("heard", 9, "You waited, and for what?"),))
    session = gone_on(session, mood=20, reasons=(reason("minimised", -25, "It's only a toy."),))
    story = read(session, files).story
    assert '"You waited, and for what?"' in story
    assert '"It\'s only a toy"' in story
    assert "A little kindness" not in story
    assert story.index("You waited") < story.index("only a toy")


def test_the_story_dwells_on_nothing_small(parcel: Scenario, files: Library) -> None:
    """What moved the mood little is not told, nor what has no words."""
    session = gone_on(begun(parcel), mood=31, reasons=(reason("heard", 3, "A little kindness."),))
    session = gone_on(session, mood=50, reasons=(reason("act:second-train", 19),))
    assert '"' not in read(session, files).story


def test_the_story_tells_what_set_them_off(parcel: Scenario, files: Library) -> None:
    """A hot button is in the story if it was pressed, and only then."""
    for button in parcel.hot_buttons:
        told = parcel.story.hot_buttons.get(button.id)
        if told is not None:
            pressed = gone_on(begun(parcel), buttons_pressed=(button.id,))
            assert told in read(pressed, files).story
            assert told not in read(gone_on(begun(parcel)), files).story


def test_the_result_for_programs(parcel: Scenario, files: Library) -> None:
    """The object for programs says the same as the debrief."""
    why = reason("heard", 4, "Since last Friday.", "You put into words what this is about.")
    session = gone_on(
        begun(parcel),
        "Since last Friday.",
        worth=GOOD,
        mood=40,
        reasons=(why,),
        acts=("second-train",),
        answer=("Good.", "And then?"),
        needs_revealed=("last-year",),
        facts_told=(*begun(parcel).state.facts_told, "mobile"),
    )
    session = gone_on(session, worth=GOOD, answer=("Bye.", "Thanks."), outcome="left")
    told = read(session, files)
    result = practice_result(machine.rate(session, None), parcel, told)
    first, second = result.turns
    assert ("Where is it?", "Since last Friday.") == (first.customer, first.agent)
    assert (parcel.mood, 40) == (first.mood_before, first.mood_after)
    assert ("You put into words what this is about.",) == first.mood_reasons
    assert (("second-train",), ("mobile",)) == (first.acts, first.facts)
    assert "Good.\nAnd then?" == second.customer
    assert "Bye.\nThanks." == result.closing
    assert ("last-year",) == result.needs.revealed
    hidden = tuple(need.id for need in parcel.needs if need.id != "last-year")
    assert hidden == result.needs.not_revealed
    assert (told.story, told.tips, told.outcome) == (result.story, result.tips, result.outcome)
    assert 80.0 == result.dimensions.empathy.score


def test_the_example_names_nobody_unheard_of(parcel: Scenario) -> None:
    """Neither the brief nor anybody has spoken of Leo yet; once somebody has, he may be named."""
    with_name, without = "It's for Leo, and it will be there.", "It will be there by Saturday."
    moments = tuple(
        moment.model_copy(update={"good": (with_name, without)}) for moment in parcel.moments
    )
    card = parcel.model_copy(update={"moments": moments})
    assert "leo" in names_in(card)
    weak = scored((20, 20, 20))
    for said, expected in (("Where is it?", without), ("Where is Leo's train?", with_name)):
        session = gone_on(begun(card, opening=(said,)), worth=weak)
        tip = tip_for(session, card, "empathy")
        assert tip is not None
        assert expected == tip.example


def test_quotes_have_dots_where_they_are_cut(parcel: Scenario, files: Library) -> None:
    """Of a part of a sentence nobody should think that it was all; the story quotes so, too."""
    reply = "I'll ring the depot, and then I'll write to you."
    part = "I'll ring the depot,"
    worth = scored((20, 50, 50), evidence("empathy", part, -9, "goes past it"))
    session = gone_on(
        begun(parcel), reply, worth=worth, mood=10, reasons=(reason("no_progress", -9, part),)
    )
    found = read(session, files)
    assert "I'll ring the depot …" == found.tips[0].quote
    assert found.dimensions[0].worst is not None
    assert "I'll ring the depot …" == found.dimensions[0].worst.text
    assert "I'll ring the depot …" in found.story
