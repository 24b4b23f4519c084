"""How the mood moves: what a reply is worth to this customer, with the words that did it.

All weights are in mood points (0 to 100). They were set so that the scripted good, fair and poor
conversations in ``tests/conversations`` end as they should at every difficulty; the bench
measures it on others.
"""

from __future__ import annotations

import re

from coachbot.customer.reading import Reading, needs_met_by
from coachbot.customer.stance import plain
from coachbot.customer.state import CustomerState, Frozen, Reason
from coachbot.scenario.models import Scenario, Weights
from coachbot.scenario.temperament import Cause, Temperament
from coachbot.scoring.injection import injection_cues
from coachbot.scoring.interface import DIMENSIONS, Dimension, DismissalKind, ReplyScore

GAIN: dict[Dimension, float] = {
    "empathy": 9.0,
    "active_listening": 7.0,
    "individualized_treatment": 6.0,
}
"""Most that one reply can gain by a dimension."""

LOSS: dict[Dimension, float] = {
    "empathy": 5.0,
    "active_listening": 5.0,
    "individualized_treatment": 4.0,
}

GOOD_FROM, BAD_BELOW = 52.0, 34.0
"""A score moves the mood by how far it is surely above or below these points."""

ACT_POINTS = 7.0
"""What an act of usual weight is worth."""

SURE_SHARE = 0.35
"""Share of the half-width of a score's interval that it has to clear: the customer reacts to what
the scorer is fairly sure of, not to a score in the middle of a wide range."""

HARM: dict[DismissalKind, tuple[Cause, float]] = {
    "minimises": ("minimised", 10.0),
    "blames": ("blamed", 13.0),
    "orders_calm": ("told_to_calm_down", 12.0),
    "sarcasm": ("mocked", 14.0),
    "hides_behind_policy": ("policy_wall", 9.0),
    "non_apology": ("non_apology", 8.0),
    # Open insults are found by their words; what only sounds hostile to a model costs less.
    "hostile": ("mocked", 14.0),
}
SURE_HARM = 0.75
SURE_CANNED = 0.8
SHORT_REPLY = 14
"""Words; what is this short and only says that something is being checked is let pass."""

MOST_UP, MOST_DOWN = 15.0, 30.0
ASKED_AGAIN_FROM = 0.60
"""How near a question must be for the customer to be sure that they have told it already."""

CUES_TO_WONDER = 2
"""Turns of phrase of words to a machine, from which the customer wonders what was meant."""

AROUND_A_QUESTION = 6
"""Words beside a question with which it is still a bare one; "Don't worry, it's only one day. Your
number?" has seven, and says something."""

BEARS_ORDINARY = 2
"""Turns without progress after which an ordinary question ("your name, please?") counts as
nothing moving; most service begins with one or two."""
LEADS_NOWHERE = (("anything-else",), ("how-can-i-help",), ("rate-us",), ("still-there",))
"""Ordinary questions that nobody is helped by while their matter is open."""

NEED_TOLD, NEED_MET = 5.0, 10.0
"""Mood points for asking about what is really at stake, and for taking it up: with the bench's
agents this tells those who hear somebody out from those who say the words of empathy."""

