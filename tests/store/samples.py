"""Sessions to store: full of everything that a session can hold, and the same on every call."""

from __future__ import annotations

from coachbot.customer.state import CustomerState, Promise, Reason
from coachbot.customer.wording import Wording
from coachbot.scoring.interface import (
    Behaviour,
    BehaviourProbabilities,
    DimensionScore,
    DimensionScores,
    Dismissal,
    Evidence,
    Finding,
    Level,
    Question,
    QuestionProbabilities,
    ReplyScore,
    Signals,
    Templated,
    Value,
)
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session, Turn

START = CustomerState(mood=22.5, patience=4, facts_told=("parcel",))


def new_session(
    session_id: str = "first", *, person: str = "ada", started: str = "2026-03-01T09:00:00+00:00"
) -> Session:
    """A session in its conversation, with no turn yet."""
    return Session(
        id=session_id,
        person=person,
        scenario="late-parcel",
        scenario_version=2,
        seed=7,
        scorer="minilm 1",
        started=started,
        phase="conversation",
        opening=("Where is my parcel?", "It's my son's birthday tomorrow – 🎂!"),
        opening_state=START,
    )


def turn_after(session: Session, reply: str | None = None) -> Turn:
    """The session's next turn."""
    number = len(session.turns) + 1
    mood = 22.5 + number / 3
    return Turn(
        number=number,
        customer=session.waiting,
        agent=reply or f"Reply {number}: I'm sorry,\nthat is the third parcel.",
        score=a_score(number),
        mood_before=session.state.mood,
        mood_after=mood,
        reasons=(
            Reason(cause="heard", points=0.1 + 0.2, quote="third parcel", text="You saw it."),
            Reason(cause="anger_cools", points=-1.25, text="Time passes."),
        ),
        acts=(Matched(id="trace", text="trace it", similarity=0.7431),),
        facts=("order_number",),
        needs_revealed=("birthday",),
        needs_met=(),
        over_promises=(Matched(id="refund", text="refund you", similarity=2 / 3),),
        answer=(f"Fine, answer {number}.", "And now?"),
        state=CustomerState(
            turn=number,
            mood=mood,
            patience=3.5,
            facts_told=("parcel", "order_number"),
            promises=(Promise(turn=number, text="I'll call", binding="vague", when="at six"),),
            pressed={"trace": number},
            agent_name="Zoë",
            used=(f"line.{number}",),
        ),
        hinted=number in session.hints,
        wording=a_wording(number),
    )


def a_wording(number: int) -> Wording | None:
    """How the words of a turn were found; for every third one nobody but a trainer found them."""
    if number % 3 == 0:
        return None
    if number % 3 == 1:
        return Wording(model="small at localhost", by="model", refused=("too_long",))
    return Wording(model="small at localhost", by="authored", failure="timed_out")


def a_score(number: int) -> ReplyScore:
    """The score of a turn; every third one calls for no empathy, the fifth is not text."""
    if number % 5 == 0:
        nothing = DimensionScore(status="unscored", reason="not_text")
        return ReplyScore(
            id=number,
            status="unscored",
            reason="not_text",
            dimensions=DimensionScores(
                empathy=nothing, active_listening=nothing, individualized_treatment=nothing
            ),
            scorer="minilm 1",
        )
    empathy = (
        DimensionScore(status="unscored", reason="not_called_for")
        if number % 3 == 0
        else DimensionScore(status="scored", score=40.1 + number % 20, low=30, high=70 + 1 / 3)
    )
    return ReplyScore(
        id="r1",
        status="scored",
        dimensions=DimensionScores(
            empathy=empathy,
            active_listening=DimensionScore(status="scored", score=0, low=0, high=12.5),
            individualized_treatment=DimensionScore(status="scored", score=61.7, low=50, high=80),
        ),
        signals=some_signals(),
        evidence=(
            Evidence(
                dimension="active_listening",
                source="history",
                turn=0,
                start=3,
                end=9,
                text="parcel",
                effect=-4.75,
                reason="They had said so.",
            ),
            Evidence(
                dimension="individualized_treatment",
                source="reply",
                turn=None,
                start=0,
                end=5,
                text="Reply",
                effect=11.3,
                reason="It names the third parcel.",
            ),
        )
        if number % 2
        else (),
        scorer="minilm 1",
    )


def some_signals() -> Signals:
    """Signals with a finding and every probability in use."""
    level = Level(level=1, p=(0.2, 0.7, 0.1))
    return Signals(
        emotional_reaction=level,
        interpretation=level,
        exploration=Level(level=0, p=(1, 0, 0)),
        behaviour=Behaviour(
            label="reflection",
            p=BehaviourProbabilities(reflection=0.6, question=0.2, input=0.1, other=0.1),
        ),
        question=Question(label="none", p=QuestionProbabilities(none=0.8, closed=0.1, open=0.1)),
        uptake=Value(value=1 / 7),
        templated=Templated(p=0.05),
        specificity=Value(value=0.9),
        dismissal=Dismissal(p=0.8, kind="hides_behind_policy"),
        asks_again=(Finding(turn=0, start=0, end=5, text="Where"),),
    )


def gone_on(session: Session, turns: int) -> Session:
    """The same session some turns later."""
    for _ in range(turns):
        session = machine.answer(session, turn_after(session))
    return session


def closed(session: Session, *, passed: bool = False) -> Session:
    """The session at its debrief, rated by the hire."""
    rating = SelfRating(empathy=70, active_listening=55.5, individualized_treatment=0)
    return machine.rate(machine.end(session), rating).model_copy(update={"passed": passed})
