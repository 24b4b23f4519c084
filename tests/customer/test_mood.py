"""How the mood moves, and what it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbot.customer.mood import (
    MOST_DOWN,
    MOST_UP,
    SHORT_REPLY,
    sure_gain,
    sure_loss,
    weigh,
)
from coachbot.customer.reading import Reading
from coachbot.customer.state import CustomerState, Reason
from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.interface import DISMISSAL_KINDS, DismissalKind, ReplyScore
from coachbot.scoring.text import Span
from tests.customer.made import acts, after, asked, match, promise, reading, score, span, unscored


@pytest.fixture
def start(parcel: Scenario) -> CustomerState:
    """Before the first reply."""
    return CustomerState.start(parcel)


def points(reasons: tuple[Reason, ...], cause: str) -> float | None:
    """What a cause was worth; None if it did not occur."""
    return next((reason.points for reason in reasons if reason.cause == cause), None)


def test_what_is_neither_good_nor_bad(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A middling reply moves nothing."""
    told = after(start, reading(), score(), parcel, angry)
    assert start.mood == told.state.mood


def test_asking_again_costs_more_each_time(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asking for what was said costs, and asking again costs more."""
    question = reading(asked=(asked("fact", "birthday"),))
    assert "birthday" in start.facts_told
    once = after(start, question, score(), parcel, angry)
    twice = after(once.state, question, score(), parcel, angry)
    first, second = points(once.reasons, "asked_again"), points(twice.reasons, "asked_again")
    assert first is not None
    assert second is not None
    assert second < first < 0
    assert twice.state.mood < once.state.mood < start.mood
    assert once.state.trust < start.trust


def test_a_bare_question_is_not_cold(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """What a bare question lacks is no cause for anger, but going on like that is."""
    poor = score(empathy=0, active_listening=0, individualized_treatment=0)
    question = reading(asked=(asked("everyday", "postcode"),), words=5)
    first = after(start, question, poor, parcel, angry)
    assert start.mood == first.state.mood
    assert first.state.patience < start.patience
    third = after(
        after(first.state, question, poor, parcel, angry).state, question, poor, parcel, angry
    )
    assert third.state.mood < start.mood
    assert points(third.reasons, "no_progress") is not None


def test_a_first_reply_cannot_be_without_progress(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A poor first reply lowers the mood, but nobody says of it that nothing moves."""
    poor = score(empathy=0, active_listening=0, individualized_treatment=0)
    told = after(start, reading(), poor, parcel, angry)
    assert told.state.mood < start.mood
    assert points(told.reasons, "no_progress") is None


def test_a_bare_question_mocks_nobody(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """What only sounds like mockery to a model is none where it is a question and no more."""
    sure = score(dismissal=0.95, kind="sarcasm")
    question = reading(asked=(asked("unknown"),), words=6)
    assert points(after(start, question, sure, parcel, angry).reasons, "mocked") is None
    assert points(after(start, reading(), sure, parcel, angry).reasons, "mocked") is not None


@pytest.mark.parametrize(
    ("words", "blames"),
    [
        ("Is it the money, or is it more the principle?", False),
        ("Would a small voucher help?", False),
        ("Are you sure you didn't press cancel yourself?", True),
        ("Why didn't you tell us at once?", True),
    ],
)
def test_a_bare_question_blames_only_by_its_words(
    start: CustomerState, parcel: Scenario, angry: Temperament, words: str, blames: bool
) -> None:
    """A model that is sure of blame is believed where the question looks for a fault."""
    sure = score(dismissal=0.95, kind="blames")
    question = reading(text=words, asked=(asked("unknown"),), words=6)
    told = after(start, question, sure, parcel, angry)
    assert blames == (points(told.reasons, "blamed") is not None)


def test_asking_for_what_is_new_costs_nothing(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A question for something that was never said is no asking again."""
    told = after(start, reading(asked=(asked("fact", "mobile"),)), score(), parcel, angry)
    assert points(told.reasons, "asked_again") is None
    assert start.mood == told.state.mood


@pytest.mark.parametrize("kind", DISMISSAL_KINDS)
def test_a_calm_boundary_costs_nothing(
    kind: DismissalKind, start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Asking for respect is no harm, whatever it sounds like to a model."""
    told = after(
        start,
        reading(boundary=span("please don't swear at me")),
        score(10, 10, 10, dismissal=0.95, kind=kind, templated=0.9),
        parcel,
        angry,
    )
    assert start.mood <= told.state.mood
    assert 0.0 == points(told.reasons, "boundary")


def test_being_given_time_is_no_order(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Without a word that calms, nobody was told to calm down, whatever the scorer makes of it."""
    scored = score(dismissal=0.95, kind="orders_calm")
    assert start.mood == after(start, reading(), scored, parcel, angry).state.mood


@pytest.mark.parametrize("kind", DISMISSAL_KINDS)
def test_dismissal_costs_where_it_is_sure(
    kind: DismissalKind, start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Being dismissed costs mood, patience and trust; being perhaps dismissed costs nothing."""
    said = reading(calms=True)
    sure = after(start, said, score(dismissal=0.95, kind=kind), parcel, angry).state
    unsure = after(start, said, score(dismissal=0.55, kind=kind), parcel, angry).state
    assert start.mood - 8 > sure.mood
    assert unsure.patience > sure.patience
    assert start.trust > sure.trust
    assert start.mood == unsure.mood


def test_stock_sympathy_wears_off(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A stock phrase gains little, and less each time."""
    gains = []
    state = start
    for _ in range(3):
        told = after(state, reading(), score(empathy=46), parcel, angry)
        gains.append(points(told.reasons, "stock_empathy") or 0.0)
        state = told.state
    assert 3 > gains[0] > gains[1] > gains[2] >= 0


def test_kindness_wears_off_more_slowly(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """The third kind reply gains less than the first, and still more than a stock phrase."""
    gains = []
    state = start
    for _ in range(3):
        told = after(state, reading(), score(empathy=88), parcel, angry)
        gains.append(points(told.reasons, "cared_for") or 0.0)
        state = told.state
    assert gains[0] > gains[1] > gains[2] > 1.5


def test_flattery_costs_from_the_second_time(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """A compliment gains nothing, and the next one costs."""
    flattered = reading(flattery=span("a valued customer"))
    once = after(start, flattered, score(), parcel, angry)
    twice = after(once.state, flattered, score(), parcel, angry)
    assert 0.0 == points(once.reasons, "flattery")
    assert 0.0 > (points(twice.reasons, "flattery") or 0.0)


def test_a_hot_button_costs_what_it_says(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Each hot button costs its own price, at this person's rate."""
    glad = start.model_copy(update={"mood": 90.0})
    for button in parcel.hot_buttons:
        told = after(glad, reading(buttons=(match(button.id),)), score(), parcel, angry)
        expected = max(90 - button.cost * angry.cooling, 90 - MOST_DOWN)
        assert expected == pytest.approx(told.state.mood)
        assert (button.id,) == told.state.buttons_pressed


def test_an_act_gains_by_its_weight(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Progress gains mood, trust and patience, up to what warmth allows."""
    worn = start.model_copy(update={"patience": 2.0})
    told = after(worn, acts("second-train"), score(), parcel, angry)
    assert told.state.mood > worn.mood
    assert told.state.trust > worn.trust
    assert told.state.patience > worn.patience
    assert told.state.mood < parcel.resolution.warm_mood


def test_promises_bind(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """A what and a when gain a little; words without either cost."""
    bound = after(
        start, reading(promises=(promise("concrete", "by 4 pm"),)), score(), parcel, angry
    )
    loose = after(start, reading(promises=(promise("vague"),)), score(), parcel, angry)
    assert bound.state.mood > start.mood > loose.state.mood
    assert loose.state.trust < start.trust


def test_a_no_costs(start: CustomerState, parcel: Scenario, angry: Temperament) -> None:
    """A refusal costs, unless the same reply brings the matter on."""
    refused = reading(refusals=(span("I can't do that"),))
    helped = reading(refusals=(span("I can't do that"),), acts=(match("second-train"),))
    assert start.mood > after(start, refused, score(), parcel, angry).state.mood
    assert start.mood < after(start, helped, score(), parcel, angry).state.mood


@pytest.mark.parametrize(
    ("reason", "cause"),
    [("not_text", "nonsense"), ("language", "foreign_language"), ("too_short", "silence")],
)
def test_what_can_not_be_scored_costs(
    reason: str, cause: str, start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """Nonsense, other languages and grunts cost, each as what it is."""
    told = after(start, reading(), unscored(reason), parcel, angry)  # type: ignore[arg-type]
    assert 0.0 > (points(told.reasons, cause) or 0.0)
    assert start.mood > told.state.mood


def test_feelings_patronise_the_technician(files: Library) -> None:
    """Who did not come for sympathy takes it amiss, and takes being heard well."""
    loaded = files.scenario("technician")
    state = CustomerState.start(loaded.scenario)
    pitied = after(state, reading(), score(empathy=90), loaded.scenario, loaded.temperament)
    heard = after(state, reading(), score(active_listening=90), loaded.scenario, loaded.temperament)
    assert pitied.state.mood < state.mood < heard.state.mood


def test_anger_returns_fast_and_cools_slowly(
    start: CustomerState, parcel: Scenario, files: Library
) -> None:
    """An angry person falls further and rises less than a polite one, for the same replies."""
    state = start.model_copy(update={"mood": 30.0})

    def moved(worth: ReplyScore, temperament: str) -> float:
        kind = files.temperament(temperament)
        return after(state, reading(), worth, parcel, kind).state.mood - 30

    warm, dismissive = score(75, 75, 75), score(dismissal=0.95, kind="minimises")
    assert moved(warm, "chatty") > moved(warm, "angry") > 0
    assert moved(dismissive, "angry") < moved(dismissive, "chatty") < 0


@pytest.mark.parametrize("kind", ["minimises", "hides_behind_policy", "non_apology"])
def test_nobody_minds_a_plain_question(
    start: CustomerState, parcel: Scenario, angry: Temperament, kind: DismissalKind
) -> None:
    """What a model hears in "What worries you most?" harms nobody; "Is it a big deal?" does.

    Long ones, too: "Did they say they'd pass it on to another team, or ...?".
    """
    harsh = score(dismissal=0.95, kind=kind)

    def moved(question: str, words: int) -> float:
        span = Span(0, 6 * words, " ".join(["words?"] * words))
        one = replace(asked("everyday", question), span=span)
        plain = reading(asked=(one,), words=words)
        return after(start, plain, harsh, parcel, angry).state.mood - start.mood

    for words in (6, SHORT_REPLY + 4):
        assert moved("big-deal", words) < moved("what-matters", words) == 0


def test_sureness() -> None:
    """A wide range moves less than a narrow one, and the middle of the scale moves nothing."""
    assert sure_gain(80, 75) > sure_gain(80, 40) >= 0
    assert sure_loss(15, 20) > sure_loss(15, 60) >= 0
    assert 0.0 == sure_gain(45, 45)
    assert 0.0 == sure_loss(45, 45)
    assert 1.0 == sure_gain(100, 100)
    assert 1.0 == sure_loss(0, 0)


def test_a_wide_range_moves_the_mood_less(
    start: CustomerState, parcel: Scenario, angry: Temperament
) -> None:
    """The customer reacts to what the scorer is sure of."""
    sure = after(start, reading(), score(80, 80, 80, either_way=3), parcel, angry).state.mood
    unsure = after(start, reading(), score(80, 80, 80, either_way=40), parcel, angry).state.mood
    assert start.mood <= unsure < sure


anything = st.floats(0, 100)
sometimes = st.booleans()


@st.composite
def worths(draw: st.DrawFn) -> ReplyScore:
    """Any score, or none."""
    if draw(st.integers(0, 5)) == 0:
        return unscored(draw(st.sampled_from(["not_text", "language", "too_short"])))
    return score(
        draw(anything),
        draw(anything),
        draw(anything),
        either_way=draw(st.floats(0, 60)),
        dismissal=draw(st.floats(0, 1)),
        kind=draw(st.sampled_from([None, *DISMISSAL_KINDS])),
        templated=draw(st.floats(0, 1)),
        contradicts=draw(sometimes),
    )


@st.composite
def readings(draw: st.DrawFn, scenario: Scenario) -> Reading:
    """Anything that can be understood of a reply."""

    def some(names: list[str]) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=3)))

    facts, needs = [f.id for f in scenario.facts], [n.id for n in scenario.needs]
    comebacks = [str(number) for number in range(len(scenario.comebacks))]
    return reading(
        acts=tuple(match(a) for a in some([a.id for a in scenario.resolution.acts])),
        asked=tuple(asked("fact", fact) for fact in some(facts)),
        needs_explored=tuple(match(need) for need in some(needs)),
        needs_met=tuple(match(need) for need in some(needs)),
        buttons=tuple(match(b) for b in some([b.id for b in scenario.hot_buttons])),
        comebacks=tuple(match(name) for name in some(comebacks)) if comebacks else (),
        over_promises=(match("0"),) if draw(sometimes) else (),
        promises=(promise(draw(st.sampled_from(["concrete", "vague", "checking"])), "today"),)
        if draw(sometimes)
        else (),
        refusals=(span("I can't"),) if draw(sometimes) else (),
        insult=span("idiot") if draw(sometimes) else None,
        boundary=span("please don't shout") if draw(sometimes) else None,
        flattery=span("a valued customer") if draw(sometimes) else None,
        role_break=span("system prompt") if draw(sometimes) else None,
        words=draw(st.integers(0, 200)),
    )


@given(data=st.data(), worth=worths(), mood=anything, rapport=anything, trust=anything)
def test_mood_stays_in_its_bounds_and_has_its_reasons(
    data: st.DataObject,
    worth: ReplyScore,
    mood: float,
    rapport: float,
    trust: float,
    files: Library,
) -> None:
    """No reply moves the mood too far or out of 0 to 100, and nothing moves it without a cause."""
    loaded = files.scenario(data.draw(st.sampled_from(["late-parcel", "technician", "bereaved"])))
    card = loaded.scenario
    found = data.draw(readings(card))
    state = CustomerState.start(card).model_copy(
        update={"mood": mood, "rapport": rapport, "trust": trust}
    )
    new = tuple(match.id for match in found.acts)
    known = tuple(t for a in found.asked for t in a.targets if t in state.facts_told)
    change = weigh(state, found, worth, card, loaded.temperament, new, known)
    assert 0 <= change.mood <= 100
    assert 0 <= change.trust <= 100
    assert 0 <= change.rapport <= 100
    assert 0 <= change.patience <= card.patience
    moved = change.mood - mood
    assert -MOST_DOWN - 0.01 <= moved <= MOST_UP + 0.01
    # Rounding to two places is no movement.
    if moved > 0.01:
        assert [reason for reason in change.reasons if reason.points > 0]
    if moved < -0.01:
        assert [reason for reason in change.reasons if reason.points < 0]
    assert len(change.reasons) == len({reason.cause for reason in change.reasons})
    assert all(reason.text for reason in change.reasons)