_SAYS: dict[str, str] = {
    "heard": "You put into words what this is about.",
    "cared_for": "You showed that it matters to you how they feel.",
    "tailored": "You answered this person, not just anybody.",
    "stock_empathy": "Polite, but it does not go into how this is for them.",
    "flattery": "Compliments don't help someone who is waiting for help.",
    "canned": "It read like a text that anybody gets.",
    "minimised": "You made their trouble smaller than it is to them.",
    "blamed": "You put the blame on them.",
    "told_to_calm_down": "You told them to calm down.",
    "mocked": "It sounded mocking.",
    "policy_wall": "You put a rule between you and them.",
    "non_apology": "It was sorry for their feelings, and not for what happened.",
    "insulted": "That was an insult.",
    "asked_again": "You asked for something they had told you already.",
    "contradicted": "You got something wrong that they had told you.",
    "question_ignored": "Their question went unanswered.",
    "over_promise": "You promised more than you may offer.",
    "empty_promise": "A promise without a what or a when.",
    "overdue_promise": "You said you would check, and nothing came of it.",
    "promise": "You said what you will do, and when.",
    "no_progress": "Nothing moved.",
    "empathy_without_progress": "Words, and still nothing done.",
    "refused": "You said no.",
    "too_many_questions": "So many questions at once feel like a form.",
    "boundary": "You asked calmly for respect.",
    "nonsense": "They could make nothing of that.",
    "silence": "Too short to be an answer.",
    "foreign_language": "They don't read that language.",
    "role_break": "You spoke to something other than the customer.",
}


class Change(Frozen):
    """What one reply does to mood, trust, patience and rapport, and why; strongest cause first."""

    mood: float
    trust: float
    patience: float
    rapport: float
    reasons: tuple[Reason, ...]
    progressed: bool


def sure_gain(score: float, low: float) -> float:
    """0 to 1: how far a score is surely good. 1 is 90 or more without doubt."""
    sure = score - SURE_SHARE * max(0.0, score - low)
    return min(1.0, max(0.0, (sure - GOOD_FROM) / (90.0 - GOOD_FROM)))


def sure_loss(score: float, high: float) -> float:
    """0 to 1: how far a score is surely bad. 1 is 0."""
    sure = score + SURE_SHARE * max(0.0, high - score)
    return min(1.0, max(0.0, (BAD_BELOW - sure) / BAD_BELOW))


def weights(scenario: Scenario, temperament: Temperament) -> Weights:
    """The persona's values on top of the temperament's; both 1 is usual."""
    persona, kind = scenario.persona.values, temperament.values

    def both(a: float, b: float) -> float:
        return -1.0 if a < 0 or b < 0 else min(1.6, a * b)

    return Weights(
        empathy=both(persona.empathy, kind.empathy),
        active_listening=both(persona.active_listening, kind.active_listening),
        individualized_treatment=both(
            persona.individualized_treatment, kind.individualized_treatment
        ),
        progress=min(1.6, persona.progress * kind.progress),
    )


class _Tally:
    """Collects reasons; several about the same cause count once, with the strongest."""

    def __init__(self) -> None:
        self.reasons: dict[str, Reason] = {}
        self.trust = 0.0
        self.patience = 0.0
        self.rapport = 0.0

    def add(
        self, cause: str, points: float, quote: str | None = None, text: str | None = None
    ) -> None:
        known = self.reasons.get(cause)
        if known is None or abs(points) > abs(known.points):
            self.reasons[cause] = Reason(
                cause=cause, points=round(points, 1), quote=quote, text=text or _SAYS[cause]
            )


def weigh(
    state: CustomerState,
    reading: Reading,
    score: ReplyScore,
    scenario: Scenario,
    temperament: Temperament,
    new_acts: tuple[str, ...],
    asked_again: tuple[str, ...],
) -> Change:
    """What the reply is worth. ``new_acts``: acts done by it; ``asked_again``: facts known."""
    tally = _Tally()
    values = weights(scenario, temperament)
    harmed = _harm(tally, reading, score, scenario)
    asks = _asks_something_new(state, reading)
    if not _only_checking(reading):
        _treatment(tally, state, score, values, harmed, asks)
    if asks and _only_asks(reading) and not harmed:
        _forgive(tally)
    _substance(tally, state, reading, scenario, values, new_acts)
    _word(tally, state, reading, new_acts)
    _nuisances(tally, state, reading, score, asked_again)
    if reading.boundary is not None and not harmed:
        # Asking for respect is no harm, whatever the words it takes look like to a model.
        tally.reasons = {c: r for c, r in tally.reasons.items() if r.points > 0}
        tally.add("boundary", 0.0, reading.boundary.text)

    progressed = bool(new_acts) or any(r.cause.startswith("need:") for r in tally.reasons.values())
    _idle(tally, state, reading, progressed)
    return _add_up(tally, state, scenario, temperament, progressed)


