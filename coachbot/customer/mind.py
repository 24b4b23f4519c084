"""The customer's mind: from a state and what a reply did to a new state and a plan.

Pure and deterministic: the same state, reading, score and draw give the same decision.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from coachbot.customer.asking import Asked
from coachbot.customer.mood import ASKED_AGAIN_FROM, Change, weigh
from coachbot.customer.plan import Decision, Move, MoveKind
from coachbot.customer.question_forms import form_of
from coachbot.customer.reading import Match, Reading, needs_met_by
from coachbot.customer.stance import asks_for_content, lets_choose, plain
from coachbot.customer.state import CustomerState, Promise, Reason
from coachbot.scenario.models import Act, Outcome, Scenario
from coachbot.scenario.temperament import CAUSES, HARSH, QuestionForm, Temperament
from coachbot.scoring.interface import ReplyScore

REACTS_FROM = 4.0
"""Mood points from which a cause is always worth a remark; weaker ones are let pass at times."""

FELT_FROM = 1.0
"""Mood points below which a cause is not felt, so that nobody remarks on it."""

SILENT_SHARE = 0.6
"""Share of the weak causes that are let pass; about a third of all turns come without a remark."""

NEARLY_DONE = 0.30
"""Probability from which an act that was not quite said is not pressed for in the same turn."""

HURTS_FROM = 5.0
"""Mood points lost in a turn from which it has hurt, whatever the cause is called."""

HANGS_UP_BELOW = 3.0
"""A mood below this ends the conversation at the next harm."""

CROSS_COSTS = 1.5
"""Patience that a reply without progress costs beside the usual in a mood below that."""

NEAR_THE_MATTER = 0.50
"""Cosine from which a question that nobody authored may still touch the scenario's own matter, so
that "Not that I know of" could be wrong."""

_COMMITS_TO_NOTHING: tuple[QuestionForm, ...] = (
    "asked_if_right",
    "asked_whether_you",
    "asked_to_do",
)
"""Forms whose answers leave it open, and so can't be wrong about the scenario's own matter."""

TURNS_TO_WARM_UP = 1
"""Replies that a customer who has been helped coldly still waits for a human word."""


def decide(
    state: CustomerState,
    reading: Reading,
    score: ReplyScore,
    scenario: Scenario,
    temperament: Temperament,
    draw: random.Random,
) -> Decision:
    """Decide how the mood moves, what to answer, reveal and press for, and whether to end."""
    new_acts = _new_acts(state, reading, scenario)
    asked_again = tuple(
        dict.fromkeys(
            target
            for asked in reading.asked
            if asked.kind == "fact" and asked.similarity >= ASKED_AGAIN_FROM
            for target in asked.targets
            if target in state.facts_told
        )
    )
    change = weigh(state, reading, score, scenario, temperament, new_acts, asked_again)
    after = _after(state, reading, change, scenario, new_acts)
    outcome = _outcome(after, state.mood, change, reading, scenario, temperament)
    turn = _Turn(state, reading, change, scenario, new_acts, draw)
    moves, after = _plan(after, turn, outcome)
    return Decision(
        state=after.model_copy(update={"outcome": outcome}), reasons=change.reasons, moves=moves
    )


def open_acts(state: CustomerState, scenario: Scenario) -> list[Act]:
    """Acts that are still to be done and may be done now, in the order of the file."""
    done = set(state.acts_done)
    left = [act for act in scenario.resolution.acts if act.id not in done]
    if scenario.resolution.order == "in_order":
        return left[:1]
    return [act for act in left if set(act.after) <= done]


def _new_acts(state: CustomerState, reading: Reading, scenario: Scenario) -> tuple[str, ...]:
    """Acts done by this reply, in the file's order, so that one reply may do several in turn."""
    found = {match.id for match in reading.acts}
    done = list(state.acts_done)
    new: list[str] = []
    for act in scenario.resolution.acts:
        if act.id in done or act.id not in found:
            if scenario.resolution.order == "in_order" and act.id not in done:
                break
            continue
        if set(act.after) <= set(done):
            done.append(act.id)
            new.append(act.id)
    return tuple(new)


