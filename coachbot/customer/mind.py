"""The customer's mind: from a state and what a reply did to a new state and a plan.

Pure and deterministic: the same state, reading, score and draw give the same decision.
"""

from __future__ import annotations

import random

from coachbot.customer.mood import Change, weigh
from coachbot.customer.plan import Decision, Move
from coachbot.customer.reading import Asked, Reading
from coachbot.customer.state import CustomerState, Promise, Reason
from coachbot.scenario.models import Act, Outcome, Scenario
from coachbot.scenario.temperament import CAUSES, HARSH, Temperament
from coachbot.scoring.interface import ReplyScore

REACTS_FROM = 4.0
"""Mood points from which a cause is always worth a remark; weaker ones are let pass at times."""

SILENT_SHARE = 0.6
"""Share of the weak causes that are let pass; about a third of all turns come without a remark."""

HANGS_UP_BELOW = 3.0
"""A mood below this ends the conversation at once."""

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
            if asked.kind == "fact"
            for target in asked.targets
            if target in state.facts_told
        )
    )
    change = weigh(state, reading, score, scenario, temperament, new_acts, asked_again)
    after = _after(state, reading, change, scenario, new_acts)
    outcome = _outcome(after, change, reading, scenario, temperament)
    moves, after = _plan(after, state, reading, change, scenario, new_acts, outcome, draw)
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
    met = [m.id for m in reading.needs_met if m.id in state.needs_revealed]
    done = (*state.acts_done, *new_acts)
    everything = len(done) == len(scenario.resolution.acts)
    return state.model_copy(
        update={
            "turn": turn,
            "mood": change.mood,
            "trust": change.trust,
            "patience": change.patience,
            "rapport": change.rapport,
            "acts_done": done,
            "acts_done_at": (*state.acts_done_at, *(turn for _ in new_acts)),
            "needs_met": tuple(dict.fromkeys((*state.needs_met, *met))),
            "buttons_pressed": tuple(
                dict.fromkeys((*state.buttons_pressed, *(m.id for m in reading.buttons)))
            ),
            "over_promised": tuple(
                dict.fromkeys((*state.over_promised, *(m.id for m in reading.over_promises)))
            ),
            "promises": tuple(promises),
            "causes": causes,
            "turns_since_progress": 0 if change.progressed else state.turns_since_progress + 1,
            "turns_settled": state.turns_settled + 1 if everything and not new_acts else 0,
            "agent_name": reading.agent_name or state.agent_name,
        }
    )


def _outcome(
    state: CustomerState,
    change: Change,
    reading: Reading,
    scenario: Scenario,
    temperament: Temperament,
) -> Outcome | None:
    everything = len(state.acts_done) == len(scenario.resolution.acts)
    warm = state.mood >= scenario.resolution.warm_mood
    harsh = any(r.cause in HARSH or r.cause.startswith("button:") for r in change.reasons)
    if state.mood < HANGS_UP_BELOW:
        return "left"
    if everything and warm:
        # A question on the table is answered before goodbye, unless it only asks for that.
        waiting = [a for a in reading.asked if a.kind in ("fact", "need")]
        return None if waiting and state.turn < scenario.turn_limit else "resolved"
    if everything and (state.turns_settled >= TURNS_TO_WARM_UP or harsh):
        return "resolved_coldly"
    if state.patience <= 0 and not everything:
        return temperament.out_of_patience if state.mood < 45 else "gave_up"
    if state.turn >= scenario.turn_limit:
        return "resolved_coldly" if everything else "out_of_turns"
    return None


def _plan(
    state: CustomerState,
    before: CustomerState,
    reading: Reading,
    change: Change,
    scenario: Scenario,
    new_acts: tuple[str, ...],
    outcome: Outcome | None,
    draw: random.Random,
) -> tuple[tuple[Move, ...], CustomerState]:
    slots = _slots(state, reading)
    answers, state = _answers(state, before, reading, scenario, slots)
    reaction = _reaction(before, reading, change, scenario, new_acts, slots, draw)
    if outcome is not None:
        close = Move(kind="close", source=f"ending:{outcome}", about=slots)
        # Someone who walks out does not first thank or chat.
        reacts = reaction is not None and (outcome == "resolved" or reaction.intensity < 0)
        first = [reaction] if reaction and reacts else []
        told = answers[:1] if outcome == "resolved" else []
        return (*first, *told, close), _remember(state, reaction if first else None)
    moves: list[Move] = [*([reaction] if reaction else []), *answers]
    last, state = _last(state, reading, change, scenario, answers, reaction, slots)
    if last is not None:
        moves.append(last)
    if not moves:
        moves = [Move(kind="react", source="cause:no_progress", about=slots)]
    return tuple(moves), _remember(state, reaction)


