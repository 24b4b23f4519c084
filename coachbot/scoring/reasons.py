"""Why a part of a reply helped or hurt, in words that a learner can use.

A reason names what the sentence does and, where it can, the words it does it with. The first rule
that holds for the dimension and the direction of the effect gives the reason; what moved the score
is measured elsewhere (by removal), the rules only put it into words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from coachbot.scoring.cues import cue_words
from coachbot.scoring.features import Context, Sentence
from coachbot.scoring.interface import Dimension
from coachbot.scoring.words import Rarity, stem

_LONGEST_QUOTE = 40
_WORTH_A_VAGUE_REASON = 5.0
_EXPLORES = re.compile(
    r"\b(?:how\s+(?:did|do|does|is|are|has|would|can)|why|what\s+(?:would|do\s+you|did|happened|matters|else|made)|"
    r"tell\s+me)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Case:
    """A sentence in its conversation, for the rules."""

    sentence: Sentence
    context: Context
    rarity: Rarity
    templated: float

    def cue(self, name: str) -> str | None:
        """Return the words that show a cue, shortened for a quotation."""
        words = cue_words(self.sentence.span.text, name)
        return None if words is None else shorten(words)

    def shared(self) -> list[str]:
        """Return telling words that the sentence has from the customer, as written, in order."""
        stems = set(self.sentence.words) & self.context.customer_words
        telling = {s for s in stems if self.rarity.of(s) > 0.55}
        seen: list[str] = []
        for word in _WORD.findall(self.sentence.span.text):
            if stem(word.replace("’", "'")) in telling and word.lower() not in map(str.lower, seen):
                seen.append(word)
        return seen[:2]

    def from_screen(self) -> bool:
        """Say whether the sentence brings a fact that only the agent can see."""
        new_numbers = (self.sentence.numbers & self.context.screen_numbers) - (
            self.context.history_numbers
        )
        return bool(new_numbers) or len(set(self.sentence.words) & self.context.screen_words) >= 3


Rule = Callable[[Case], str | None]


def shorten(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Cut a quotation at a word's end, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _when(cue: str, reason: str) -> Rule:
    """Give ``reason`` when the cue is there; ``{}`` in it becomes the cue's words."""

    def rule(case: Case) -> str | None:
        words = case.cue(cue)
        return None if words is None else reason.format(words)

    return rule


def _shared(one: str, two: str) -> Rule:
    def rule(case: Case) -> str | None:
        words = case.shared()
        if not words:
            return None
        return one.format(*words) if len(words) == 1 else two.format(*words)

    return rule


def _feeling_in_context(case: Case) -> str | None:
    words, about = case.cue("your_feeling"), case.shared()
    if words is None:
        return None
    if about:
        return f"names the feeling and what it is about (“{about[0]}”)"
    return "names the feeling instead of only apologising for it"


def _apology_in_context(case: Case) -> str | None:
    if case.cue("apology") is None or case.cue("stock_apology") is not None:
        return None
    about = case.shared()
    return f"apologises for what happened to this customer (“{about[0]}”)" if about else None


def _canned(case: Case) -> str | None:
    words = case.cue("canned") or case.cue("stock_apology") or case.cue("stock_understanding")
    if words is not None:
        return f"stock phrase (“{words}”): it could be said to anyone"
    return (
        "reads like a ready-made text that could be said to anyone"
        if case.templated > 0.7
        else None
    )


def _screen_fact(case: Case) -> str | None:
    return "brings the facts of this customer's case" if case.from_screen() else None


def _open_question(case: Case) -> str | None:
    words = _EXPLORES.search(case.sentence.span.text)
    return None if words is None else f"asks an open question that moves it on (“{words.group()}…”)"


