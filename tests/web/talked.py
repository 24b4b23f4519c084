"""Conversations worth reading: evidence in place, needs, a promise too many, a further attempt."""

from __future__ import annotations

from coachbot.customer.state import Promise
from coachbot.scoring.interface import Dimension, DimensionScore, DimensionScores, Evidence
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session
from coachbot.store import Store
from tests.session.made import begun, gone_on, reason, scored
from tests.web.made import SCENARIOS, SCORER, a_score

OPENING = ("Where is the train?", "It was for my grandson, and his birthday is on Saturday.")
FIRST = (
    "I'm so sorry, a birthday on Saturday and nothing to give: no wonder you're upset. "
    "Which train is it?"
)
SECOND = "You'll have it tonight. That's our policy, please calm down 😀 and wait."
THIRD = (
    "I was wrong to say tonight, and I've put a second train on the van to your depot for Friday. "
    "I'm Ada, and I'm watching it until you've signed."
)
AGAIN = "Tonight I can't promise. What would Saturday be without it?"


def said(
    dimension: Dimension,
    whole: str,
    words: str,
    effect: float,
    why: str,
    history: int | None = None,
) -> Evidence:
    """Words of a text that moved a dimension."""
    start = whole.index(words)
    return Evidence(
        dimension=dimension,
        source="reply" if history is None else "history",
        turn=history,
        start=start,
        end=start + len(words),
        text=words,
        effect=effect,
        reason=why,
    )


def talk(store: Store, person: str, session_id: str, started: str, **changes: object) -> Session:
    """A conversation of three replies at its debrief, saved."""
    session = begun(
        SCENARIOS.scenario("late-parcel").scenario,
        id=session_id,
        person=person,
        started=started,
        scorer=SCORER,
        opening=OPENING,
        hints=(2,),
        **changes,
    )
    session = _first(session)
    before = session
    session = _second(session)
    session = gone_on(
        session,
        THIRD,
        worth=a_score((71, 64, 77)),
        mood=61,
        reasons=(reason("acts", 18, "a second train", "A second train is on its way."),),
        acts=("second-train", "to-the-depot"),
        answer=("All right then. Thanks, Ada.",),
        outcome="resolved",
    )
    session = machine.rate(
        session, SelfRating(empathy=80, active_listening=60, individualized_treatment=55)
    ).model_copy(update={"passed": True})
    assert before.turns == session.turns[:1]
    store.save(session)
    return session


def once_more(store: Store, first: Session, session_id: str, started: str) -> Session:
    """Another attempt from the second reply on, at its debrief, saved."""
    session = machine.branch(first, 2, new_id=session_id, started=started)
    session = gone_on(
        session, AGAIN, worth=a_score((66, 70, 61)), mood=48, answer=("He'd be gutted.",),
        outcome="ended",
    )  # fmt: skip
    session = machine.rate(session, None).model_copy(update={"passed": False})
    store.save(session)
    return session


def _first(session: Session) -> Session:
    worth = a_score((68, 55, 60)).model_copy(
        update={
            "evidence": (
                said(
                    "empathy",
                    FIRST,
                    "I'm so sorry, a birthday on Saturday and nothing to give: "
                    "no wonder you're upset.",
                    21.4,
                    "names what it does to them and why",
                ),
                said(
                    "individualized_treatment",
                    FIRST,
                    "I'm so sorry, a birthday on Saturday and nothing to give: "
                    "no wonder you're upset.",
                    12,
                    "takes up “birthday is on Saturday”",
                ),
                said("active_listening", FIRST, "Which train is it?", -6.2, "asks again"),
                said(
                    "active_listening",
                    "\n".join(OPENING),
                    "Where is the train?",
                    -4,
                    "asked “Where is the train?”: not answered",
                    history=0,
                ),
            )
        }
    )
    return gone_on(
        session,
        FIRST,
        worth=worth,
        mood=42,
        reasons=(reason("heard", 6.5, "no wonder you're upset", "He feels seen."),),
        answer=("It's the red one. When will it be here?",),
        needs_revealed=("last-year",),
    )


def _second(session: Session) -> Session:
    worth = a_score((12, 30, 25)).model_copy(
        update={
            "evidence": (
                said("empathy", SECOND, "That's our policy, please calm down 😀 and wait.", -31,
                     "tells the customer to calm down"),
                said("empathy", SECOND, "please calm down", -12, "orders calm"),
                said("empathy", SECOND, "You'll have it tonight.", 0.4, "too little to show"),
                said("active_listening", "\n".join(OPENING), "his birthday is on Saturday", -5,
                     "asked “his birthday is on Saturday”: not answered", history=0),
            )
        }
    )  # fmt: skip
    return gone_on(
        session,
        SECOND,
        worth=worth,
        mood=27,
        reasons=(reason("calmed", -15, "please calm down", "He was told to calm down."),),
        over_promises=(Matched(id="0", text="You'll have it tonight.", similarity=0.9),),
        over_promised=("0",),
        promises=(Promise(turn=2, text="You'll have it tonight.", binding="vague"),),
        answer=("Tonight? They said that last week.",),
    )


def long_talk(store: Store, person: str, session_id: str, started: str, turns: int = 30) -> Session:
    """As many replies as a conversation can have, each with five marks for every dimension."""
    session = begun(
        SCENARIOS.scenario("late-parcel").scenario,
        id=session_id, person=person, started=started, scorer=SCORER, opening=OPENING,
    )  # fmt: skip
    reply = " ".join(f"This is sentence {n} of what I wrote, long as they are." for n in range(5))
    dimensions: tuple[Dimension, ...] = ("empathy", "active_listening", "individualized_treatment")
    worth = a_score((40, 50, 60)).model_copy(
        update={
            "evidence": tuple(
                said(d, reply, f"This is sentence {n} of what I wrote, long as they are.", 3.0 + n,
                     "says back what the customer said about the birthday on Saturday")
                for d in dimensions
                for n in range(5)
            )
        }
    )  # fmt: skip
    for number in range(1, turns + 1):
        over = "out_of_turns" if number == turns else None
        session = gone_on(session, reply, worth=worth, mood=30 + number, outcome=over,
                          answer=("And then? It is still not here, and nobody tells me a thing.",),
                          reasons=(reason("heard", 1.5, "sentence 1", "Heard."),))  # fmt: skip
    session = machine.rate(session, None).model_copy(update={"passed": False})
    store.save(session)
    return session


def unscored_first(store: Store, person: str, session_id: str, started: str) -> Session:
    """A conversation whose only reply has no score for empathy, in a scenario that is gone."""
    played = SCENARIOS.scenario("late-parcel").scenario
    session = begun(played, id=session_id, person=person, started=started, scorer=SCORER)
    session = session.model_copy(update={"scenario": "long-gone"})
    worth = scored((0, 40, 40))
    assert worth.dimensions is not None
    none = DimensionScore(status="unscored", reason="not_called_for")
    dimensions = DimensionScores(**{**dict(worth.dimensions), "empathy": none})
    worth = worth.model_copy(update={"dimensions": dimensions})
    session = gone_on(session, "Noted.", worth=worth, outcome="left", answer=())
    session = machine.rate(session, None).model_copy(update={"passed": False})
    store.save(session)
    return session