def _after(
    state: CustomerState,
    reading: Reading,
    change: Change,
    scenario: Scenario,
    new_acts: tuple[str, ...],
) -> CustomerState:
    turn = state.turn + 1
    causes = dict(state.causes)
    for reason in change.reasons:
        causes[reason.cause] = causes.get(reason.cause, 0) + 1
    checking = any(p.binding == "checking" for p in reading.promises)
    if checking:
        causes["checking"] = causes.get("checking", 0) + 1
    promises = [
        promise.model_copy(
            update={
                "kept": promise.kept or (promise.binding == "checking" and change.progressed),
                "called_in": promise.called_in
                or any(r.cause == "overdue_promise" for r in change.reasons),
            }
        )
        for promise in state.promises
    ]
    promises += [
        Promise(turn=turn, text=p.span.text, binding=p.binding, when=p.when)
        for p in reading.promises
    ]
    met = [m.id for m in needs_met_by(reading, state.needs_revealed, state.needs_met)]
    done = (*state.acts_done, *new_acts)
    cross = CROSS_COSTS if change.mood < HANGS_UP_BELOW and not change.progressed else 0.0
    everything = len(done) == len(scenario.resolution.acts)
    return state.model_copy(
        update={
            "turn": turn,
            "mood": change.mood,
            "trust": change.trust,
            "patience": max(0.0, change.patience - cross),
            "rapport": change.rapport,
            "acts_done": done,
            "acts_done_at": (*state.acts_done_at, *(turn for _ in new_acts)),
            "needs_met": tuple(dict.fromkeys((*state.needs_met, *met))),
            "buttons_pressed": tuple(
                dict.fromkeys((*state.buttons_pressed, *(m.id for m in reading.buttons)))
            ),
            "over_promised": (*state.over_promised, *(m.id for m in reading.over_promises)),
            "promises": tuple(promises),
            "causes": causes,
            "turns_since_progress": 0 if change.progressed else state.turns_since_progress + 1,
            "turns_settled": state.turns_settled + 1 if everything and not new_acts else 0,
            "agent_name": reading.agent_name or state.agent_name,
        }
    )


def _outcome(
    state: CustomerState,
    mood_before: float,
    change: Change,
    reading: Reading,
    scenario: Scenario,
    temperament: Temperament,
) -> Outcome | None:
    everything = len(state.acts_done) == len(scenario.resolution.acts)
    harsh = any(r.cause in HARSH or r.cause.startswith("button:") for r in change.reasons)
    # Who was won over doesn't go away cold because of one pale sentence at the end.
    stays_warm = state.turns_settled > 0 and not harsh
    warm = max(state.mood, mood_before if stays_warm else 0) >= scenario.resolution.warm_mood
    if state.mood < HANGS_UP_BELOW and harsh:
        # However cross: nobody walks off at harmless words; those only cost patience.
        return "left"
    if everything and not harsh and state.turn < scenario.turn_limit and _opens_up(state, reading):
        return None
    if everything and warm:
        # Nobody says thank you in the breath in which they were hurt.
        hurt = harsh or mood_before - state.mood >= HURTS_FROM
        return None if hurt and state.turn < scenario.turn_limit else "resolved"
    if everything and (state.turns_settled >= TURNS_TO_WARM_UP or harsh):
        return "resolved_coldly"
    if state.patience <= 0 and not everything:
        return temperament.out_of_patience if state.mood < 45 else "gave_up"
    if state.turn >= scenario.turn_limit:
        return "resolved_coldly" if everything else "out_of_turns"
    return None


def _opens_up(state: CustomerState, reading: Reading) -> bool:
    """Whether a need comes out just now: nobody tells what weighs on them and says goodbye."""
    brought_up = {a.targets[0] for a in reading.asked if a.kind == "need"}
    brought_up |= {match.id for match in reading.needs_explored}
    return bool(brought_up - set(state.needs_revealed) - set(state.needs_met))


@dataclass(frozen=True)
class _Turn:
    """What is known when the next moves are planned; ``before``: the state before the reply."""

    before: CustomerState
    reading: Reading
    change: Change
    scenario: Scenario
    new_acts: tuple[str, ...]
    draw: random.Random

    @property
    def slots(self) -> dict[str, str]:
        persona = self.scenario.persona
        slots = {
            "name": persona.full_name or persona.name,
            "agent": self.reading.agent_name or self.before.agent_name,
            "when": self.reading.when,
            "amount": self.reading.amount,
        }
        return {name: value for name, value in slots.items() if value}

    def move(self, kind: MoveKind, source: str, intensity: float = 0.0) -> Move:
        return Move(kind=kind, source=source, intensity=intensity, about=self.slots)


