"""What the hire asks: the scenario's own matter, an everyday question, leave, or nothing authored.

Pure functions over arrays, as in :mod:`coachbot.customer.reading`, whose thresholds' sources hold
here, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from coachbot.customer.asked_back import asked_back
from coachbot.customer.banks import Array, Banks, content_words
from coachbot.customer.everyday import Guess
from coachbot.customer.own_questions import OwnMatch
from coachbot.customer.question_forms import checks_what_was_gathered
from coachbot.customer.spelling import mended
from coachbot.customer.stance import (
    Stance,
    asks_for_content,
    is_question,
    lets_choose,
    plain,
    without_politeness,
)
from coachbot.scoring.text import Span, clauses, sentences

FACT_AT_LEAST, FACT_MARGIN = 0.42, 0.02
"""A question is about nothing of the scenario if even the nearest phrase is less near than the
first; about which of two facts is open where their ranks differ by less than the second."""

FACT_PROBABLE, FACT_COVERED, NEED_PROBABLE = 0.33, 0.03, 0.12
"""A question is about the scenario's own matter from the first probability on. The second holds
where a fact is the file's only answer to the everyday question that it is likeliest to be, the
third for what somebody hides, if it is no sure everyday question: interest should be heard."""

EVERYDAY_AT_LEAST, EVERYDAY_CLEAR, EVERYDAY_SURE = 0.38, 0.62, 0.90
"""From this probability on, a question that nobody authored is the likeliest everyday one; an offer
is it from the second on; from the third on it is one without doubt."""

EVERYDAY_NEAR = 0.38
"""A question less near than this to every phrase is none of them, whatever was learned. Of 238 that
were rightly or wrongly taken for one in conversations, none lies below .42."""

EVERYDAY_OR_ASKED_BACK = 0.50
"""EVERYDAY_AT_LEAST for a question that can be put back ("Am I left-handed?"): that suits whatever
was asked, so a guess has to be right more often than not."""

SHORT_QUESTION = 12
"""Words; a longer question says by itself what it is about."""

UNMARKED = 0.04
"""A question without a question mark has to be nearer to what it is taken for."""

CLEAR = 0.52
"""An offer or a question of consent is one, unless it is this close to asking for a fact."""

_AUTHORED = ("fact", "need", "which_one")
QuestionKind = Literal["fact", "need", "everyday", "consent", "offer", "which_one", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the hire and what it was taken for. ``targets``: ids, two for which_one.

    ``back``: the same question put back, typing slips mended, where nothing authored answers it.
    """

    span: Span
    kind: QuestionKind
    targets: tuple[str, ...]
    similarity: float
    margin: float
    back: str | None = None


_CONSENT = re.compile(
    # What is agreed to is "that" or something named, never what is their own or what was.
    r"(?:\b(?:is|would|will|does|sounds?) (?!your\b|the (?:last|previous|other|first)\b|you\b)"
    r"(?:[\w']+ ){1,5}(?:ok|okay|alright|all right|fine|works?|helps?|suits?|good|acceptable|fair|"
    r"convenient|enough|make sense)\b[^?]*\?|"
    r"\b(?:are|would) you (?:still |also |be |feel )*(?:ok|okay|alright|all right|fine|happy|"
    r"willing|comfortable|prepared|open) (?:with|if|for|to)\b|"
    r"\b(?:do|would) you (?:mind|object|agree)\b"
    # "Would you mind describing it?" wants the description.
    r"(?! (?:describing|telling|explaining|repeating|giving|saying|confirming|spelling|sharing)\b)|"
    r"^mind if (?:i|we)\b|"
    r"^(?:is it )?(?:ok|okay|alright|all right|fine|cool|safe) (?:if|for) (?:i|we|me|us)\b|"
    r"\b(?:may|can|could|shall|should|mind if) (?:i|we)\b[^?]*\b(?:call you|put you|place you|"
    r"hold|ask|check|look|take a|have a|get back|go ahead|start|read|explain|suggest|walk|confirm|"
    r"do that|help)\b|(?:\bwould you |\bdo you |^)(?:like|prefer|want|happy for) (?:me|us) to\b|"
    r"\bif (?:that'?s|it'?s) (?:ok|okay|all right|alright|fine)|"
    r"(?:^|[,.;!:] ?)(?:ok|okay|alright|deal|right|agreed|sounds? good)\s*\?$)"
)

