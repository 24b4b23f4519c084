"""What goes against the words the customer already wrote.

Three kinds of findings, each about a sentence of the customer: a question that the reply leaves
open, something asked again that was given, something the reply gets wrong. Candidates are found by
rules, and a trained head says how likely each is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Said
from coachbot.scoring.cues import CUE_NAMES, straighten
from coachbot.scoring.features import Context, Reply, Sentence
from coachbot.scoring.words import Rarity, codes, content_words, numbers

Array = NDArray[np.float64]

_QUESTION_START = re.compile(
    r"(?:^|[,;:.!]\s*|\b(?:and|so|but|or|also|then|ok|well|please|pls|plz|n)\s+)(?:"
    r"(?:can|could|would|will|do|does|did|is|are|am|was|were|have|has|should|shall|may)\s+(?:i|we|you|u|it|they|"
    r"he|she|this|that|there|my|the|your|someone|anyone)\b"
    r"|(?:what|when|where|why|how|which|who|whose)\b(?!\s+(?:i|we)\s+(?:was|were|am|are|ordered|got)\b)"
    r"|(?:tell\s+me|let\s+me\s+know|explain|any\s+(?:idea|chance|news|update))\b)",
    re.IGNORECASE,
)
_INDIRECT = re.compile(
    r"\b(?:(?:i|we)\s+(?:just\s+|really\s+)?(?:need|want|would\s+like|'d\s+like)\s+to\s+know|wondering\s+(?:if|whether|"
    r"when|how)|(?:tell|show)\s+me\s+(?:what|when|how|why|where|if|whether)|question\s+is|let\s+me\s+know)\b",
    re.IGNORECASE,
)
_KINDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "when": r"\bwhen\b|how\s+(?:long|soon|quick|late)|what\s+(?:time|day|date)|\bby\s+\w+day|in\s+time|still\s+arrive",
        "amount": r"how\s+much|cost|price|charge|\bfee|refund|money",
        "why": r"\bwhy\b|how\s+come|what\s+(?:happened|went)|the\s+reason",
        "how": r"\bhow\b(?!\s+(?:long|soon|much|many|come))",
        "who": r"\bwho(?:se)?\b",
        "where": r"\bwhere\b",
        "which": r"\bwhich\b|\bwhat\b",
        "yes_no": (
            r"(?:^|[,.]\s*|\b(?:and|so|or|but|ok)\s+)(?:can|could|would|will|do|does|did|is|are|am|was|were|have|has|"
            r"should|shall|may)\s+\w+"
        ),
        "request": r"\b(?:can|could|would|will)\s+(?:you|u|someone|we)\b|please|pls|need\s+you\s+to|i\s+want",
    }.items()
}
# The cues of a reply that may answer a question of each kind.
_ANSWERS: dict[str, tuple[str, ...]] = {
    "when": ("when", "number"),
    "amount": ("amount", "number"),
    "why": ("because", "ownership"),
    "how": ("commitment", "done"),
    "who": ("commitment", "follow_up"),
    "where": ("number",),
    "which": ("number", "offer_choice"),
    "yes_no": ("direct_answer", "refusal", "done"),
    "request": ("commitment", "done", "refusal"),
}
_EVASIVE = (
    "canned",
    "vague_noun",
    "deferral",
    "stock_apology",
    "please_provide",
    "question",
    "refusal",
)
_SLOTS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    name: (re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for name, (asked, given) in {
        "number": (
            (
                r"\b(?:order|reference|booking|account|case|ticket|policy|job|invoice|confirmation|tracking|serial|"
                r"customer|membership|reservation|ref|number|id)\b"
            ),
            r"\b(?=[A-Za-z-]*\d)[A-Za-z\d-]{3,}\b",
        ),
        "digits": (r"\bdigits?\b|\bpin\b|\bcode\b|number", r"\d{3,}"),
        "email": (r"e-?mail", r"@|\bemail"),
        "name": (
            r"\bname\b|who\s+am\s+i|whom",
            r"\b(?:my\s+name|this\s+is|i'm\s+[A-Z]|here\b|it's\s+[A-Z]|name)",
        ),
        "when": (
            r"\bwhen\b|what\s+(?:date|day|time)|which\s+(?:day|date)|how\s+long|deadline",
            r"day\b|week|month|\d(?:st|nd|rd|th)\b|yesterday|morning|night|\d\s*(?:am|pm)|since|ago|today|tomorrow",
        ),
        "phone": (r"phone|mobile|call\s+you|reach\s+you", r"\d{6,}|\bphone|\bcall|ring"),
        "address": (
            r"address|post\s?code|zip|where\s+(?:do|are|should)",
            r"\b[A-Z]{1,2}\d|street|road|address|lane|avenue",
        ),
        "amount": (
            r"how\s+much|amount|what\s+(?:sum|price)|charged",
            r"[£$€]\s?\d|\d\s?(?:pounds|dollars|euros|quid)",
        ),
        "problem": (
            (
                r"(?:problem|issue|wrong|happen|describe|more\s+(?:details|information|about)|help\s+you\s+with|seems|"
                r"assist|explain|nature\s+of|calling\s+about|contacting\s+(?:us|about)|what\s+can\s+i)"
            ),
            r"\w+\s+\w+\s+\w+\s+\w+\s+\w+\s+\w+",
        ),
        "item": (
            (
                r"(?:which|what)\s+(?:item|product|model|size|colou?r|service|device|vehicle|car|flight|room|plan|type|"
                r"version|one|kind|make)|model"
            ),
            r"\b(?:size|model|black|white|blue|red|green|the\s+\w+\s+\w+)\b",
        ),
        "tried": (
            (
                r"(?:have|did)\s+you\s+(?:tried|try|already|checked?|restart|turn|contact|call|speak|spoken|been)|"
                r"\btry\s+(?:turning|restart|clear|the)|please\s+(?:restart|reboot|try|check|reset)"
            ),
            r"\b(?:tried|already|did|done|restarted|rebooted|twice|times|checked|been|called|rang|spoke|reset|cleared)\b",
        ),
        "choice": (
            (
                r"would\s+you\s+(?:like|prefer)|do\s+you\s+want|which\s+would|want\s+me\s+to|refund\s+or|or\s+a\s+(?:refund|"
                r"replacement)"
            ),
            r"\b(?:want|would\s+like|prefer|rather|pls|please|need)\b",
        ),
    }.items()
}
_NEGATED = re.compile(
    r"\b(?:not|no|never|n't|without|nobody|none)\b|n't\b|\b(?:dont|cant|didnt|wont|isnt)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?s?\b|\b(january|february|march|april|june|july|august|"
    r"september|october|november|december)\b",
    re.IGNORECASE,
)
_ABOUT_CUSTOMER = re.compile(r"\byou(?:r|'re|'ve|'d)?\b", re.IGNORECASE)

UNANSWERED_INPUTS: tuple[str, ...] = (
    "near_reply", "near_sentence", "words_taken_up", "questions", "share_of_message", "marked", "reply_words",
    *(f"asks_{k}" for k in _KINDS),
    *(f"{k}_met_by_{c}" for k, cs in _ANSWERS.items() for c in cs),
    *(f"reply_{c}" for c in _EVASIVE),
    *(f"near_and_{c}" for c in ("number", "when", "commitment", "done", "direct_answer", "refusal")),
    "from_screen", "numbers_from_screen", "numbers_new",
)  # fmt: skip
ASKS_AGAIN_INPUTS: tuple[str, ...] = (
    "near", "words_shared", "provide", "open", "newest", "slots_met", "asked_slots", "nearest",
    "asked_before",
    *(f"slot_{k}" for k in _SLOTS),
    *(f"met_{k}" for k in _SLOTS),
)  # fmt: skip
CONTRADICTS_INPUTS: tuple[str, ...] = (
    "near", "near_squared", "words_shared", "number_conflict", "number_unknown", "day_conflict", "day_unknown",
    "name_unknown", "code_conflict", "negation_differs", "about_customer", "newest", "words_unknown",
    "near_and_unknown", "blames", "asks", "number_shared",
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A customer's sentence, the reply's sentence it meets (None for the whole), and the inputs."""

    said: Said
    sentence: int | None
    inputs: Array