def _plan(
    state: CustomerState, turn: _Turn, outcome: Outcome | None
) -> tuple[tuple[Move, ...], CustomerState]:
    answers, state = _answers(state, turn)
    reaction = _reaction(turn)
    said_again = any(move.source.startswith("fact-again:") for move in answers)
    if said_again and reaction is not None and reaction.source == "cause:asked_again":
        # "I've told you: 40218" says it all.
        reaction = None
    if outcome is not None:
        # Someone who walks out does not first thank or chat.
        reacts = reaction is not None and (outcome == "resolved" or reaction.intensity < 0)
        first = [reaction] if reaction and reacts else []
        # A question on the table is answered before goodbye; what else was asked stays untold.
        told = answers[:1] if outcome == "resolved" else []
        close = turn.move("close", f"ending:{outcome}")
        state = _without_untold(state, turn.before, told)
        return (*first, *told, close), _remember(state, reaction if first else None)
    if answers and reaction is not None and reaction.source == "cause:no_progress":
        # Who answers a question doesn't say before that it leads nowhere; the mood has it.
        reaction = None
    moves = [*([reaction] if reaction else []), *answers]
    last, state = _last(state, turn, answers, reaction)
    if last is not None:
        moves.append(last)
    if not moves:
        moves = [turn.move("react", "cause:no_progress")]
    return tuple(moves), _remember(state, reaction)


def _without_untold(
    state: CustomerState, before: CustomerState, told: Sequence[Move]
) -> CustomerState:
    """The state without the facts and needs that were asked for and are not told after all."""
    said = {move.source for move in told}
    facts = [f for f in state.facts_told if f in before.facts_told or f"fact:{f}" in said]
    needs = [n for n in state.needs_revealed if n in before.needs_revealed or f"need:{n}" in said]
    update = {"facts_told": tuple(facts), "needs_revealed": tuple(needs)}
    return state.model_copy(update=update)


def _remember(state: CustomerState, reaction: Move | None) -> CustomerState:
    return state.model_copy(
        update={
            "last_reaction": reaction.source if reaction else None,
            "quiet_turns": 0 if reaction else state.quiet_turns + 1,
        }
    )


_ASKS_FOR_MORE = ("anything-else", "how-can-i-help", "what-outcome")
_ASKS_IF_WELCOME = ("sounds-ok", "is-it-better")
"""Everyday questions by what they ask for."""

_LIGHT = ("everyday", "consent", "offer", "unknown")
"""Questions that need no answer of their own where something else answers to them."""


_LEAVE_TO_ASK = re.compile(
    r"\b(?:(?:may|can|could|might|mind if) (?:i|we)(?: just| also| quickly)? ask(?: you)?"
    r"(?! (?:if|whether|for|about|to|your)\b)|"
    r"(?:one|a|another|just a)(?: more| last| quick| further)* (?:question|thing))\b"
)

_ASKS_WHAT = re.compile(r"\b(?:what|which|who|whom|whose|where|when|why|how)\b")
"""Wherever it stands: "If I could fix one thing, which should it be?" wants more than yes or no."""


def _asks_leave(asked: Asked) -> bool:
    """Whether it only asks whether one may ask."""
    words = plain(asked.span.text)
    return _LEAVE_TO_ASK.search(words) is not None and _ASKS_WHAT.search(words) is None


