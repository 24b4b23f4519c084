"""Hints: what a good next reply would do, never its words."""

from __future__ import annotations

from coachbot.customer.mind import open_acts
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import HARSH
from coachbot.session.models import Session

STAGED = 2
"""Turns after which a need that nobody looked for is worth a hint."""


def hint_for(session: Session, scenario: Scenario) -> str:
    """The most useful direction now: mend, answer, explore or act, in this order."""
    state = session.state
    name = scenario.persona.name
    last = session.turns[-1] if session.turns else None
    if last is not None:
        hurt = [r for r in last.reasons if r.cause in HARSH or r.cause.startswith("button:")]
        if hurt:
            worst = min(hurt, key=lambda r: r.points)
            words = f" (“{_short(worst.quote)}”)" if worst.quote else ""
            return (
                f"{name} is still at your last message{words}. Take it back plainly before "
                "anything else; then go on with what they came for."
            )
        if any(r.cause == "asked_again" for r in last.reasons):
            return (
                f"{name} had told you that already. Scroll up, use what stands there, and show "
                "that you have read it."
            )
    if last is None:
        return (
            f"Read {name}'s first messages once more. What happened, what does it mean for them, "
            f"and what are they asking? A good first reply shows that you took in all three. "
            f"{_first_act(session, scenario)}"
        )
    open_need = next(
        (n for n in scenario.needs if n.id in state.needs_revealed and n.id not in state.needs_met),
        None,
    )
    if open_need is not None:
        return (
            f"{name} has let you see what is behind it: {open_need.what} Show that it has reached "
            "you before you go on."
        )
    waiting = open_acts(state, scenario)
    hidden = [n for n in scenario.needs if n.id not in state.needs_revealed]
    if hidden and (len(session.turns) >= STAGED or not waiting) and not _hinted(session, 2):
        return hidden[0].hint
    if waiting:
        pressed = max(waiting, key=lambda a: state.pressed.get(a.id, 0))
        return pressed.hint
    return (
        f"Everything is arranged. What is missing is a human word: say what this has been like "
        f"for {name}, in your own words."
    )


def _hinted(session: Session, times: int) -> bool:
    return len(session.hints) >= times


def _first_act(session: Session, scenario: Scenario) -> str:
    waiting = open_acts(session.state, scenario)
    return waiting[0].hint if waiting else ""


def _short(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= 60 else words[:57].rsplit(" ", 1)[0] + " …"