def _only_checking(reading: Reading) -> bool:
    """Whether it says "let me check" and no more: too little to judge a treatment by."""
    checking = any(p.binding == "checking" for p in reading.promises)
    return checking and reading.words <= SHORT_REPLY and not reading.acts


_ASKS_FOR_FAULT = re.compile(
    r"\b(?:did|have|had|were|could|should|might|must)(?:n't)? you\b|"
    r"\byou (?:not )?(?:did|didn't|should|could|must|forgot|lost|broke|missed|"
    r"entered|ordered|pressed|clicked|gave|caused)\b|"
    r"\byour(?:self| own| fault| mistake| side| end)\b|"
    r"\b(?:sure|mistake|accident|wrong|fault|blame|careful|properly|correctly)\b"
)
"""What a question says that looks for the fault with the one who is asked."""

UNKIND = frozenset({
    "be-nicer", "big-deal", "by-accident", "can-it-wait", "honest-with-me", "just-talk",
    "leave-as-it-is", "read-the-terms", "said-two-things", "why-not-accept", "why-not-earlier",
    "why-upset",
})  # fmt: skip
"""Everyday questions that can make somebody's trouble small or put a rule before it. "What worries
you most?" can't, however a model hears it."""


def _only_asks(reading: Reading) -> bool:
    """Whether it is a short question and hardly more: a greeting, or who one is."""
    return reading.words <= SHORT_REPLY and _asks_throughout(reading)


def _asks_throughout(reading: Reading) -> bool:
    """The same of any length."""
    asked = sum(len(one.span.text.split()) for one in reading.asked)
    return asked > 0 and reading.words <= asked + AROUND_A_QUESTION


def _asks_nothing_unkind(reading: Reading) -> bool:
    """Whether all that is asked is known, and nobody minds being asked it."""
    return all(
        one.kind in ("fact", "need", "everyday") and not UNKIND.intersection(one.targets)
        for one in reading.asked
    )


def _forgive(tally: _Tally) -> None:
    """Take back what a bare question lost for not being more than a question.

    "What's the number on the letter?" is neither cold nor canned to the one who is asked; that
    nothing else came is felt in the patience, and as soon as nothing moves.
    """
    # Nobody hears sympathy in it, stock or not.
    lacking = {"canned", "no_progress", "stock_empathy", *(f"{d}:low" for d in DIMENSIONS)}
    tally.reasons = {c: r for c, r in tally.reasons.items() if c not in lacking}


def _harm(tally: _Tally, reading: Reading, score: ReplyScore, scenario: Scenario) -> bool:
    harmed = False
    for match in reading.buttons:
        button = scenario.hot_button(match.id)
        tally.add(f"button:{match.id}", -button.cost, match.span.text, f"{button.what}.")
        tally.trust -= 6
        tally.patience -= 1.0
        harmed = True
    dismissal = score.signals.dismissal if score.signals else None
    if reading.insult is not None:
        tally.add("insulted", -22.0, reading.insult.text)
        tally.patience -= 2.5
        tally.trust -= 20
        return True
    if reading.rude is not None:
        cause = "mocked" if "happy" in reading.rude.text.lower() else "minimised"
        tally.add(cause, -12.0, reading.rude.text)
        tally.patience -= 1.5
        tally.trust -= 8
        return True
    sure = dismissal and dismissal.p >= SURE_HARM and reading.boundary is None
    # To a model "there's no hurry" sounds much like "be patient", "are you angry with us?" like
    # mockery, and "would a voucher help?" like blame.
    unlikely = dismissal and (
        (dismissal.kind == "orders_calm" and not reading.calms)
        or (
            _only_asks(reading)
            and (
                dismissal.kind in ("sarcasm", "hostile")
                or (dismissal.kind == "blames" and not _ASKS_FOR_FAULT.search(plain(reading.text)))
            )
        )
        or (
            _asks_throughout(reading)
            and dismissal.kind != "blames"
            and _asks_nothing_unkind(reading)
        )
    )
    if dismissal and dismissal.kind and sure and not unlikely:
        cause, cost = HARM[dismissal.kind]
        tally.add(cause, -cost * min(1.0, 0.5 + dismissal.p / 2), _costliest(score))
        tally.patience -= 1.5
        tally.trust -= 8
        harmed = True
    return harmed