class _Answering:
    """Answers the questions of one reply, and notes what was told and let out by it."""

    def __init__(self, state: CustomerState, turn: _Turn) -> None:
        self.state, self.turn = state, turn
        self.moves: list[Move] = []
        self.told = list(state.facts_told)
        self.revealed = list(state.needs_revealed)

    def answer(self, asked: Asked) -> None:
        """Add the answer to one question, if it needs one of its own."""
        if self._answered_otherwise(asked):
            return
        match asked.kind:
            case "fact":
                self._fact(asked)
            case "need":
                self._need(asked)
            case "which_one":
                first, second = (self.turn.scenario.fact(t).about for t in asked.targets)
                self._add("move:which_one", asked, first=first, second=second)
            case "everyday":
                self._add(f"everyday:{asked.targets[0]}", asked)
            case "consent" | "offer":
                self._once("move:yes", asked)
            case "unknown":
                self._unknown(asked)

    def _answered_otherwise(self, asked: Asked) -> bool:
        """Whether something else that is said in this turn answers it, or it deserves nothing."""
        if asked.kind in _LIGHT and _covered(asked, self.turn.reading):
            return True
        if asked.kind in _LIGHT and len(self.turn.reading.asked) > 1 and _asks_leave(asked):
            # "May I ask one thing more? Who covers your evenings?" wants the second answered.
            return True
        if _overlaps(asked, self.turn.reading.buttons):
            # Nobody answers nicely what has just set them off.
            return True
        name = asked.targets[0] if asked.kind == "everyday" else ""
        if name in _ASKS_IF_WELCOME and self.turn.new_acts:
            # Thanks for what was just done answer "Does that help?".
            return True
        # What else they want, is what is still open: pressing for it is the answer.
        return (
            name in _ASKS_FOR_MORE
            and name not in self.turn.scenario.everyday
            and bool(open_acts(self.state, self.turn.scenario))
        )

    def reveal(self, need_id: str) -> None:
        """Let a need out that was brought up by a remark."""
        if need_id not in self.revealed and not any(m.kind == "reveal" for m in self.moves):
            self.revealed.append(need_id)
            self.moves.append(self.turn.move("reveal", f"need:{need_id}"))

    def _unknown(self, asked: Asked) -> None:
        words = plain(asked.span.text)
        form = form_of(asked.span.text)
        beside = asked.similarity < NEAR_THE_MATTER
        if beside and asked.back:
            self._once("move:asked_back", asked, question=asked.back)
        elif lets_choose(words):
            self._once("move:either", asked)
        elif form and (beside or form in _COMMITS_TO_NOTHING):
            self._once(f"move:{form}", asked)
        else:
            self._once("move:unknown" if _ASKS_WHAT.search(words) else "move:unsure", asked)

    def _fact(self, asked: Asked) -> None:
        fact = self.turn.scenario.fact(asked.targets[0])
        if fact.id in self.turn.before.facts_told and asked.similarity < ASKED_AGAIN_FROM:
            words = plain(asked.span.text)
            if words.rstrip().endswith("?") or asks_for_content(words):
                # Not quite the same question: they say a little more about it.
                self._add(f"fact:{fact.id}", asked)
        elif fact.id in self.turn.before.facts_told:
            self._add(f"fact-again:{fact.id}", asked)
        elif fact.id in self.told:
            return
        elif self.state.mood < fact.mood_at_least:
            self._once("move:guarded", asked)
        else:
            self.told.append(fact.id)
            self._add(f"fact:{fact.id}", asked)

    def _need(self, asked: Asked) -> None:
        need_id = asked.targets[0]
        if need_id in self.turn.before.needs_revealed:
            if asks_for_content(plain(asked.span.text)):
                self.moves.append(self.turn.move("reveal", f"need:{need_id}"))
            else:
                # "Shall I have it wrapped?" after they said they'd like that: a yes will do.
                self._once("move:yes", asked)
        else:
            self.reveal(need_id)

    def _once(self, source: str, asked: Asked, **about: str) -> None:
        if not any(move.source == source for move in self.moves):
            self._add(source, asked, **about)

    def _add(self, source: str, asked: Asked, **about: str) -> None:
        about = {**self.turn.slots, "asked": asked.span.text, **about}
        self.moves.append(Move(kind="answer", source=source, about=about))


def _answers(state: CustomerState, turn: _Turn) -> tuple[list[Move], CustomerState]:
    """An answer to every question; told facts and revealed needs go into the ledger."""
    answering = _Answering(state, turn)
    for asked in turn.reading.asked:
        answering.answer(asked)
    met = needs_met_by(turn.reading, turn.before.needs_revealed, turn.before.needs_met)
    # Met before it was told: then they tell it now.
    for match in (*turn.reading.needs_explored, *met):
        answering.reveal(match.id)
    return answering.moves, state.model_copy(
        update={
            "facts_told": tuple(answering.told),
            "needs_revealed": tuple(answering.revealed),
        }
    )


def _covered(asked: Asked, reading: Reading) -> bool:
    """Whether the question is part of something that gets its own reaction."""
    others = (*reading.acts, *reading.buttons, *reading.comebacks)
    return _overlaps(asked, others) or bool(reading.role_break or reading.insult)


def _overlaps(asked: Asked, matches: Sequence[Match]) -> bool:
    return any(match.span.overlaps(asked.span) for match in matches)


