"""What the hire reads at the end: outcome, substance, scores with their words, a tip, the story."""

from __future__ import annotations

import re
from collections.abc import Collection

from coachbot.customer.state import Frozen, Reason
from coachbot.customer.story import Told, tell
from coachbot.customer.wording import taken_over
from coachbot.reporting.quoting import as_said
from coachbot.reporting.tips import Tip, tip_for
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.interface import (
    DIMENSIONS,
    Dimension,
    DimensionScore,
    DimensionScores,
    Evidence,
)
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session, Turn
from coachbot.session.result import MOST_OVER_PROMISES, acts_done, corrections, passed


class Quote(Frozen):
    """Words of the hire (or of the customer, when ``of_customer``) and what they did."""

    turn: int
    text: str
    effect: float
    reason: str
    of_customer: bool = False


class DimensionResult(Frozen):
    """A dimension over the session, beside its pass mark and the hire's own view.

    ``practice_only``: people's grades agree too little with this scorer's scores for more.
    """

    dimension: Dimension
    value: DimensionScore
    pass_mark: float
    met: bool | None
    self_rating: float | None
    best: Quote | None
    worst: Quote | None
    practice_only: bool = False


class Item(Frozen):
    """Something done, missed or found; ``turn`` is the reply that did it, None if none did.

    ``corrected``: a person says so, and the program saw it otherwise.
    """

    id: str
    text: str
    turn: int | None = None
    quote: str | None = None
    corrected: bool = False


class Substance(Frozen):
    """What happened in the matter itself."""

    done: tuple[Item, ...]
    missed: tuple[Item, ...]
    needs_found: tuple[Item, ...]
    needs_missed: tuple[Item, ...]
    over_promised: tuple[Item, ...]
    loose_promises: tuple[Item, ...]


class Debrief(Frozen):
    """Everything the debrief shows, in the order in which it is read.

    ``taken_over``: a sentence on answers whose words a language model was to find and didn't;
    empty where there were none.
    """

    session: str
    scenario: str
    title: str
    customer: str
    outcome: Outcome
    why: str
    passed: bool
    with_help: bool
    substance: Substance
    dimensions: tuple[DimensionResult, ...]
    opening: DimensionScores | None
    mood: tuple[float, ...]
    tips: tuple[Tip, ...]
    weakest_turn: int | None
    told_to: str
    story: str
    scorer: str
    taken_over: str = ""


NAMES: dict[Dimension, str] = {
    "empathy": "empathy",
    "active_listening": "active listening",
    "individualized_treatment": "individualized treatment",
}


def debrief(
    session: Session,
    scenario: Scenario,
    temperament: Temperament,
    general: Temperament,
    *,
    practice_only: Collection[Dimension] = (),
) -> Debrief:
    """The debrief of a session that is over; ValueError if it is not.

    ``practice_only``: dimensions that are to be marked so (:mod:`coachbot.coaching.trusting`).
    """
    if session.outcome is None:
        raise ValueError("the session is not over")
    values = session_values([turn.score for turn in session.turns])
    results = tuple(
        _result(session, scenario, d, values[d], practice_only=d in practice_only)
        for d in DIMENSIONS
    )
    won = passed(session, scenario)
    weakest = _weakest(results)
    tip = tip_for(session, scenario, weakest) if weakest else None
    return Debrief(
        session=session.id,
        scenario=scenario.id,
        title=scenario.title,
        customer=scenario.persona.name,
        outcome=session.outcome,
        why=_why(session, scenario, results, won),
        passed=won,
        with_help=session.with_help,
        substance=_substance(session, scenario),
        dimensions=results,
        opening=session.turns[0].score.dimensions if session.turns else None,
        mood=(session.opening_state.mood, *(turn.mood_after for turn in session.turns)),
        tips=(tip,) if tip else (),
        weakest_turn=tip.turn if tip else None,
        told_to=scenario.story.told_to,
        story=tell(
            scenario,
            temperament,
            general,
            session.state,
            [Told(t.mood_before, t.mood_after, _in_words(t)) for t in session.turns],
            session.outcome,
            seed=session.seed,
        ),
        scorer=session.scorer,
        taken_over=taken_over([turn.wording for turn in session.turns]),
    )