def _costliest(score: ReplyScore) -> str | None:
    """The sentence that cost most empathy, else the one that cost most of anything."""
    costs = [e for e in score.evidence or () if e.source == "reply" and e.effect < 0]
    costs = [e for e in costs if e.dimension == "empathy"] or costs
    return min(costs, key=lambda e: e.effect).text if costs else None


def _best(score: ReplyScore, dimension: Dimension) -> str | None:
    gains = [
        e
        for e in score.evidence or ()
        if e.source == "reply" and e.effect > 0 and e.dimension == dimension
    ]
    return max(gains, key=lambda e: e.effect).text if gains else None


def _treatment(
    tally: _Tally,
    state: CustomerState,
    score: ReplyScore,
    values: Weights,
    harmed: bool,
    asks: bool,
) -> None:
    """Empathy, listening and tailoring, as far as the scorer is sure of them.

    ``asks``: the reply asks for something new.
    """
    if score.dimensions is None:
        return
    tailored = score.dimensions["individualized_treatment"].score
    canned = (
        score.signals is not None
        and score.signals.templated.p >= SURE_CANNED
        and (tailored is None or tailored < GOOD_FROM)
    )
    causes: dict[Dimension, Cause] = {
        "empathy": "cared_for",
        "active_listening": "heard",
        "individualized_treatment": "tailored",
    }
    for dimension in DIMENSIONS:
        found = score.dimensions[dimension]
        if found.score is None or found.low is None or found.high is None:
            continue
        weight: float = getattr(values, dimension)
        gain = sure_gain(found.score, found.low)
        loss = sure_loss(found.score, found.high)
        cause = causes[dimension]
        # The fourth kind word in a row is worth less than the first.
        fading = 0.82 ** state.causes.get(cause, 0)
        if gain > 0 and not harmed:
            if weight < 0 and dimension == "empathy":
                tally.add(
                    "stock_empathy",
                    -3.0 * gain,
                    _best(score, dimension),
                    "Sympathy is not what this person came for.",
                )
            else:
                points = GAIN[dimension] * gain * fading * weight
                tally.add(cause, points, _best(score, dimension))
                tally.rapport += 14.0 * gain * fading * max(0.0, weight)
                tally.trust += 3.0 * gain
        if loss > 0 and weight > 0 and (dimension != "empathy" or not harmed):
            early = asks or state.turn == 0
            lacking, text = _lacking(dimension, canned=canned, early=early)
            tally.add(lacking, -LOSS[dimension] * loss * weight, _costliest(score), text)
        elif dimension == "empathy" and 40 <= found.score < GOOD_FROM and weight > 0:
            tally.add("stock_empathy", 1.5 * 0.4 ** state.causes.get("stock_empathy", 0))
    if canned and not any(c in tally.reasons for c in ("cared_for", "heard", "tailored")):
        tally.add("canned", -3.0)
        tally.patience -= 0.25