def _reaction(turn: _Turn) -> Move | None:
    """The one thing about the reply that is worth a remark, if any."""
    before, reading = turn.before, turn.reading
    harm = [r for r in turn.change.reasons if _is_harm(r)]
    if harm:
        return _react(turn, min(harm, key=lambda r: r.points))
    for match in needs_met_by(reading, before.needs_revealed, before.needs_met):
        if match.id in before.needs_revealed:
            return turn.move("react", f"need-thanks:{match.id}", 7)
    if turn.new_acts:
        heaviest = max(turn.new_acts, key=lambda a: turn.scenario.act(a).weight)
        return turn.move("react", f"act-thanks:{heaviest}", 9)
    if reading.comebacks and not any(a.kind in ("fact", "need") for a in reading.asked):
        best = reading.comebacks[0]
        effect = turn.scenario.comebacks[int(best.id)].effect
        return turn.move("react", f"comeback:{best.id}", effect)
    spoken = [
        r
        for r in turn.change.reasons
        if r.cause in CAUSES and (abs(r.points) >= FELT_FROM or r.cause in _NEVER_LET_PASS)
    ]
    if not spoken:
        return None
    strongest = max(spoken, key=lambda r: (abs(r.points), r.cause))
    return None if _let_pass(strongest, turn) else _react(turn, strongest)


_NEVER_LET_PASS = ("nonsense", "foreign_language", "role_break", "boundary", "asked_again")


def _let_pass(reason: Reason, turn: _Turn) -> bool:
    """Whether nothing is said about it: praise twice running, and most of what weighs little."""
    if reason.cause in _NEVER_LET_PASS:
        return False
    if reason.points > 0 and turn.before.last_reaction == f"cause:{reason.cause}":
        return True
    weak = abs(reason.points) < REACTS_FROM
    return weak and turn.before.quiet_turns == 0 and turn.draw.random() < SILENT_SHARE


def _is_harm(reason: Reason) -> bool:
    return reason.cause in HARSH or reason.cause.startswith("button:")


def _react(turn: _Turn, reason: Reason) -> Move:
    named = reason.cause.startswith("button:")
    return turn.move("react", reason.cause if named else f"cause:{reason.cause}", reason.points)


def _last(
    state: CustomerState, turn: _Turn, answers: list[Move], reaction: Move | None
) -> tuple[Move | None, CustomerState]:
    """Let a need out, wait, or press for what is still open."""
    if len(answers) >= 2 or any(m.kind == "reveal" for m in answers):
        return None, state
    if len(state.acts_done) == len(turn.scenario.resolution.acts):
        return (None if answers else turn.move("push", "move:grudging")), state
    ready = _ready_need(state, turn.scenario)
    if ready is not None and not answers:
        revealed = (*state.needs_revealed, ready)
        return (
            turn.move("reveal", f"need:{ready}"),
            state.model_copy(update={"needs_revealed": revealed}),
        )
    checking = any(p.binding == "checking" for p in turn.reading.promises)
    overdue = any(r.cause == "overdue_promise" for r in turn.change.reasons)
    if checking and not answers and not turn.change.progressed and not overdue:
        return (None if reaction else turn.move("wait", "move:waiting")), state
    light = all(a.source.startswith(("everyday:", "move:un", "move:asked_")) for a in answers)
    if answers and not light and state.turns_since_progress < 3:
        return None, state
    if any(a.source.removeprefix("everyday:") in _ASKS_FOR_MORE for a in answers):
        # They have just said what they want.
        return None, state
    harmed = reaction is not None and reaction.source.split(":")[-1] in HARSH
    if harmed and state.turn % 2:
        # The remark stands for itself; pressing at once would take the edge off it.
        return None, state
    return _press(state, turn)


def _ready_need(state: CustomerState, scenario: Scenario) -> str | None:
    """A need that comes out by itself in this mood."""
    for need in scenario.needs:
        at_least = need.mood_at_least
        if at_least is not None and state.mood >= at_least and need.id not in state.needs_revealed:
            return need.id
    return None


def _press(state: CustomerState, turn: _Turn) -> tuple[Move | None, CustomerState]:
    nearly = {m.id for m in turn.reading.acts_near if m.probability >= NEARLY_DONE}
    waiting = [act for act in open_acts(state, turn.scenario) if act.id not in nearly]
    if not waiting:
        return None, state
    # The oldest open matter first; after two mentions the others get their turn.
    order = [act.id for act in turn.scenario.resolution.acts]
    act = min(waiting, key=lambda a: (state.pressed.get(a.id, 0) // 2, order.index(a.id)))
    step = state.pressed.get(act.id, 0)
    move = Move(kind="push", source=f"act-press:{act.id}", about=turn.slots, step=step)
    return move, state.model_copy(update={"pressed": {**state.pressed, act.id: step + 1}})
