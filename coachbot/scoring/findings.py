"""What goes against the words the customer already wrote.

Three kinds of findings, each about a sentence of the customer: a question that the reply leaves
open, something asked again that was given, something the reply gets wrong. The network reads reply
and sentence together and says how likely each is; here is what it is told beside the words (what
kind of question it is, whether the reply has what such a question wants, which numbers, days and
names differ), and which sentences can have a finding at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Said
from coachbot.scoring.cues import CUE_NAMES, straighten
from coachbot.scoring.features import Context, Sentence, days
from coachbot.scoring.words import Rarity, codes, content_words, names, numbers

FINDINGS = ("asks_again", "unanswered", "contradicts")

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
_ABOUT_CUSTOMER = re.compile(r"\byou(?:r|'re|'ve|'d)?\b", re.IGNORECASE)

SAID_FEATURES: tuple[str, ...] = (
    "asks", "marked", "newest", "questions", "share_of_message", "reply_words",
    "words_taken_up", "words_shared",
    *(f"asks_{k}" for k in _KINDS),
    *(f"{k}_met_by_{c}" for k, cs in _ANSWERS.items() for c in cs),
    *(f"reply_{c}" for c in _EVASIVE),
    "numbers_from_screen", "numbers_new",
    "asks_for_slot", "slot_given", "provide_and_given", "asked_before",
    "number_shared", "number_conflict", "number_unknown", "day_conflict", "day_unknown",
    "name_unknown", "name_conflict", "code_conflict", "negation_differs", "about_customer",
)  # fmt: skip


def asks(text: str) -> bool:
    """Say whether a customer's sentence asks for something, with or without a question mark."""
    plain = straighten(text)
    return "?" in text or bool(_QUESTION_START.search(plain) or _INDIRECT.search(plain))


def open_to(kind: str, said: Said, context: Context) -> bool:
    """Say whether a sentence of the customer can have a finding of this kind at all.

    Only a question of the newest message can be left unanswered.
    """
    if kind != "unanswered":
        return True
    return said.turn in context.conversation.newest_turns and asks(said.text)


@dataclass(frozen=True)
class _Whole:
    """What the sentences of a reply have together."""

    words: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    names: frozenset[str]
    codes: frozenset[str]
    cues: frozenset[str]
    slots: frozenset[str]
    provides: bool
    negated: bool
    about_customer: bool
    counted: int

    @classmethod
    def of(cls, parts: Sequence[Sentence]) -> _Whole:
        none: frozenset[str] = frozenset()
        slots: set[str] = set()
        for part in parts:
            plain = straighten(part.span.text)
            found = {k for k, (asked, _) in _SLOTS.items() if asked.search(plain)}
            if part.cue("question") or part.cue("please_provide") or "tried" in found:
                slots |= found
        plain = straighten(" ".join(p.span.text for p in parts))
        return cls(
            words=frozenset(w for p in parts for w in p.words),
            numbers=none.union(*(p.numbers for p in parts)),
            days=none.union(*(p.days for p in parts)),
            names=none.union(*(p.names for p in parts)),
            codes=none.union(*(p.codes for p in parts)),
            cues=frozenset(c for p in parts for c in CUE_NAMES if p.cue(c)),
            slots=frozenset(slots),
            provides=any(p.cue("please_provide") for p in parts),
            negated=_NEGATED.search(plain) is not None,
            about_customer=_ABOUT_CUSTOMER.search(plain) is not None,
            counted=sum(len(p.words) for p in parts),
        )


def said_features(
    parts: Sequence[Sentence], context: Context, rarity: Rarity
) -> NDArray[np.float32]:
    """Return ``SAID_FEATURES`` for each sentence of the customer: shape (said, features)."""
    whole = _Whole.of(parts)
    asked = _asked_before(context)
    questions = sum(asks(s.text) for s in context.said_newest)
    shared = {
        "questions": min(questions, 4) / 4,
        "share_of_message": questions / max(1, len(context.said_newest)),
        "reply_words": 1.0 - float(np.exp(-whole.counted / 12)),
        "numbers_from_screen": float(bool(whole.numbers & context.screen_numbers)),
        "numbers_new": float(bool(whole.numbers - context.history_numbers)),
        "about_customer": float(whole.about_customer),
        "asks_for_slot": min(len(whole.slots), 3) / 3,
        **{f"reply_{c}": float(c in whole.cues) for c in _EVASIVE},
    }
    rows = [
        [values.get(name, 0.0) for name in SAID_FEATURES]
        for values in (
            shared | _about(said, whole, context, rarity, asked) for said in context.said
        )
    ]
    return np.array(rows, dtype=np.float32).reshape(len(context.said), len(SAID_FEATURES))


def _about(
    said: Said, whole: _Whole, context: Context, rarity: Rarity, asked: dict[int, set[str]]
) -> dict[str, float]:
    text, plain = said.text, straighten(said.text)
    words = content_words(text)
    values = {
        "asks": float(asks(text)),
        "marked": float("?" in text),
        "newest": float(said.turn in context.conversation.newest_turns),
        "words_taken_up": rarity.share(words, whole.words),
        "words_shared": rarity.share(whole.words, set(words)),
        "negation_differs": float((_NEGATED.search(plain) is not None) != whole.negated),
        "asked_before": rarity.share(whole.words, asked.get(said.turn, set())),
    }
    for kind, pattern in _KINDS.items():
        if pattern.search(plain):
            values[f"asks_{kind}"] = 1.0
            for cue in _ANSWERS[kind]:
                values[f"{kind}_met_by_{cue}"] = float(cue in whole.cues)
    given = any(_SLOTS[k][1].search(plain) for k in whole.slots)
    values["slot_given"] = float(given)
    values["provide_and_given"] = float(given and whole.provides)
    its_numbers, its_days, its_names = numbers(text), days(text), names(text)
    known_numbers = context.history_numbers | context.screen_numbers
    unknown_names = whole.names - context.known_words
    values |= {
        "number_shared": float(bool(whole.numbers & its_numbers)),
        "number_conflict": float(bool(its_numbers and whole.numbers - its_numbers)),
        "number_unknown": float(bool(its_numbers and whole.numbers - known_numbers)),
        "day_conflict": float(bool(its_days and whole.days and not its_days & whole.days)),
        "day_unknown": float(bool(its_days and whole.days - context.known_days)),
        "name_unknown": float(bool(unknown_names)),
        "name_conflict": float(bool(unknown_names and its_names)),
        "code_conflict": float(bool(whole.codes - context.known_codes and codes(text))),
    }
    return values


def _asked_before(context: Context) -> dict[int, set[str]]:
    """Return, for a customer's turn that follows an agent's, the content words of the latter."""
    history = context.conversation.history
    return {
        i: set(content_words(history[i - 1].text))
        for i in range(1, len(history))
        if history[i].speaker == "customer" and history[i - 1].speaker == "agent"
    }
