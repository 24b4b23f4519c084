"""Why a part of a reply helped or hurt, in words that a learner can use.

What moved the score is measured by removal; the rules here only put it into words. A rule looks
at what the signals did when the part was taken out (a question that was answered is open again, a
dismissal is gone) and at the words themselves. The first rule that holds gives the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from coachbot.scoring.cues import cue_words
from coachbot.scoring.features import Context, Sentence
from coachbot.scoring.interface import DISMISSAL_KINDS, Dimension, DismissalKind
from coachbot.scoring.signals import Found, Measurement
from coachbot.scoring.text import clauses
from coachbot.scoring.words import Rarity, content_words, numbers

_LONGEST_QUOTE = 40
_LONGEST_OF_CUSTOMER = 60
_WORTH_A_VAGUE_REASON = 5.0
# Below the second anchor of SCORING.md (25: goes past the person) nothing is praised vaguely: the
# least bad sentence of a rude reply is not kind.
_PRAISED_FROM = 0.25
# From this probability on, a reply is more likely dismissive than not.
_DISMISSIVE_FROM = 0.5
# A signal that changes by this much when the part goes was the part's doing.
_DOING = 0.25
_TELLING = 0.55
# Together the shared words must tell as much as one rare word; of equal ones, the newest count.
_ENOUGH = 0.8
_NEWER = 0.2
_CANNED = 0.5
# "I'm Dean", "Hello, Bernadette Fallon, but it's Bernie".
_GOES_BY = re.compile(
    r"\b(?:[Mm]y name(?:'s| is)|[Ii]t(?:'s| is)|I(?:'m| am)|[Tt]his is|[Cc]all me) "
    r"([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)
# "Thank you!" by itself goes past nobody.
_COURTESY = re.compile(
    r"\W*(?:(?:ok|okay|great|perfect|right|thanks?|thank you|cheers|hi|hello|dear|good (?:morning|"
    r"afternoon|evening|day)|bye|goodbye|best wishes|kind regards|regards|many|so much|very much|"
    r"again|then|there|a lot)\W+){1,5}",
    re.IGNORECASE,
)
_EXPLORES = re.compile(
    r"\b(?:how\s+(?:did|do|does|is|are|has|would|can)|why|what\s+(?:would|do\s+you|did|happened|matters|else|made)|"
    r"tell\s+me)\b",
    re.IGNORECASE,
)

_PLEASE = re.compile(r"\b(?:please|kindly)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """A part of a reply in its conversation, with what was measured with and without it."""

    sentence: Sentence
    context: Context
    rarity: Rarity
    templated: float
    before: Measurement
    after: Measurement
    thresholds: Mapping[str, float]

    def cue(self, name: str) -> str | None:
        """Return the words that show a cue, shortened for a quotation."""
        words = cue_words(self.sentence.span.text, name)
        return None if words is None else shorten(words)

    @cached_property
    def about(self) -> str | None:
        """The customer's words that the part takes up, or None when it takes up none."""
        own = set(self.sentence.words) - self._own_names()
        newest = self.context.conversation.newest_turns
        best, taken_up, most = None, set[str](), _ENOUGH
        for said in self.context.said:
            for clause in clauses(said.text):
                shared = own & set(content_words(clause.text))
                telling = sum(self.rarity.of(w) for w in shared if self.rarity.of(w) > _TELLING)
                telling += len(self.sentence.numbers & numbers(clause.text))
                if telling and said.turn in newest:
                    telling += _NEWER
                if telling > most:
                    best, taken_up, most = clause.text, shared, telling
        if best is None:
            return None
        return around(best.strip(" .,;:!"), taken_up, _LONGEST_OF_CUSTOMER)

    def _own_names(self) -> set[str]:
        """The names that the customer goes by: to use one takes nothing up."""
        found = (m for said in self.context.said for m in _GOES_BY.finditer(said.text))
        return {word for match in found for word in content_words(match.group(1))}

    def from_screen(self) -> bool:
        """Say whether the part brings a fact that only the agent can see."""
        new_numbers = (self.sentence.numbers & self.context.screen_numbers) - (
            self.context.history_numbers
        )
        return bool(new_numbers) or len(set(self.sentence.words) & self.context.screen_words) >= 3

    def changed(self, kind: str) -> Found | None:
        """Return the finding that the part made (or, for a question, answered), if there is one."""
        best, most = None, _DOING
        for one, left in zip(self.before.findings[kind], self.after.findings[kind], strict=False):
            moved = left.p - one.p if kind == "unanswered" else one.p - left.p
            shown = (
                one.p < self.thresholds[kind]
                if kind == "unanswered"
                else one.p >= self.thresholds[kind]
            )
            if shown and moved > most:
                best, most = one, moved
        return best

    def harm(self) -> DismissalKind | None:
        """Return the kind of dismissal that goes with the part, or None."""
        if self.before.dismissal - self.after.dismissal < _DOING:
            return None
        return DISMISSAL_KINDS[int(self.before.dismissal_kinds.argmax())]