def _remember(state: CustomerState, reaction: Move | None) -> CustomerState:
    return state.model_copy(
        update={
            "last_reaction": reaction.source if reaction else None,
            "quiet_turns": 0 if reaction else state.quiet_turns + 1,
        }
    )


def _slots(state: CustomerState, reading: Reading) -> dict[str, str]:
    slots = {"agent": state.agent_name, "when": reading.when, "amount": reading.amount}
    return {name: value for name, value in slots.items() if value}


def _answers(
    state: CustomerState,
    before: CustomerState,
    reading: Reading,
    scenario: Scenario,
    slots: dict[str, str],
) -> tuple[list[Move], CustomerState]:
    """An answer to every question; told facts and revealed needs go into the ledger."""
    moves: list[Move] = []
    told = list(state.facts_told)
    revealed = list(state.needs_revealed)
    unknown = 0
    for asked in reading.asked:
        move: Move | None = None
        if asked.kind == "fact":
            fact = scenario.fact(asked.targets[0])
            if fact.id in told:
                if fact.id in before.facts_told:
                    move = _answer(f"fact-again:{fact.id}", asked, slots)
            elif state.mood < fact.mood_at_least:
                move = _answer("move:guarded", asked, slots)
            else:
                told.append(fact.id)
                move = _answer(f"fact:{fact.id}", asked, slots)
        elif asked.kind == "need":
            need_id = asked.targets[0]
            if need_id in revealed:
                # "Shall I have it wrapped?" after they said they'd like that: a yes will do.
                move = (
                    _answer("move:yes", asked, slots) if need_id in before.needs_revealed else None
                )
            else:
                revealed.append(need_id)
                move = Move(kind="reveal", source=f"need:{need_id}", about=slots)
        elif asked.kind == "which_one":
            first, second = (scenario.fact(t).about for t in asked.targets)
            move = _answer("move:which_one", asked, {**slots, "first": first, "second": second})
        elif asked.kind == "everyday":
            move = _answer(f"everyday:{asked.targets[0]}", asked, slots)
        elif asked.kind == "consent" and not any(m.source == "move:yes" for m in moves):
            move = _answer("move:yes", asked, slots)
        elif asked.kind == "unknown" and unknown == 0 and not _covered(asked, reading):
            unknown += 1
            move = _answer("move:unknown", asked, slots)
        if move is not None:
            moves.append(move)
    for match in reading.needs_explored:
        if match.id not in revealed and not any(m.kind == "reveal" for m in moves):
            revealed.append(match.id)
            moves.append(Move(kind="reveal", source=f"need:{match.id}", about=slots))
    return moves, state.model_copy(
        update={"facts_told": tuple(told), "needs_revealed": tuple(revealed)}
    )


def _answer(source: str, asked: Asked, slots: dict[str, str]) -> Move:
    return Move(kind="answer", source=source, about={**slots, "asked": asked.span.text})


def _covered(asked: Asked, reading: Reading) -> bool:
    """Whether the question is part of something that gets its own reaction."""
    others = (*reading.acts, *reading.buttons, *reading.comebacks, *reading.needs_met)
    return any(
        match.span.start < asked.span.end and asked.span.start < match.span.end for match in others
    ) or bool(reading.role_break or reading.insult)