_HARM: tuple[Rule, ...] = (
    _when("hostile", "turns against the customer (“{}”)"),
    _when("orders_calm", "tells the customer how to feel (“{}”)"),
    _when("non_apology", "regrets the customer's reaction (“{}”) and not what caused it"),
    _when("negated_empathy", "pushes the feeling away (“{}”)"),
    _when("blames", "puts it on the customer (“{}”)"),
    _when("minimises", "makes the problem small (“{}”)"),
    _when("sarcasm", "can be heard as mockery (“{}”)"),
    _when("policy", "puts the rule (“{}”) in front of the person"),
)
RAISES: dict[Dimension, tuple[Rule, ...]] = {
    "empathy": (
        _feeling_in_context,
        _when("condolence", "meets the loss itself (“{}”)"),
        _when("validation", "says that the reaction makes sense (“{}”)"),
        _when("ownership", "owns what went wrong (“{}”)"),
        _apology_in_context,
        _when("follow_up", "takes the customer's side and stays with it (“{}”)"),
        _when(
            "stock_apology",
            "a stock apology (“{}”) helps a little; naming what went wrong helps more",
        ),
        _when("stock_understanding", "says that it understands (“{}”), without saying what"),
        _when("apology", "says sorry"),
        _when("commitment", "takes the matter in hand (“{}”)"),
        _shared("shows that “{}” was heard", "shows that “{}” and “{}” were heard"),
    ),
    "active_listening": (
        _when("checking", "checks that it was understood (“{}”)"),
        _when("refers_back", "takes up what the customer said (“{}”)"),
        _shared(
            "takes up what the customer said about “{}”",
            "takes up “{}” and “{}” from what the customer said",
        ),
        _when("direct_answer", "answers the question straight away (“{}”)"),
        _screen_fact,
        _open_question,
        _when("offer_choice", "asks what the customer wants (“{}”)"),
        _when("commitment", "answers with something that will be done (“{}”)"),
    ),
    "individualized_treatment": (
        _when("offer_choice", "leaves the choice to this customer (“{}”)"),
        _shared(
            "uses this customer's circumstances (“{}”)",
            "uses this customer's circumstances (“{}”, “{}”)",
        ),
        _screen_fact,
        _when("when", "says when (“{}”)"),
        _when("follow_up", "gives a next step with a person behind it (“{}”)"),
        _when("commitment", "says what will be done in this case (“{}”)"),
    ),
}
LOWERS: dict[Dimension, tuple[Rule, ...]] = {
    "empathy": (
        *_HARM,
        _canned,
        _when("deferral", "sends the customer on (“{}”) without turning to how it feels"),
        _when("please_provide", "asks for data (“{}”) before turning to the person"),
        _when("refusal", "says no (“{}”) without a word for what that means to the customer"),
    ),
    "active_listening": (
        _when("hostile", "stops listening (“{}”)"),
        _when("orders_calm", "answers the tone (“{}”), not what was said"),
        _canned,
        _when("deferral", "sends the customer on (“{}”) instead of answering"),
        _when("please_provide", "asks (“{}”) where an answer was due"),
        *_HARM[2:],
        _when("vague_noun", "says “{}” where the customer said what it is"),
    ),
    "individualized_treatment": (
        _canned,
        _when("policy", "quotes a rule (“{}”) where a way for this customer was needed"),
        _when("deferral", "sends the customer to a general place (“{}”)"),
        *_HARM,
        _when("vague_noun", "says “{}” where the customer said what it is"),
    ),
}
_ELSE_RAISES: dict[Dimension, str] = {
    "empathy": "speaks to the person, not only to the case",
    "active_listening": "answers what the customer came with",
    "individualized_treatment": "fits this customer's case",
}
_ELSE_LOWERS: dict[Dimension, str] = {
    "empathy": "goes past how this is for the customer",
    "active_listening": "does not take up what the customer said",
    "individualized_treatment": "has nothing of this customer's own situation in it",
}


def reason(case: Case, dimension: Dimension, effect: float) -> str | None:
    """Return why the sentence moved the dimension by ``effect`` points.

    None for a small effect that no rule explains: a vague reason would teach nothing.
    """
    raises = effect > 0
    for rule in (RAISES if raises else LOWERS)[dimension]:
        found = rule(case)
        if found is not None:
            return found
    if abs(effect) < _WORTH_A_VAGUE_REASON:
        return None
    return (_ELSE_RAISES if raises else _ELSE_LOWERS)[dimension]
