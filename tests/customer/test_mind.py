"""What the customer decides: which acts count, what is answered, how it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coachbot.customer.asking import Asked
from coachbot.customer.mind import open_acts
from coachbot.customer.state import CustomerState, Promise
from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.text import Span
from tests.customer.made import acts, after, asked, match, promise, reading, score, span, with_acts

TRAIN, DEPOT, WATCH = "second-train", "to-the-depot", "keeps-watch"


@pytest.fixture
def start(parcel: Scenario) -> CustomerState:
    """Before the first reply."""
    return CustomerState.start(parcel)


def sources(decision_moves: tuple[object, ...]) -> list[str]:
    """Where the words of the moves come from."""
    return [getattr(move, "source", "") for move in decision_moves]


def test_an_act_counts_once_it_may(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """An act that comes after another counts only once that one is done."""
    scenario = with_acts(parcel, to_the_depot=TRAIN)
    too_early = after(start, acts(DEPOT), score(), scenario, angry).state
    assert () == too_early.acts_done

    then = after(too_early, acts(TRAIN), score(), scenario, angry).state
    assert (TRAIN,) == then.acts_done

    at_last = after(then, acts(DEPOT), score(), scenario, angry).state
    assert (TRAIN, DEPOT) == at_last.acts_done
    assert (2, 3) == at_last.acts_done_at


def test_one_reply_may_do_both(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """An act and the one that comes after it can be done in one reply, in whatever order."""
    scenario = with_acts(parcel, to_the_depot=TRAIN)
    assert (TRAIN, DEPOT) == after(
        start, acts(DEPOT, TRAIN), score(), scenario, angry
    ).state.acts_done


def test_in_order(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """In a scenario with an order, nothing counts before what stands in front of it."""
    scenario = with_acts(parcel, order="in_order")
    assert () == after(start, acts(DEPOT, WATCH), score(), scenario, angry).state.acts_done
    both = after(start, acts(DEPOT, TRAIN), score(), scenario, angry).state
    assert (TRAIN, DEPOT) == both.acts_done
    assert [WATCH] == [act.id for act in open_acts(both, scenario)]


def test_an_act_is_done_once(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """Saying it again does not do it again, and gains nothing."""
    once = after(start, acts(TRAIN), score(), parcel, angry).state
    again = after(once, acts(TRAIN), score(), parcel, angry)
    assert (TRAIN,) == again.state.acts_done
    assert [] == [reason for reason in again.reasons if reason.cause.startswith("act:")]


def test_open_acts(start: CustomerState, parcel: Scenario) -> None:
    """What may be pressed for is what is still to be done and may be done now."""

    def names(state: CustomerState, scenario: Scenario) -> list[str]:
        return [act.id for act in open_acts(state, scenario)]

    done = start.model_copy(update={"acts_done": (TRAIN,)})
    waiting = with_acts(parcel, to_the_depot=TRAIN)
    assert [TRAIN, DEPOT, WATCH] == names(start, parcel)
    assert [DEPOT, WATCH] == names(done, parcel)
    assert [TRAIN, WATCH] == names(start, waiting)
    assert [TRAIN] == names(start, with_acts(parcel, order="in_order"))


def test_a_question_is_answered_and_remembered(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A fact is told when it is asked for, and then it is out."""
    told = after(start, reading(asked=(asked("fact", "mobile"),)), score(), parcel, angry)
    assert "fact:mobile" in sources(told.moves)
    assert "mobile" in told.state.facts_told