def _substance(
    tally: _Tally,
    state: CustomerState,
    reading: Reading,
    scenario: Scenario,
    values: Weights,
    new_acts: tuple[str, ...],
) -> None:
    """Acts and needs: what moves the matter itself."""
    for match in reading.acts:
        if match.id in new_acts:
            act = scenario.act(match.id)
            points = ACT_POINTS * act.weight * values.progress
            tally.add(f"act:{act.id}", points, match.span.text, f"Done: {act.what}.")
            tally.patience += 1.5
            tally.trust += 5
    fresh = [match for match in reading.needs_explored if match.id not in state.needs_revealed]
    # People let out one thing at a time; the mind reveals the first of them.
    for match in fresh[:1]:
        tally.add(f"need:{match.id}", NEED_TOLD, match.span.text, "You asked about what matters.")
        tally.rapport += 8
        tally.patience += 0.5
    for match in needs_met_by(reading, state.needs_revealed, state.needs_met):
        what = scenario.need(match.id).what.rstrip(".")
        tally.add(f"need-met:{match.id}", NEED_MET, match.span.text, f"You took it up: {what}.")
        tally.rapport += 14
        tally.trust += 6
    for match in () if new_acts else reading.comebacks[:1]:
        effect = scenario.comebacks[int(match.id)].effect
        if effect:
            text = "That helped." if effect > 0 else "That missed the point."
            tally.add(f"comeback:{match.id}", effect, match.span.text, text)


def _word(tally: _Tally, state: CustomerState, reading: Reading, new_acts: tuple[str, ...]) -> None:
    """What the hire's word is worth: promises made, left hanging, or beyond what is allowed."""
    for match in reading.over_promises:
        tally.add("over_promise", -2.0, match.span.text)
        tally.trust -= 6
    concrete = [p for p in reading.promises if p.binding == "concrete" and p.when]
    vague = [p for p in reading.promises if p.binding == "vague"]
    if concrete:
        believed = 0.5 + state.trust / 100
        points = 2.0 * believed * 0.6 ** state.causes.get("promise", 0)
        tally.add("promise", points, concrete[0].span.text)
    elif vague and not new_acts:
        points = -2.0 - state.causes.get("empty_promise", 0)
        tally.add("empty_promise", points, vague[0].span.text)
        tally.trust -= 4
    overdue = [
        p
        for p in state.promises
        if p.binding == "checking" and not p.kept and not p.called_in and state.turn > p.turn
    ]
    if overdue and not new_acts and not reading.asked:
        tally.add("overdue_promise", -4.0, overdue[0].text)
        tally.patience -= 0.5
    if reading.refusals and not new_acts:
        tally.add("refused", -3.0, reading.refusals[0].text)


def _nuisances(
    tally: _Tally,
    state: CustomerState,
    reading: Reading,
    score: ReplyScore,
    asked_again: tuple[str, ...],
) -> None:
    if asked_again:
        before = state.causes.get("asked_again", 0)
        tally.add("asked_again", -3.0 - 2.5 * before)
        tally.patience -= 0.5
        tally.trust -= 3 + 2 * before
    signals = score.signals
    if signals and signals.contradicts:
        tally.add("contradicted", -5.0, signals.contradicts[0].text)
        tally.trust -= 5
    # A customer wonders only at words that plainly speak to a machine ("judge it for her" is one
    # turn of phrase, and innocent); the scorer is more wary.
    spoken = [
        s
        for s in (signals.injection if signals else ())
        if injection_cues(s.text).sum() >= CUES_TO_WONDER
    ]
    if reading.role_break is not None or spoken:
        span = reading.role_break or spoken[0]
        tally.add("role_break", -4.0, span.text)
        tally.patience -= 0.5
    if reading.flattery is not None:
        tally.add("flattery", -0.5 * state.causes.get("flattery", 0), reading.flattery.text)
    if len(reading.asked) > 3:
        tally.add("too_many_questions", -3.0)
    if score.status == "unscored" and not reading.acts and not reading.asked:
        if score.reason == "not_text":
            tally.add("nonsense", -5.0)
            tally.patience -= 0.5
        elif score.reason == "language":
            tally.add("foreign_language", -4.0)
            tally.patience -= 0.5
        elif not reading.promises:
            tally.add("silence", -3.0)
            tally.patience -= 0.25