Rule = Callable[[Case], str | None]


def shorten(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Cut a quotation at a word's end, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def around(text: str, words: AbstractSet[str], longest: int) -> str:
    """Cut a quotation so that it keeps the content words ``words``, or the last of them.

    It begins as early as that allows; what is left out at either end becomes an ellipsis.
    """
    text = " ".join(text.split())
    tokens = list(re.finditer(r"\S+", text))
    ends = [t.end() for t in tokens if words & set(content_words(t.group()))]
    if len(text) <= longest or not ends or max(ends) <= longest:
        return shorten(text, longest)
    start = min(t.start() for t in tokens if t.start() >= max(ends) - longest)
    return "…" + shorten(text[start:], longest)


def _when(cue: str, reason: str) -> Rule:
    """Give ``reason`` when the cue is there; ``{}`` in it becomes the cue's words."""

    def rule(case: Case) -> str | None:
        words = case.cue(cue)
        return None if words is None else reason.format(words)

    return rule


def _asks_for_data(reason: str) -> Rule:
    """As `_when`, for data that is really asked for: "I can have it wrapped" offers."""
    asks = _when("please_provide", reason)

    def rule(case: Case) -> str | None:
        text = case.sentence.span.text
        return asks(case) if "?" in text or _PLEASE.search(text) else None

    return rule


def _about(reason: str) -> Rule:
    """Give ``reason`` when the part takes up words of the customer, which become ``{}``."""

    def rule(case: Case) -> str | None:
        words = case.about
        return None if words is None else reason.format(words)

    return rule


def _feeling_in_context(case: Case) -> str | None:
    words, about = case.cue("your_feeling"), case.about
    if words is None:
        return None
    if about:
        return f"names the feeling and what it is about (“{about}”)"
    return "names the feeling instead of only apologising for it"


def _apology_in_context(case: Case) -> str | None:
    if case.cue("apology") is None or case.cue("stock_apology") is not None:
        return None
    about = case.about
    return f"apologises for what happened to this customer (“{about}”)" if about else None


def _canned(case: Case) -> str | None:
    if case.templated < _CANNED:
        return None
    words = case.cue("canned") or case.cue("stock_apology") or case.cue("stock_understanding")
    if words is not None:
        return f"stock phrase (“{words}”): it could be said to anyone"
    return "reads like a ready-made text that could be said to anyone"


def _screen_fact(case: Case) -> str | None:
    return "brings the facts of this customer's case" if case.from_screen() else None


def _open_question(case: Case) -> str | None:
    words = _EXPLORES.search(case.sentence.span.text)
    if words is None or "?" not in case.sentence.span.text:
        return None
    return f"asks an open question that moves it on (“{words.group()}…”)"


def _finding(kind: str, reason: str) -> Rule:
    """Give ``reason`` when the part made the finding; ``{}`` becomes the customer's words."""

    def rule(case: Case) -> str | None:
        found = case.changed(kind)
        if found is None:
            return None
        return reason.format(shorten(found.said.text, _LONGEST_OF_CUSTOMER))

    return rule


_answers = _finding("unanswered", "answers “{}”")
_asks_again = _finding("asks_again", "asks again for what the customer gave: “{}”")
_contradicts = _finding("contradicts", "does not agree with what the customer said: “{}”")


# For each kind of dismissal: the cue that shows its words, and what it does to the customer.
_HARMS: dict[DismissalKind, tuple[str, str]] = {
    "hostile": ("hostile", "turns against the customer"),
    "orders_calm": ("orders_calm", "tells the customer how to feel"),
    "non_apology": ("non_apology", "regrets the customer's reaction and not what caused it"),
    "blames": ("blames", "puts it on the customer"),
    "minimises": ("minimises", "makes the problem small"),
    "sarcasm": ("sarcasm", "can be heard as mockery"),
    "hides_behind_policy": ("policy", "puts the rule in front of the person"),
}


def _harm(case: Case) -> str | None:
    kind = case.harm()
    if kind is None:
        return None
    if case.cue("negated_empathy"):
        return f"pushes the feeling away (“{case.cue('negated_empathy')}”)"
    cue, what = _HARMS[kind]
    words = case.cue(cue)
    return f"{what} (“{words}”)" if words else what


def _dismissive(case: Case) -> bool:
    return case.before.dismissal >= _DISMISSIVE_FROM


_MEASURED = (_harm, _asks_again, _contradicts, _canned)
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
        _about("shows that this was heard: “{}”"),
    ),
    "active_listening": (
        _answers,
        _when("checking", "checks that it was understood (“{}”)"),
        _about("takes up what the customer said: “{}”"),
        _when("refers_back", "goes back to what the customer said (“{}”)"),
        _when("direct_answer", "answers the question straight away (“{}”)"),
        _screen_fact,
        _open_question,
        _when("offer_choice", "asks what the customer wants (“{}”)"),
        _when("commitment", "answers with something that will be done (“{}”)"),
    ),
    "individualized_treatment": (
        _when("offer_choice", "leaves the choice to this customer (“{}”)"),
        _about("fits what this customer said: “{}”"),
        _screen_fact,
        _when("when", "says when (“{}”)"),
        _when("follow_up", "gives a next step with a person behind it (“{}”)"),
        _when("commitment", "says what will be done in this case (“{}”)"),
    ),
}
LOWERS: dict[Dimension, tuple[Rule, ...]] = {
    "empathy": (
        _harm,
        _asks_again,
        _canned,
        _when("deferral", "sends the customer on (“{}”) without turning to how it feels"),
        _asks_for_data("asks for data (“{}”) before turning to the person"),
        _when("refusal", "says no without a word for what that means to the customer"),
    ),
    "active_listening": (
        _contradicts,
        _asks_again,
        _harm,
        _canned,
        _when("deferral", "sends the customer on (“{}”) instead of answering"),
        _asks_for_data("asks (“{}”) where an answer was due"),
        _when("vague_noun", "says “{}” where the customer said what it is"),
    ),
    "individualized_treatment": (
        _contradicts,
        _asks_again,
        _canned,
        _harm,
        _when("policy", "quotes a rule (“{}”) where a way for this customer was needed"),
        _when("deferral", "sends the customer to a general place (“{}”)"),
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

    None for a small effect that no rule explains, and for a loss where the vague reason would be
    wrong: a vague reason would teach nothing. None as well
    for what helped only because the rest was worse: nothing that harms is praised, and no sentence
    of a dismissive reply is called kind.
    """
    raises = effect > 0
    if raises and (_harm(case) is not None or (dimension == "empathy" and _dismissive(case))):
        return None
    small = abs(effect) < _WORTH_A_VAGUE_REASON
    for rule in (RAISES if raises else LOWERS)[dimension]:
        # A few points lost are put down to what was measured, not to a turn of phrase.
        if small and not raises and rule not in _MEASURED:
            continue
        found = rule(case)
        if found is not None:
            return found
    if small or (raises and case.before.graded[dimension] < _PRAISED_FROM):
        return None
    if not raises and _COURTESY.fullmatch(case.sentence.span.text + "."):
        return None
    if not raises and dimension != "empathy" and case.about is not None:
        # It does take up what they said, whatever else was wrong with it.
        return None
    return (_ELSE_RAISES if raises else _ELSE_LOWERS)[dimension]