def asks(text: str) -> bool:
    """Say whether a customer's sentence asks for something, with or without a question mark."""
    plain = straighten(text)
    return "?" in text or bool(_QUESTION_START.search(plain) or _INDIRECT.search(plain))


def _cue(vector: NDArray[np.float32], name: str) -> float:
    return float(vector[CUE_NAMES.index(name)])


def unanswered_candidates(reply: Reply, context: Context, rarity: Rarity) -> list[Candidate]:
    """Return the questions of the newest message with how the reply stands to each."""
    asked = [(i, s) for i, s in enumerate(context.said_newest) if asks(s.text)]
    if not asked or not reply.sentences:
        return []
    stacked = np.array([s.vector for s in reply.sentences])
    present = reply.cues
    words = {w for s in reply.sentences for w in s.words}
    found = {n for s in reply.sentences for n in s.numbers}
    counted = sum(len(s.words) for s in reply.sentences)
    shared = {
        "questions": min(len(asked), 4) / 4,
        "share_of_message": len(asked) / len(context.said_newest),
        "reply_words": 1.0 - float(np.exp(-counted / 12)),
        "from_screen": rarity.share(words, context.screen_words),
        "numbers_from_screen": float(bool(found & context.screen_numbers)),
        "numbers_new": float(bool(found - context.history_numbers)),
        **{f"reply_{c}": _cue(present, c) for c in _EVASIVE},
    }
    candidates = []
    for i, said in asked:
        near = stacked @ context.said_vectors[i]
        nearest = reply.sentences[int(near.argmax())]
        values = dict(shared)
        values["near_reply"] = float(reply.vector @ context.said_vectors[i])
        values["near_sentence"] = float(near.max())
        values["words_taken_up"] = rarity.share(content_words(said.text), words)
        values["marked"] = float("?" in said.text)
        plain = straighten(said.text)
        for kind, pattern in _KINDS.items():
            if pattern.search(plain):
                values[f"asks_{kind}"] = 1.0
                for cue in _ANSWERS[kind]:
                    values[f"{kind}_met_by_{cue}"] = _cue(present, cue)
        for cue in ("number", "when", "commitment", "done", "direct_answer", "refusal"):
            values[f"near_and_{cue}"] = _cue(nearest.cues, cue) * float(near.max())
        inputs = np.array([values.get(name, 0.0) for name in UNANSWERED_INPUTS])
        candidates.append(Candidate(said, None, inputs))
    return candidates