def test_every_question_is_answered(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Two questions get two answers."""
    both = reading(asked=(asked("fact", "mobile"), asked("fact", "order-number")))
    told = after(start, both, score(), parcel, angry)
    assert {"fact:mobile", "fact:order-number"} <= set(sources(told.moves))


def test_what_nobody_wrote_is_not_answered(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A question that the scenario knows nothing about is met with a shrug, not with a fact."""
    which = replace(asked("unknown"), span=Span(40, 62, "what is the colour of it?"))
    told = after(start, reading(asked=(which,)), score(), parcel, angry)
    assert "move:unknown" in sources(told.moves)
    assert start.facts_told == told.state.facts_told


def test_a_yes_or_no_that_nobody_wrote_is_left_open(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asked for a yes or a no that nobody authored, they commit themselves to neither."""
    told = after(start, reading(asked=(asked("unknown"),)), score(), parcel, angry)
    assert "move:unsure" in sources(told.moves)


def test_leave_to_ask_is_not_given_beside_the_answer(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Whoever asks only whether they may ask hears yes; with the question, its answer."""
    leave = replace(asked("consent"), span=Span(0, 23, "May I ask one more thing?"))
    alone = after(start, reading(asked=(leave,)), score(), parcel, angry)
    assert "move:yes" in sources(alone.moves)
    both = after(start, reading(asked=(leave, asked("fact", "mobile"))), score(), parcel, angry)
    assert "move:yes" not in sources(both.moves)
    assert "fact:mobile" in sources(both.moves)


def test_what_nobody_wrote_is_answered_by_its_form(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """How long, whether, who: each gets an answer that fits, unless it touches their own matter."""
    far = replace(
        asked("unknown"), span=Span(0, 32, "How long have you lived there?"), similarity=0.2
    )
    near = replace(far, similarity=0.51)
    told = after(start, reading(asked=(far,)), score(), parcel, angry)
    assert "move:asked_how_long" in sources(told.moves)
    told = after(start, reading(asked=(near,)), score(), parcel, angry)
    assert "move:unknown" in sources(told.moves)
    kept = replace(near, span=Span(0, 30, "Have you kept any of the letters?"))
    told = after(start, reading(asked=(kept,)), score(), parcel, angry)
    assert "move:asked_whether_you" in sources(told.moves)


def test_a_choice_that_nobody_wrote_is_left_to_the_hire(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Between two things that no file mentions they take whichever comes."""
    two = replace(asked("unknown"), span=Span(0, 41, "Would you prefer it in blue or in yellow?"))
    told = after(start, reading(asked=(two,)), score(), parcel, angry)
    assert "move:either" in sources(told.moves)


def test_an_offer_is_accepted_unless_it_has_an_answer_of_its_own(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """An offer ("Shall I go ahead?") gets a word, but no second one."""
    offered = asked("offer")
    told = after(start, reading(asked=(offered,)), score(), parcel, angry)
    assert "move:yes" in sources(told.moves)
    done = match(TRAIN)
    same = replace(offered, span=done.span)
    told = after(start, reading(asked=(same,), acts=(done,)), score(), parcel, angry)
    assert "move:yes" not in sources(told.moves)


def test_thanks_answer_whether_it_helps(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asked whether that helps with what was just done, their thanks are the answer."""
    helps = asked("everyday", "is-it-better")
    told = after(start, reading(asked=(helps,)), score(), parcel, angry)
    assert "everyday:is-it-better" in sources(told.moves)
    told = after(start, reading(asked=(helps,), acts=(match(TRAIN),)), score(), parcel, angry)
    assert "everyday:is-it-better" not in sources(told.moves)
    assert f"act-thanks:{TRAIN}" in sources(told.moves)


def test_what_they_want_is_what_is_open(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asked what they would like, they press for what is open, or say what the file has to that."""
    wish = reading(asked=(asked("everyday", "what-outcome"),))
    silent = parcel.model_copy(update={"everyday": {}})
    told = after(start, wish, score(), silent, angry)
    assert "everyday:what-outcome" not in sources(told.moves)
    assert any(source.startswith("act-press:") for source in sources(told.moves))
    told = after(start, wish, score(), parcel, angry)
    assert "everyday:what-outcome" in sources(told.moves)
    assert not any(source.startswith("act-press:") for source in sources(told.moves))


def test_civil_words_cost_who_is_furious_patience_and_nothing_else(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Poor replies that hurt nobody end it when the patience is gone, sooner in a mood so low."""
    poor = score(empathy=0, active_listening=0, individualized_treatment=0)
    furious = start.model_copy(update={"mood": 4.0, "patience": 4.0})
    cross = furious.model_copy(update={"mood": 40.0})
    once = after(furious, reading(), poor, parcel, angry)
    assert once.state.outcome is None
    assert once.state.patience < after(cross, reading(), poor, parcel, angry).state.patience
    turns = 1
    while once.state.outcome is None:
        once = after(once.state, reading(), poor, parcel, angry)
        turns += 1
    assert ("left", 0.0) == (once.state.outcome, once.state.patience)
    assert 2 <= turns <= 4


def test_an_insult_ends_it_at_once(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Nobody stays for a second one in a low mood."""
    low = start.model_copy(update={"mood": 4.0})
    told = after(low, reading(insult=span("idiot")), score(), parcel, angry)
    assert "left" == told.state.outcome


def test_a_guarded_fact_waits(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """What is told only in a better mood is kept back in a worse one."""
    mobile = parcel.fact("mobile").model_copy(update={"mood_at_least": 60.0})
    others = tuple(fact for fact in parcel.facts if fact.id != "mobile")
    scenario = parcel.model_copy(update={"facts": (*others, mobile)})
    question = reading(asked=(asked("fact", "mobile"),))
    kept = after(start, question, score(), scenario, angry)
    assert "move:guarded" in sources(kept.moves)
    assert "mobile" not in kept.state.facts_told

    glad = start.model_copy(update={"mood": 80.0})
    assert "mobile" in after(glad, question, score(), scenario, angry).state.facts_told


def test_two_readings_of_a_question(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asked what could mean two things, the customer asks which, and names both."""
    unclear = reading(asked=(asked("which_one", "hours", "place"),))
    told = after(start, unclear, score(), parcel, angry)
    move = next(move for move in told.moves if move.source == "move:which_one")
    expected = {parcel.fact("hours").about, parcel.fact("place").about}
    assert expected == {move.about["first"], move.about["second"]}


def test_what_is_beside_the_point_is_asked_back(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asked about themselves what nobody foresaw, they put it back, and nothing else."""
    back = "Am I left-handed?"
    unforeseen = Asked(Span(0, 22, "Are you left-handed?"), "unknown", (), 0.2, 0.1, back)
    told = after(start, reading(asked=(unforeseen,)), score(), parcel, angry)
    move = next(move for move in told.moves if move.source == "move:asked_back")
    assert move.about["question"] == back

    near = replace(unforeseen, similarity=0.6)
    other = replace(unforeseen, span=Span(0, 14, "Is it raining?"), back=None)
    for question in (near, other):
        told = after(start, reading(asked=(question,)), score(), parcel, angry)
        assert "move:asked_back" not in sources(told.moves)


def test_a_need_comes_out_when_it_is_explored(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Whoever asks about what is behind it is told."""
    explored = reading(asked=(asked("need", "last-year"),), needs_explored=(match("last-year"),))
    told = after(start, explored, score(), parcel, angry)
    assert "need:last-year" in sources(told.moves)
    assert ("last-year",) == told.state.needs_revealed


def test_a_need_comes_out_in_a_good_mood(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """From its mood on a need is told unasked, and not below it."""
    at_least = parcel.need("last-year").mood_at_least
    assert at_least is not None
    glad = start.model_copy(update={"mood": at_least + 5})
    assert ("last-year",) == after(glad, reading(), score(), parcel, angry).state.needs_revealed
    assert () == after(start, reading(), score(), parcel, angry).state.needs_revealed


def test_pressing_goes_on(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """What is still open is pressed for, step by step."""
    first = after(start, reading(), score(), parcel, angry)
    second = after(first.state, reading(), score(), parcel, angry)
    steps = [m.step for d in (first, second) for m in d.moves if m.source == f"act-press:{TRAIN}"]
    assert [0, 1] == steps


def test_waiting_while_the_hire_looks(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Whoever says that they are looking is not pressed at once."""
    looking = reading(promises=(promise("checking"),), words=6)
    told = after(start, looking, score(), parcel, angry)
    assert not [source for source in sources(told.moves) if source.startswith("act-press:")]


def played(
    parcel: Scenario, angry: Temperament, points: float, *, does: bool, turns: int
) -> list[CustomerState]:
    """Replies that are all worth the same; the first three do an act each, or none does."""
    states = [CustomerState.start(parcel)]
    names = [act.id for act in parcel.resolution.acts]
    for turn in range(turns):
        if states[-1].outcome is not None:
            break
        found = acts(names[turn]) if does and turn < len(names) else reading()
        worth = score(points, points, points)
        states.append(after(states[-1], found, worth, parcel, angry).state)
    return states


def test_warmth_and_progress_resolve(parcel: Scenario, angry: Temperament) -> None:
    """All acts done, and every reply a warm one: resolved."""
    assert "resolved" == played(parcel, angry, 85, does=True, turns=12)[-1].outcome


def test_progress_without_warmth_is_cold(parcel: Scenario, angry: Temperament) -> None:
    """All acts done by somebody who shows no warmth: resolved, coldly, after one more chance."""
    states = played(parcel, angry, 45, does=True, turns=12)
    assert "resolved_coldly" == states[-1].outcome
    assert len(parcel.resolution.acts) + 1 == len(states) - 1
    assert states[-1].mood < parcel.resolution.warm_mood


def test_warmth_without_progress_wears_out(parcel: Scenario, angry: Temperament) -> None:
    """Kind words alone run the patience out before the turns are up, and gladden nobody."""
    states = played(parcel, angry, 85, does=False, turns=12)
    assert states[-1].outcome in ("left", "gave_up")
    assert len(states) - 1 < parcel.turn_limit
    patience = [state.patience for state in states]
    assert sorted(patience, reverse=True) == patience
    assert max(state.mood for state in states) <= parcel.resolution.warm_mood + 5


def test_the_turns_run_out(parcel: Scenario, angry: Temperament) -> None:
    """A conversation that gets nowhere in time is over at the turn limit."""
    late = CustomerState.start(parcel).model_copy(update={"turn": parcel.turn_limit - 1})
    assert "out_of_turns" == after(late, reading(), score(), parcel, angry).state.outcome


def test_furious_people_hang_up(parcel: Scenario, angry: Temperament) -> None:
    """An insult in a bad mood ends it at once."""
    low = CustomerState.start(parcel).model_copy(update={"mood": 10.0})
    insulted = reading(insult=match("insult").span)
    assert "left" == after(low, insulted, score(), parcel, angry).state.outcome


@pytest.mark.parametrize(("temperament", "outcome"), [("angry", "left"), ("grieving", "gave_up")])
def test_out_of_patience(
    temperament: str, outcome: str, parcel: Scenario, start: CustomerState, files: Library
) -> None:
    """Some walk out when their patience is over, and some lose heart."""
    kind = files.temperament(temperament)
    tired = start.model_copy(update={"patience": 0.1})
    assert outcome == after(tired, reading(), score(), parcel, kind).state.outcome


def test_the_last_question_is_answered(parcel: Scenario, angry: Temperament) -> None:
    """Who is content answers what was asked before they say goodbye."""
    content = CustomerState.start(parcel).model_copy(
        update={"mood": 70.0, "acts_done": (TRAIN, DEPOT), "acts_done_at": (1, 2)}
    )
    found = reading(acts=(match(WATCH),), asked=(asked("fact", "mobile"),))
    told = after(content, found, score(), parcel, angry)
    assert "resolved" == told.state.outcome
    assert ["fact:mobile", "ending:resolved"] == sources(told.moves)[-2:]


def test_who_leaves_does_not_chat(parcel: Scenario, angry: Temperament) -> None:
    """Who walks out answers no question before."""
    low = CustomerState.start(parcel).model_copy(update={"mood": 10.0})
    found = reading(insult=match("insult").span, asked=(asked("fact", "mobile"),))
    told = after(low, found, score(), parcel, angry)
    assert "fact:mobile" not in sources(told.moves)
    assert "ending:left" == sources(told.moves)[-1]


def test_checking_and_then_nothing(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A check that was announced and led to nothing is called in, once."""
    looked = Promise(turn=1, text="let me check", binding="checking")
    waiting = start.model_copy(update={"turn": 2, "promises": (looked,)})
    called = after(waiting, reading(), score(), parcel, angry)
    assert "overdue_promise" in [reason.cause for reason in called.reasons]
    again = after(called.state, reading(), score(), parcel, angry)
    assert "overdue_promise" not in [reason.cause for reason in again.reasons]


def test_checking_and_then_something(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A check that led to something was kept."""
    looked = Promise(turn=1, text="let me check", binding="checking")
    waiting = start.model_copy(update={"turn": 2, "promises": (looked,)})
    kept = after(waiting, acts(TRAIN), score(), parcel, angry)
    assert kept.state.promises[0].kept
    assert "overdue_promise" not in [reason.cause for reason in kept.reasons]


def test_the_same_again(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """The same state, reading, score and draw give the same decision."""
    found = reading(acts=(match(TRAIN),), asked=(asked("fact", "mobile"),))
    expected = after(start, found, score(70, 30, 60), parcel, angry)
    assert expected == after(start, found, score(70, 30, 60), parcel, angry)