def _lacking(dimension: Dimension, *, canned: bool, early: bool) -> tuple[str, str | None]:
    """The cause of a loss on a dimension, and how it is told if not in the usual words.

    ``early``: it asks for something new, or is the first reply, so that nobody would say of it that
    nothing moves.
    """
    if dimension == "empathy":
        return "empathy:low", "No word for how this is for them."
    if canned:
        return "canned", None
    if early:
        return f"{dimension}:low", "Hardly a word of it was about them."
    return "no_progress", None


def _asks_something_new(state: CustomerState, reading: Reading) -> bool:
    """Whether a question in it leads on; an ordinary one does as long as things are moving."""
    if any(
        a.kind in ("fact", "need", "which_one")
        and (a.similarity < ASKED_AGAIN_FROM or not set(a.targets) & set(state.facts_told))
        for a in reading.asked
    ):
        return True
    return state.turns_since_progress < BEARS_ORDINARY and any(
        a.kind in ("everyday", "consent", "unknown") and a.targets[:1] not in LEADS_NOWHERE
        for a in reading.asked
    )


def _idle(tally: _Tally, state: CustomerState, reading: Reading, progressed: bool) -> None:
    """What a turn without progress costs. Questions and waiting cost less than nothing at all."""
    if progressed:
        return
    checking = any(p.binding == "checking" for p in reading.promises)
    fresh = _asks_something_new(state, reading)
    cost = 1.0
    if fresh:
        cost = 0.35
    elif checking:
        cost = 0.5 + 0.4 * state.causes.get("checking", 0)
    elif "heard" in tally.reasons or "cared_for" in tally.reasons:
        cost = 0.6
    idle = state.turns_since_progress
    tally.patience -= cost + 0.15 * max(0, idle - 1)
    if idle >= 2 and not fresh:
        kind = "cared_for" in tally.reasons or "stock_empathy" in tally.reasons
        tally.add("empathy_without_progress" if kind else "no_progress", -2.0 - idle * 0.5)


def _add_up(
    tally: _Tally,
    state: CustomerState,
    scenario: Scenario,
    temperament: Temperament,
    progressed: bool,
) -> Change:
    rapport = min(100.0, max(0.0, state.rapport + tally.rapport))
    warm = scenario.resolution.warm_mood
    # Progress alone makes nobody glad: without rapport the mood stays below the warm mark. And
    # kindness alone makes nobody glad either: with nothing done it stays near it.
    done_ceiling = warm - scenario.resolution.reserve + 0.9 * rapport
    kind_ceiling = warm + 4.0 if not (state.acts_done or progressed) else 100.0
    up = down = up_by_progress = 0.0
    for reason in tally.reasons.values():
        if reason.points < 0:
            down += reason.points
        elif reason.cause.startswith("act:") or reason.cause == "promise":
            up_by_progress += reason.points
        else:
            up += reason.points
    if down <= -10:
        up *= 0.3
        up_by_progress *= 0.6
    up = min(MOST_UP, up * temperament.warming)
    up_by_progress = min(MOST_UP, up_by_progress * temperament.warming)
    room = max(0.0, done_ceiling - state.mood)
    rise = min(up, max(0.0, kind_ceiling - state.mood)) + min(up_by_progress, room)
    fall = max(-MOST_DOWN, down * temperament.cooling)
    mood = min(100.0, max(0.0, state.mood + min(MOST_UP, rise) + fall))
    ordered = sorted(tally.reasons.values(), key=lambda r: -abs(r.points))
    return Change(
        mood=round(mood, 2),
        trust=round(min(100.0, max(0.0, state.trust + tally.trust)), 2),
        patience=round(min(scenario.patience, max(0.0, state.patience + tally.patience)), 2),
        rapport=round(rapport, 2),
        reasons=tuple(ordered),
        progressed=progressed,
    )