def asks_again_candidates(
    parts: Sequence[Sentence], context: Context, rarity: Rarity
) -> list[Candidate]:
    """Return what the reply asks for, against each sentence that may already have given it."""
    said, vectors = context.said, context.all_said_vectors
    newest = context.conversation.newest_turns
    asked = _asked_before(context)
    candidates: list[Candidate] = []
    for place, sentence in enumerate(parts):
        plain = straighten(sentence.span.text)
        slots = {k for k, (asked, _) in _SLOTS.items() if asked.search(plain)}
        provide = _cue(sentence.cues, "please_provide")
        if not (_cue(sentence.cues, "question") or provide or "tried" in slots) or not len(said):
            continue
        near = vectors @ sentence.vector
        for i, words_of_customer in enumerate(said):
            given = straighten(words_of_customer.text)
            values = {
                "near": float(near[i]),
                "nearest": float(near[i] == near.max()),
                "words_shared": rarity.share(
                    sentence.words, set(content_words(words_of_customer.text))
                ),
                "provide": provide,
                "open": _cue(sentence.cues, "open_question"),
                "newest": float(words_of_customer.turn in newest),
                "asked_before": rarity.share(
                    sentence.words, asked.get(words_of_customer.turn, set())
                ),
                "asked_slots": min(len(slots), 3) / 3,
            }
            met = {k for k in slots if _SLOTS[k][1].search(given)}
            values["slots_met"] = float(bool(met))
            values |= {f"slot_{k}": 1.0 for k in slots} | {f"met_{k}": 1.0 for k in met}
            inputs = np.array([values.get(name, 0.0) for name in ASKS_AGAIN_INPUTS])
            candidates.append(Candidate(words_of_customer, place, inputs))
    return candidates


def contradicts_candidates(
    parts: Sequence[Sentence], context: Context, rarity: Rarity
) -> list[Candidate]:
    """Return what the reply states, against the customer's sentences that are nearest to it."""
    said, vectors = context.said, context.all_said_vectors
    candidates: list[Candidate] = []
    if not len(said):
        return candidates
    known_days = _days(context.conversation.known)
    known = context.customer_words | context.screen_words
    known_numbers = context.history_numbers | context.screen_numbers
    for place, sentence in enumerate(parts):
        near = vectors @ sentence.vector
        days = _days(sentence.span.text)
        new_numbers = sentence.numbers - known_numbers
        new_words = 1.0 - rarity.share(sentence.words, known) if sentence.words else 0.0
        for i in np.argsort(-near)[:3]:
            text = said[i].text
            its_numbers, its_days = numbers(text), _days(text)
            unknown = float(
                bool((new_numbers and its_numbers) or (days - known_days and its_days))
                or bool(sentence.names - context.known_words)
            )
            values = {
                "near": float(near[i]),
                "near_squared": float(near[i]) ** 2,
                "words_shared": rarity.share(sentence.words, set(content_words(text))),
                "number_conflict": float(
                    bool(sentence.numbers - its_numbers) and bool(its_numbers - sentence.numbers)
                ),
                "number_unknown": float(bool(new_numbers) and bool(its_numbers)),
                "number_shared": float(bool(sentence.numbers & its_numbers)),
                "day_conflict": float(bool(days and its_days and not days & its_days)),
                "day_unknown": float(bool(days - known_days and its_days)),
                "name_unknown": float(bool(sentence.names - context.known_words)),
                "code_conflict": float(
                    bool(sentence.codes - context.known_codes) and bool(codes(text))
                ),
                "negation_differs": float(
                    bool(_NEGATED.search(straighten(text)))
                    != bool(_NEGATED.search(straighten(sentence.span.text)))
                ),
                "about_customer": float(
                    bool(_ABOUT_CUSTOMER.search(straighten(sentence.span.text)))
                ),
                "newest": float(said[i].turn in context.conversation.newest_turns),
                "words_unknown": new_words,
                "near_and_unknown": unknown * float(near[i]),
                "blames": _cue(sentence.cues, "blames"),
                "asks": _cue(sentence.cues, "question"),
            }
            candidates.append(
                Candidate(said[i], place, np.array([values[n] for n in CONTRADICTS_INPUTS]))
            )
    return candidates


def _asked_before(context: Context) -> dict[int, set[str]]:
    """Return, for a customer's turn that follows an agent's, the content words of the latter."""
    history = context.conversation.history
    return {
        i: set(content_words(history[i - 1].text))
        for i in range(1, len(history))
        if history[i].speaker == "customer" and history[i - 1].speaker == "agent"
    }


def _days(text: str) -> set[str]:
    return {m.group().lower()[:3] for m in _DAYS.finditer(text)}