def _result(
    session: Session,
    scenario: Scenario,
    dimension: Dimension,
    value: DimensionScore,
    *,
    practice_only: bool,
) -> DimensionResult:
    mark: float = getattr(scenario.pass_marks, dimension)
    found = [
        Quote(
            turn=turn.number,
            text=(
                evidence.text
                if evidence.source == "history"
                else as_said(evidence.text, turn.agent)
            ),
            effect=evidence.effect,
            reason=evidence.reason,
            of_customer=evidence.source == "history",
        )
        for turn in session.turns
        for evidence in turn.score.evidence or ()
        if evidence.dimension == dimension and _worth_quoting(evidence)
    ]
    best = max(found, key=lambda q: q.effect, default=None)
    worst = min(found, key=lambda q: q.effect, default=None)
    return DimensionResult(
        dimension=dimension,
        value=value,
        pass_mark=mark,
        met=None if value.score is None else value.score >= mark,
        self_rating=session.self_rating[dimension] if session.self_rating else None,
        best=best if best and best.effect > 0 else None,
        worst=worst if worst and worst.effect < 0 else None,
        practice_only=practice_only,
    )


def _in_words(turn: Turn) -> tuple[Reason, ...]:
    """Why the mood moved, with quotes that say where they leave something out."""
    return tuple(
        reason.model_copy(update={"quote": as_said(reason.quote, turn.agent)})
        if reason.quote
        else reason
        for reason in turn.reasons
    )


_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening))\b(?:[^.!?]{0,40})[.!,]?",
    re.IGNORECASE,
)


def _worth_quoting(evidence: Evidence) -> bool:
    # Less than a point is below what anybody could notice in their own sentence.
    if evidence.effect < 0 and _GREETING.fullmatch(evidence.text.strip()):
        # Nobody is to learn that saying hello was their worst sentence.
        return False
    return abs(evidence.effect) >= 1.0


def _weakest(results: tuple[DimensionResult, ...]) -> Dimension | None:
    scored = [r for r in results if r.value.score is not None]
    if not scored:
        return None
    return min(scored, key=lambda r: (r.value.score or 0.0) - r.pass_mark).dimension


def _substance(session: Session, scenario: Scenario) -> Substance:
    state = session.state
    done, corrected = acts_done(session), corrections(session)
    words = {m.id: m.text for turn in session.turns for m in turn.acts}
    needs = {n: turn.number for turn in session.turns for n in turn.needs_revealed}
    over = [(m.id, turn.number, m.text) for turn in session.turns for m in turn.over_promises]
    loose = {
        p.text: p.turn for p in state.promises if (p.binding == "vague" or p.called_in) and p.text
    }
    return Substance(
        done=tuple(
            Item(
                id=a.id,
                text=a.what,
                turn=done[a.id],
                quote=words.get(a.id),
                corrected=a.id in corrected,
            )
            for a in scenario.resolution.acts
            if a.id in done
        ),
        missed=tuple(
            Item(id=a.id, text=a.what, corrected=a.id in corrected)
            for a in scenario.resolution.acts
            if a.id not in done
        ),
        needs_found=tuple(
            Item(id=n.id, text=n.what, turn=needs[n.id]) for n in scenario.needs if n.id in needs
        ),
        needs_missed=tuple(
            Item(id=n.id, text=n.missed) for n in scenario.needs if n.id not in needs
        ),
        over_promised=tuple(
            Item(
                id=key,
                text=scenario.brief.may_not_offer[int(key)].what,
                turn=turn,
                quote=quote,
            )
            for key, turn, quote in over
        ),
        loose_promises=tuple(Item(id="promise", text=t, turn=n) for t, n in loose.items()),
    )