def _reaction(
    before: CustomerState,
    reading: Reading,
    change: Change,
    scenario: Scenario,
    new_acts: tuple[str, ...],
    slots: dict[str, str],
    draw: random.Random,
) -> Move | None:
    """The one thing about the reply that is worth a remark, if any."""
    harm = [r for r in change.reasons if _is_harm(r)]
    if harm:
        worst = min(harm, key=lambda r: r.points)
        return _react(worst.cause, worst.points, slots)
    for match in reading.needs_met:
        if match.id in before.needs_revealed and match.id not in before.needs_met:
            return Move(kind="react", source=f"need-thanks:{match.id}", intensity=7, about=slots)
    if new_acts:
        heaviest = max(new_acts, key=lambda a: scenario.act(a).weight)
        return Move(kind="react", source=f"act-thanks:{heaviest}", intensity=9, about=slots)
    known = {m.id for m in reading.comebacks}
    if known and not reading.asked:
        best = reading.comebacks[0]
        return Move(
            kind="react",
            source=f"comeback:{best.id}",
            intensity=scenario.comebacks[int(best.id)].effect,
            about=slots,
        )
    spoken = [r for r in change.reasons if r.cause in CAUSES]
    if not spoken:
        return None
    strongest = max(spoken, key=lambda r: (abs(r.points), r.cause))
    repeated = before.last_reaction == f"cause:{strongest.cause}"
    weak = abs(strongest.points) < REACTS_FROM
    if strongest.points > 0 and repeated:
        return None
    if (
        weak
        and strongest.cause not in _NEVER_LET_PASS
        and (before.quiet_turns == 0 and draw.random() < SILENT_SHARE)
    ):
        return None
    return _react(strongest.cause, strongest.points, slots)


_NEVER_LET_PASS = ("nonsense", "foreign_language", "role_break", "boundary", "asked_again")


def _is_harm(reason: Reason) -> bool:
    return reason.cause in HARSH or reason.cause.startswith("button:")


def _react(cause: str, points: float, slots: dict[str, str]) -> Move:
    source = cause if cause.startswith("button:") else f"cause:{cause}"
    return Move(kind="react", source=source, intensity=points, about=slots)


def _last(
    state: CustomerState,
    reading: Reading,
    change: Change,
    scenario: Scenario,
    answers: list[Move],
    reaction: Move | None,
    slots: dict[str, str],
) -> tuple[Move | None, CustomerState]:
    """Let a need out, wait, or press for what is still open."""
    if len(answers) >= 2 or any(m.kind == "reveal" for m in answers):
        return None, state
    if len(state.acts_done) == len(scenario.resolution.acts):
        if answers:
            return None, state
        return Move(kind="push", source="move:grudging", about=slots), state
    ready = [
        need
        for need in scenario.needs
        if need.mood_at_least is not None
        and state.mood >= need.mood_at_least
        and need.id not in state.needs_revealed
    ]
    if ready and not answers:
        revealed = (*state.needs_revealed, ready[0].id)
        return (
            Move(kind="reveal", source=f"need:{ready[0].id}", about=slots),
            state.model_copy(update={"needs_revealed": revealed}),
        )
    checking = any(p.binding == "checking" for p in reading.promises)
    if checking and not answers and not change.progressed:
        overdue = any(r.cause == "overdue_promise" for r in change.reasons)
        if not overdue:
            return (None if reaction else Move(kind="wait", source="move:waiting", about=slots)), (
                state
            )
    if answers and state.turns_since_progress < 3:
        return None, state
    harmed = reaction is not None and reaction.source.split(":")[-1] in HARSH
    if harmed and state.mood > HANGS_UP_BELOW and state.turn % 2:
        # The remark stands for itself; pressing at once would take the edge off it.
        return None, state
    return _press(state, scenario, slots)


def _press(
    state: CustomerState, scenario: Scenario, slots: dict[str, str]
) -> tuple[Move | None, CustomerState]:
    waiting = open_acts(state, scenario)
    if not waiting:
        return None, state
    # The oldest open matter first; then, so as not to nag, the one pressed least.
    act = min(
        waiting,
        key=lambda a: (min(2, state.pressed.get(a.id, 0)) // 2, scenario.resolution.acts.index(a)),
    )
    step = state.pressed.get(act.id, 0)
    pressed = {**state.pressed, act.id: step + 1}
    return (
        Move(kind="push", source=f"act-press:{act.id}", about=slots, step=step),
        state.model_copy(update={"pressed": pressed}),
    )
