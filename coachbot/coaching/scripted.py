"""Scripted support agents: eleven ways of treating a customer, in somebody's words.

The strategies are code, the words are data (:mod:`coachbot.scenario.agents`). An agent sees what a
hire sees: the customer's messages, and what it asked and did itself; which needs were told and
which act the customer is pressing for it takes from the session's state, where a hire would read
it in the messages. It never learns what the customer understood, nor the mood, nor a score.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

from coachbot.scenario.agents import GeneralVoice, Tones, Voice
from coachbot.scenario.models import Act, Scenario
from coachbot.session.models import Session

Kind = Literal[
    "excellent",
    "good_but_slow",
    "middling",
    "mixture",
    "interrogator",
    "cold",
    "canned",
    "stuffer",
    "useless",
    "over_promiser",
    "dismissive",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

ACTS_AT_ONCE = 2
"""Acts that a quick agent puts into one reply; more read like a list."""

QUESTIONS_AT_ONCE = 3
"""Questions that an interrogator puts into one reply; from three on it feels like a form."""

FACTS_ASKED = 2
"""Facts that a good agent asks for at most, one at a time."""

WARM_SHARE, CANNED_SHARE, AGAIN_SHARE = 0.5, 0.25, 0.2
"""How a middling agent is drawn: half of what it does is said warmly, a quarter of its replies have
a canned phrase, and in a fifth it asks for something that it was told."""

Tone = Literal["warm", "bare"]


class Agent:
    """One scripted agent in one session. Remembers what it wrote, and repeats itself last.

    ``asked`` are the targets (facts and needs) that its latest reply asked for.
    """

    def __init__(
        self, scenario: Scenario, kind: Kind, voice: Voice, general: GeneralVoice, seed: int
    ) -> None:
        self.kind: Kind = kind
        self.asked: tuple[str, ...] = ()
        self.voice = voice
        self.seed = seed
        self._scenario = scenario
        self._general = general
        # A string seed: the same on every platform and in every run.
        self._draw = random.Random(f"{kind}:{voice.id}:{seed}")
        self._left: dict[tuple[str, ...], list[str]] = {}
        self._ever_asked: Counter[str] = Counter()
        self._tried: dict[str, int] = {}
        self._met: set[str] = set()
        self._turn = 0
        self._pressed: dict[str, int] = {}
        self._told: tuple[str, ...] = ()
        self._closed = False

    @property
    def session_seed(self) -> int:
        """The seed of its session: the customer draws anew for each agent, as for each hire."""
        return zlib.crc32(f"{self.kind}:{self.voice.id}:{self.seed}".encode())

    def reply(self, session: Session) -> str:
        """The next reply in a session that is waiting for one."""
        self._pressed, self._told = session.state.pressed, session.state.needs_revealed
        self.asked = ()
        kind = self._draw.choice(_MIXED) if self.kind == "mixture" else self.kind
        parts = getattr(self, f"_{kind}")()
        self._turn += 1
        return _together([part for part in parts if part])

    # --- The kinds ------------------------------------------------------------------------------

    def _excellent(self) -> list[str]:
        """Warm from the first word; explores a need early, asks, acts, takes up, closes warmly."""
        if self._turn == 0:
            return [self._say("opening"), self._ask(self._unasked_needs()[:1])]
        parts = self._meeting()
        due = self._due(ACTS_AT_ONCE)
        facts = self._unasked_facts()
        asks_first = self._turn == 1 and facts and not self._pressed_for(due)
        if asks_first:
            due = []
        if not parts and len(due) < ACTS_AT_ONCE and (due or asks_first):
            parts.append(self._say("warm"))
        parts += [self._do(act, "warm") for act in due]
        if asks_first:
            parts.append(self._ask(facts[:1]))
        elif due:
            parts.append(self._ask(self._unasked_needs()[:1]))
        return parts if due or asks_first else [*parts, self._say("close", "warm")]

    def _good_but_slow(self) -> list[str]:
        """As warm, but holds up first, and does one thing a turn."""
        if self._turn == 0:
            return [self._say("opening"), self._say("stall")]
        parts = self._meeting()
        if self._turn == 1:
            return [*(parts or [self._say("warm")]), self._ask(self._unasked_needs()[:1])]
        if parts and self._due(1):
            return [*parts, self._do(self._due(1)[0], "warm")]
        if self._turn == 2 and self._unasked_facts():
            return [self._say("warm"), self._ask(self._unasked_facts()[:1])]
        for act in self._due(1):
            return [self._do(act, "warm"), self._ask(self._unasked_needs()[:1])]
        return [*parts, self._say("close", "warm")]

    def _middling(self) -> list[str]:
        """Half warm and half bare, now and then canned, now and then asking again."""
        draw = self._draw
        if self._turn == 0:
            first = self._say("opening") if draw.random() < WARM_SHARE else self._canned_phrase()
            return [first, self._ask(self._unasked_facts()[:1] or self._unasked_needs()[:1])]
        parts = self._meeting() if draw.random() < WARM_SHARE else []
        if not parts:
            number = draw.random()
            if number < CANNED_SHARE:
                parts = [self._canned_phrase()]
            elif number < WARM_SHARE:
                parts = [self._say("warm")]
        if draw.random() < AGAIN_SHARE and self._ever_asked:
            parts.append(self._ask([draw.choice(sorted(self._ever_asked))]))
        tone: Tone = "warm" if draw.random() < WARM_SHARE else "bare"
        due = self._due(1)
        if due and self._turn == 1 and self._unasked_facts() and not self._pressed_for(due):
            return [*parts, self._ask(self._unasked_facts()[:1])]
        parts += [self._do(act, tone) for act in due]
        return parts if due else [*parts, self._say("close", tone)]

    def _interrogator(self) -> list[str]:
        """Several questions a turn, turn after turn; what helps comes barely at the very end."""
        voice = self.voice
        left = [name for name in voice.ask if not self._ever_asked[name]]
        if left:
            return [self._ask([name]) for name in self._shuffled(left)[:QUESTIONS_AT_ONCE]]
        due = self._due(len(self._scenario.resolution.acts))
        return [self._do(act, "bare") for act in due] or [self._say("close", "bare")]

    def _cold(self) -> list[str]:
        """Asks, does what is needed, closes; correct in every point, and no more."""
        if self._turn == 0 and self._unasked_facts():
            return [self._ask(self._unasked_facts()[:1])]
        due = self._due(ACTS_AT_ONCE)
        return [self._do(act, "bare") for act in due] or [self._say("close", "bare")]

    def _canned(self) -> list[str]:
        """What is needed, between phrases that anybody gets."""
        if self._turn == 0 and self._unasked_facts():
            return [
                self._canned_phrase(),
                self._canned_phrase(),
                self._ask(self._unasked_facts()[:1]),
            ]
        acts = [self._do(act, "bare") for act in self._due(1)]
        return [
            self._canned_phrase(),
            *(acts or [self._say("close", "bare")]),
            self._canned_phrase(),
        ]

    def _stuffer(self) -> list[str]:
        """What is needed, between the keywords of empathy, said to nobody in particular."""
        acts = [self._do(act, "bare") for act in self._due(1)]
        return [
            self._stuffed_name(),
            self._stuffed(),
            *(acts or [self._say("close", "bare")]),
            self._stuffed(),
        ]

    def _useless(self) -> list[str]:
        """All the empathy in the world, and nothing done."""
        return [self._say("useless")]

    def _over_promiser(self) -> list[str]:
        """Promises what nobody may or can keep; does the real thing when pressed for it again."""
        again = [act for act in self._due(1) if self._pressed.get(act.id, 0) >= 2]
        first = self._say("opening") if self._turn == 0 else ""
        return [first, self._say("over"), *(self._do(act, "bare") for act in again)]

    def _dismissive(self) -> list[str]:
        """Makes it smaller, blames, hides behind a rule, mocks."""
        return [self._say("dismiss")]

    # --- What they are made of ------------------------------------------------------------------

    def _due(self, most: int) -> list[Act]:
        """Acts to do now: what is pressed for first, then what has not been said yet.

        An act counts as said once it was written; if the customer presses for it all the same, it
        is due again, in other words. In a scenario with an order the order is kept.
        """
        acts = self._scenario.resolution.acts
        open_ = [act for act in acts if act.id not in self._tried or self._since(act)]
        if not open_ and self._closed:
            # Goodbye was said and the customer is still there: sum up, in other words.
            return list(acts[:most])
        ready = [
            act
            for act in open_
            if not any(before in {one.id for one in open_} for before in act.after)
        ]
        if self._scenario.resolution.order == "in_order":
            return open_[:most]
        ready.sort(key=lambda act: -self._since(act))
        return ready[:most]

    def _since(self, act: Act) -> int:
        """How often the customer has pressed for an act since it was last said."""
        return self._pressed.get(act.id, 0) - self._tried.get(act.id, 0)

    def _pressed_for(self, acts: Sequence[Act]) -> bool:
        return any(self._since(act) > 0 for act in acts)

    def _unasked_facts(self) -> list[str]:
        """Facts that are worth a question: not told in the opening, and not asked for yet."""
        facts = [f.id for f in self._scenario.facts if not f.in_opening and f.id in self.voice.ask]
        if sum(self._ever_asked[name] > 0 for name in facts) >= FACTS_ASKED:
            return []
        return [name for name in facts if not self._ever_asked[name]]

    def _unasked_needs(self) -> list[str]:
        return [
            need.id
            for need in self._scenario.needs
            if need.id not in self._told
            and need.id in self.voice.ask
            and self._ever_asked[need.id] < len(self.voice.ask[need.id])
        ]

    def _meeting(self) -> list[str]:
        """Take up what was told and has not been taken up; one need a turn."""
        for need in self._told:
            if need not in self._met and need in self.voice.meet:
                self._met.add(need)
                return [self._next(("meet", need), self.voice.meet[need])]
        return []

    def _ask(self, targets: Sequence[str]) -> str:
        for target in targets:
            self.asked = (*self.asked, target)
            self._ever_asked[target] += 1
            return self._next(("ask", target), self.voice.ask[target])
        return ""

    def _do(self, act: Act, tone: Tone) -> str:
        self._tried[act.id] = self._pressed.get(act.id, 0)
        self._closed = False
        tones = self.voice.do[act.id]
        return self._next(("do", act.id, tone), getattr(tones, tone))

    def _say(self, what: str, tone: Tone | None = None) -> str:
        held = getattr(self.voice, what)
        self._closed = what == "close"
        if isinstance(held, Tones) and tone is not None:
            return self._next((what, tone), getattr(held, tone))
        return self._next((what,), held)

    def _canned_phrase(self) -> str:
        return self._next(("canned",), self._general.canned)

    def _stuffed(self) -> str:
        return self._next(("stuff",), self._general.stuff)

    def _stuffed_name(self) -> str:
        """A stuffed sentence with the customer's name and something that they wrote about."""
        about = [fact.about for fact in self._scenario.facts if fact.in_opening]
        name = self._scenario.persona.name
        if not about:
            return f"{name}: {self._stuffed()}"
        return f"{name}, about {self._draw.choice(about)}: {self._stuffed()}"

    def _next(self, bank: tuple[str, ...], texts: Sequence[str]) -> str:
        """A wording that has not been used; when all have been, they are gone through again."""
        if not self._left.get(bank):
            self._left[bank] = self._shuffled(texts)
        return self._left[bank].pop()

    def _shuffled(self, texts: Sequence[str]) -> list[str]:
        return self._draw.sample(list(texts), len(texts))


def _together(parts: Sequence[str]) -> str:
    """Parts as one reply; who writes without full stops begins a new line instead."""
    text = ""
    for part in parts:
        text += ("" if not text else " " if text[-1] in ".!?)" else "\n") + part
    return text


_MIXED: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind not in ("mixture", "middling"))
"""Kinds of which a mixture is drawn, turn by turn."""