def _why(
    session: Session, scenario: Scenario, results: tuple[DimensionResult, ...], won: bool
) -> str:
    """Why it ended as it did, in one or two sentences."""
    name = scenario.persona.name
    if won and session.outcome != "resolved":
        return _corrected(session, name)
    done = acts_done(session)
    missing = sum(act.id not in done for act in scenario.resolution.acts)
    match session.outcome:
        case "resolved":
            text = f"{name} went away with the matter settled, and feeling well treated."
            if not won:
                text += f" Not a pass yet: {_and(_short(session, results))}."
            elif session.with_help:
                text += f" It counts as a pass with help, because {_help(session)}."
        case "resolved_coldly":
            text = (
                f"Everything {name} needed was done, and still {name} went away feeling handled "
                "rather than helped. That is not a pass: the matter was solved, the person wasn't "
                f"met. The mood ended at {session.state.mood:.0f}; with "
                f"{scenario.resolution.warm_mood:.0f} {name} would have left content."
            )
        case "left":
            text = f"{name} broke it off. {_last_straw(session)}"
        case "gave_up":
            text = f"{name} gave up on it. {_last_straw(session)}"
        case "out_of_turns":
            text = f"{name} ran out of time"
            if missing:
                text += (
                    f" with {_count(missing)} still open. Get to the matter sooner: see what was "
                    "missed below."
                )
            else:
                text += ". Everything was arranged; what was still missing was a human word."
        case _:
            text = "You ended the conversation"
            text += (
                f", with {_count(missing)} still open."
                if missing
                else f" when everything was arranged, and before {name} had said goodbye."
            )
    return text


def _help(session: Session) -> str:
    if session.hints:
        return "you took a hint"
    return "you had seen the first attempt when you played this one"


def _short(session: Session, results: tuple[DimensionResult, ...]) -> list[str]:
    """What keeps a conversation that was resolved from being a pass."""
    undone = sum(not verdict.done for verdict in corrections(session).values())
    were = "was" if undone == 1 else "were"
    found = [f"{_count(undone)} {were} not done after all"] if undone else []
    found += [
        f"{NAMES[r.dimension]} {shown(r)} of {r.pass_mark:.0f}" for r in results if r.met is False
    ]
    if len(session.state.over_promised) > MOST_OVER_PROMISES:
        found.append("more than one promise can't be kept")
    return found


def _corrected(session: Session, name: str) -> str:
    """Why it is a pass, though it did not end as one: somebody has corrected what was done."""
    ended = {
        "resolved_coldly": f"{name} went away with the matter settled.",
        "left": f"{name} broke it off.",
        "gave_up": f"{name} gave up on it.",
        "out_of_turns": f"{name} ran out of time.",
    }.get(session.outcome or "", "You ended the conversation.")
    how = "a pass with help" if session.with_help else "a pass"
    return (
        f"{ended} Since then somebody who read it has corrected what was done: everything was, so "
        f"it counts as {how}."
    )


def shown(result: DimensionResult) -> str:
    """The session's value in whole points; with a decimal where it just misses the mark."""
    score = result.value.score or 0.0
    hidden = result.met is False and round(score) >= round(result.pass_mark)
    return f"{score:.1f}" if hidden else f"{score:.0f}"


def _count(things: int) -> str:
    return "one thing" if things == 1 else f"{things} things"


def _last_straw(session: Session) -> str:
    """The reason that cost most over the session, with the words that did it."""
    lost = [
        (reason, turn) for turn in session.turns for reason in turn.reasons if reason.points < 0
    ]
    if not lost:
        return "Nothing that was said moved things on in the time they had."
    reason, turn = min(lost, key=lambda pair: pair[0].points)
    quoted = as_said(reason.quote, turn.agent) if reason.quote else ""
    words = f" (“{' '.join(quoted.split())}”)" if quoted else ""
    text = reason.text.rstrip(".")
    return f"What cost most was in reply {turn.number}{words}: {text[0].lower()}{text[1:]}."


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