_INNER_WH = re.compile(
    r"\b(?:what|which|who|whom|whose|where|when|why|how)(?: \w+)? "
    r"(?:should|shall|would|do|does|did|is|are|was|were|can|could|will)\b|"
    r"\bor (?:is|are|was|were|do|does|did) "
)
"""A question inside another, or two in one: neither asks for consent, nor offers anything."""

_ASKS_WHAT_TO_DO = re.compile(
    r"\b(?:any|some)thing\b[^?]*\b(?:i|we) (?:can|could|might) (?:still )?do\b"
)
"""Who asks whether there is anything more to do offers nothing yet."""

_WHAT_FOR = re.compile(r"so(?: that)? (?:i|we|you|they|it) (?:can|could|may|might)\b")
"""A clause that says what a question is for asks nothing itself."""


MOST_QUESTIONS = 12
"""Questions of one reply that are answered."""

Place = tuple[int, int]
"""Where a stretch of text begins and ends."""


def place(span: Span) -> Place:
    """Where it is."""
    return span.start, span.end


@dataclass(frozen=True)
class Questions:
    """The questions of a reply, and what of each is compared.

    ``segments``: the parts of "your name and number?"; ``clauses``: those that ask (none of either
    for "You've waited long, haven't you?");
    ``in_context``: short ones with the sentence before them. All by the question's place.
    """

    whole: tuple[Span, ...]
    segments: Mapping[Place, Sequence[Span]]
    clauses: Mapping[Place, Sequence[Span]]
    in_context: Mapping[Place, Span]

    @classmethod
    def of(cls, text: str) -> Questions:
        """Find them in a reply."""
        found = [_bared(span) for span in sentences(text) if is_question(span.text)]
        whole = tuple(found[:MOST_QUESTIONS])
        # "..., aren't you?" asks nothing by itself.
        parted = [q for q in whole if not checks_what_was_gathered(plain(q.text))]
        return cls(
            whole,
            {place(q): _segments(q) for q in parted},
            {place(q): _asking_clauses(q) for q in parted},
            _in_context(whole, text),
        )

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every stretch that is compared, each once."""
        parts = [*self.whole]
        for some in (*self.segments.values(), *self.clauses.values()):
            parts += some
        parts += self.in_context.values()
        return tuple({place(span): span for span in parts}.values())


@dataclass(frozen=True)
class Asking:
    """What each question is about, once everything compared is known.

    ``stances``, ``guesses`` and ``own`` have every place of ``questions.spans``.
    """

    questions: Questions
    banks: Banks
    stances: Mapping[Place, Stance]
    guesses: Mapping[Place, Guess]
    own: Mapping[Place, Sequence[OwnMatch]]

    @classmethod
    def of(
        cls,
        questions: Questions,
        banks: Banks,
        vectors: Mapping[Place, Array],
        stances: Mapping[Place, Stance],
    ) -> Asking:
        """Guess which everyday question each stretch is, and what of the scenario it is near."""
        spans = questions.spans
        places = [place(span) for span in spans]
        texts = [mended(span.text, banks.words) for span in spans]
        nothing = np.zeros((0, 0), dtype=np.float32)
        rows = np.stack([vectors[at] for at in places]) if places else nothing
        guesses = dict(zip(places, banks.everyday.guesses(texts, rows), strict=True))
        own = dict(zip(places, banks.own.ranked(texts, rows), strict=True))
        return cls(questions, banks, stances, guesses, own)

    def asked(self) -> tuple[Asked, ...]:
        """What is asked, in its order, each thing once."""
        found: list[Asked] = []
        for question in self.questions.whole:
            for one in self._parts(question):
                if not any(one.targets == other.targets and one.targets for other in found):
                    found.append(one)
        return tuple(found)

    def _parts(self, question: Span) -> Sequence[Asked]:
        """What one question asks: two answers, for "Your name and order number?"."""
        variants = [question, *self.questions.clauses.get(place(question), ())]
        whole = max(
            (self._about(variant) for variant in variants),
            key=lambda found: (found.kind in _AUTHORED, found.similarity),
        )
        led_in = self.questions.in_context.get(place(question))
        if whole.kind not in _AUTHORED and whole.similarity < CLEAR and led_in is not None:
            # "There's a number that begins with 7. What is it?"
            wider = self._about(led_in)
            whole = wider if wider.kind in ("fact", "need") else whole
        segments = [
            self._about(segment, stricter=0.06)
            for segment in self.questions.segments.get(place(question), ())
        ]
        parts = [part for part in segments if part.kind in ("fact", "need")]
        # One part alone says no more than the whole.
        distinct = {part.targets for part in parts}
        if len(distinct) > 1:
            return parts
        if whole.kind in ("unknown", "which_one") and len(distinct) == 1:
            return parts[:1]
        ordinary = [p for p in segments if p.kind == "everyday" and is_question(p.span.text)]
        if whole.kind == "unknown" and ordinary:
            # "I'm sorry about that, is there anything more I can do?"
            return ordinary[-1:]
        return [whole]

    def _about(self, span: Span, *, stricter: float = 0.0) -> Asked:
        """What a question is about: a fact, a need, small talk, consent, or nothing authored."""
        banks, everyday = self.banks, self.guesses[place(span)]
        first, second = self.own[place(span)][:2]
        best, margin = first.nearest, first.rank - second.rank
        text = mended(span.text, banks.words)
        words = plain(text)
        # "If I could fix only one thing, which should it be?" offers nothing.
        back = asked_back(text)
        about_them = back is not None
        other = about_them or asks_for_content(words) or lets_choose(words)
        other = other or any(p.search(words) for p in (_INNER_WH, _ASKS_WHAT_TO_DO))
        other = other or checks_what_was_gathered(words)
        consent = _CONSENT.search(words) is not None and not other
        if not span.text.rstrip(" )\"'").endswith("?"):
            stricter += UNMARKED
        near_it = everyday.nearest
        ordinary = Asked(span, "everyday", (everyday.id,), near_it, near_it - best)
        at_least = EVERYDAY_OR_ASKED_BACK if about_them else EVERYDAY_AT_LEAST
        likely = everyday.probability >= at_least and everyday.nearest >= EVERYDAY_NEAR
        offer = self.stances[place(span)] == "offer" and not other
        if offer and best < CLEAR:
            # "Can I close it now?" has answers of its own.
            clear = everyday.probability >= EVERYDAY_CLEAR
            return ordinary if clear else Asked(span, "offer", (), best, margin)
        if consent and best < max(CLEAR, FACT_AT_LEAST + stricter):
            return ordinary if likely else Asked(span, "consent", (), best, margin)
        kind: QuestionKind = "fact" if first.kind == "fact" else "need"
        own = first.probability(everyday.nearest, everyday.probability)
        probable = FACT_PROBABLE
        if everyday.id in first.covers:
            probable = FACT_COVERED
        elif kind == "need" and everyday.probability < EVERYDAY_SURE:
            probable = NEED_PROBABLE
        if best < FACT_AT_LEAST + stricter or own < probable:
            return ordinary if likely else Asked(span, "unknown", (), best, margin, back)
        if (
            kind == "fact"
            and second.kind == "fact"
            and second.nearest >= FACT_AT_LEAST + stricter
            and margin < FACT_MARGIN
            and best < 0.75
        ):
            return Asked(span, "which_one", (first.name, second.name), best, margin)
        return Asked(span, kind, (first.name,), best, margin)


def _bared(question: Span) -> Span:
    """The question without the politeness around it; the end stays, so do most offsets."""
    bare = without_politeness(question.text)
    start = question.end - len(bare)
    return Span(max(question.start, start), question.end, bare)


def _in_context(questions: Sequence[Span], text: str) -> dict[tuple[int, int], Span]:
    """Short questions together with the sentence before them."""
    found: dict[tuple[int, int], Span] = {}
    whole = sentences(text)
    for before, after in pairwise(whole):
        for question in questions:
            if question.end == after.end and len(question.text.split()) <= SHORT_QUESTION:
                joined = Span(before.start, after.end, text[before.start : after.end])
                found[question.start, question.end] = joined
    return found


def _asking_clauses(question: Span) -> list[Span]:
    """The clauses of a question that ask: of "it needs a signature, so who'd be in?" the second."""
    parts = clauses(question.text)
    if len(parts) < 2:
        return []
    moved = [Span(question.start + p.start, question.start + p.end, p.text) for p in parts]
    asking = [p for p in moved if is_question(p.text) or p.end >= question.end - 1]
    return [p for p in asking if not _WHAT_FOR.match(plain(p.text))]


def _segments(question: Span) -> list[Span]:
    """The parts of "your name and the order number?", each on its own."""
    parts: list[Span] = []
    start = 0
    for cut in [*re.finditer(r",? (?:and|or|plus|&) |, ", question.text), None]:
        end = cut.start() if cut else len(question.text)
        piece = question.text[start:end].strip()
        if content_words(piece):
            at = question.start + question.text.index(piece, start)
            parts.append(Span(at, at + len(piece), piece))
        start = cut.end() if cut else end
    return parts if len(parts) > 1 else []
