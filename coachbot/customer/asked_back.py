"""A question put back: "Are you left-handed?" becomes "Am I left-handed?".

Whoever is asked something about themselves that seems beside the point repeats it and wonders what
it is for. Only questions that can be turned round surely are: short, one clause or two joined by
"or", about "you" or "your". Anything else gives None.
"""

from __future__ import annotations

import re

from coachbot.customer.stance import plain, without_politeness

MOST_WORDS = 12
"""Nobody repeats a longer question whole."""

_PIECES = re.compile(r"\s*[,;:–—]\s*|\s+-\s+")

_LEAD_IN = re.compile(
    r"^(?:and|but|so|ok|okay|right|well|also|sorry|please|just|first|now|then|hi|hello|hey|oh|um|"
    r"actually|anyway|by the way|out of (?:interest|curiosity)|"
    r"(?:if )?(?:may|can|could|might) (?:i|we)(?: just| also| quickly)? (?:ask|check|know)"
    r"(?: (?:you|if|whether))?)\b[, ]*",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?:please|by (?:any )?chance|roughly|or (?:not|so)|if (?:i|you|we|that|it|so|any)\b.*|"
    r"(?:just )?(?:out of|for) .*|at all|too|though|then|maybe|perhaps|exactly|sorry|thanks|"
    r"may i ask|can i ask|do you know|(?:is|isn't) (?:it|that) .*|or is (?:that|it|this)\b.*)$",
    re.IGNORECASE,
)
"""What stands behind a question and is not repeated."""

_OR_LEAVE = re.compile(r"^or (?:can|may|could|shall|should|do) (?:i|we)\b", re.IGNORECASE)
"""What they would do if not: "Have you guests, or can we talk?"."""

_BY_CHANCE = re.compile(
    r"\s+(?:by (?:any )?chance|if (?:i|you) (?:may|might|don'?t mind)(?: me)?(?: asking| ask)?|"
    r"may i ask|please|pls)$",
    re.IGNORECASE,
)

_ADVERBS = r"(?:(?:ever|still|also|actually|currently|normally|usually|often|even|both) )?"
_NOT_ABOUT_THEM = (
    r"(?:mind|want|wish|need|think|know|agree|understand|see|follow|"
    r"feel|hear|accept|confirm|consent|like|prefer|require|authori[sz]e|allow|give|promise|"
    r"remember|recall|realise|realize|trust|believe|expect|hope|mean)\b"
)
"""After "do you": what they would like, grasp or agree to, which deserves a plain answer."""

_NOT_OF_THEM = (
    r"(?:sure|certain|ok|okay|all right|alright|happy|able|willing|aware|satisfied|comfortable|"
    r"ready|still there|there|with me|free|available|sitting|safe|done|finished|interested|open|"
    r"wanting|hoping|looking for|feeling|waiting|asking|saying|telling|suggesting|after)\b"
)

_ABOUT_THEM = re.compile(
    r"^(?:"
    rf"(?:are|were)(?:n't)? you {_ADVERBS}(?!{_NOT_OF_THEM})\w+|"
    rf"do(?:n't)? you {_ADVERBS}(?!{_NOT_ABOUT_THEM})\w+|"
    rf"(?:did|have|had)(?:n't)? you {_ADVERBS}(?!{_NOT_ABOUT_THEM})\w+|"
    r"(?:is|are|was|were|does|do|did|has|have)(?:n't)? your \w+|"
    r"(?:(?:what|which|where|who)(?: \w+){0,3}|how (?:many|much|often|old|big|far)(?: \w+){0,3}) "
    r"(?:do|are) you (?!"
    rf"{_NOT_ABOUT_THEM}|{_NOT_OF_THEM})\w+|"
    r"(?:(?:what|which|who|where|how (?:old|big|far))(?: \w+){0,2} (?:is|are|was|were)|"
    r"(?:what|who|where)'s) your \w+"
    r")",
    re.IGNORECASE,
)

_SWAPPED = {
    "your": "my", "yours": "mine", "yourself": "myself", "yourselves": "ourselves",
    "you're": "I'm", "you've": "I've", "you'd": "I'd", "you'll": "I'll",
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself",
    "we": "you", "us": "you", "our": "your", "ours": "yours",
    "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll",
    "we're": "you're", "we've": "you've", "we'd": "you'd", "we'll": "you'll",
}  # fmt: skip

_VERBS = {"are": "am", "were": "was", "aren't": "aren't", "weren't": "wasn't"}
"""Beside "you" that becomes "I"."""
_OWN_VERBS = {"am": "are", "was": "were"}
"""Beside the hire's "I", which becomes "you"."""

_BEFORE_SUBJECT = frozenset(
    "are were aren't weren't do did don't didn't have had haven't hadn't can could would will "
    "should that if when where what which who whether because than while since before after "
    "until or and".split()
)
_BEFORE_OBJECT = frozenset(
    "to for with of from by on at about around near behind beside between like without against "
    "help helps helped call calls called ring rang reach reached tell told give gave given send "
    "sent let lets made make makes bother bothers bothering worry worries suit suits cost costs "
    "take took taken bring brings brought keep keeps kept leave left".split()
)
_AFTER_SUBJECT = frozenset(
    "are were have had do did can could will would use used want need get got live lived work "
    "worked pay paid buy bought go went keep kept take took see saw say said come came drive "
    "read speak wear own rent share know knew think thought mentioned ordered booked".split()
)


def asked_back(question: str) -> str | None:
    """The question from the customer's side, with a question mark; None if it can't be turned."""
    kept = _question_itself(without_politeness(question))
    if kept is None:
        return None
    words = kept.split()
    if len(words) > MOST_WORDS:
        # "Do you drive, or ...?": what it is set against can go.
        words = kept.split(", or ")[0].split()
    if not 3 <= len(words) <= MOST_WORDS or "you and i " in f"{kept.lower()} ":
        return None
    turned = _turned(words)
    if turned is None:
        return None
    text = " ".join(turned)
    return f"{text[:1].upper()}{text[1:]}?"


def _question_itself(text: str) -> str | None:
    """The clause that asks, and what it is set against, without what stands around them."""
    pieces = [piece.strip(" .!?\"'()") for piece in _PIECES.split(text.replace("’", "'"))]
    pieces = [piece for piece in pieces if piece]
    at = next((i for i, piece in enumerate(pieces) if _about_them(piece)), None)
    if at is None:
        return None
    kept = _without_lead_in(pieces[at])
    for piece in pieces[at + 1 :]:
        if _TAG.match(piece) or _OR_LEAVE.match(piece):
            continue
        if not piece.lower().startswith("or "):
            return None
        kept = f"{kept}, {piece}"
    return kept


def _without_lead_in(piece: str) -> str:
    piece = _BY_CHANCE.sub("", piece)
    before = ""
    while before != piece:
        before, piece = piece, _LEAD_IN.sub("", piece)
    words = (_spelt_out(word) for word in piece.split())
    return " ".join(words)


def _spelt_out(word: str) -> str:
    """A short form written out; everything else as it was typed."""
    written = plain(word)
    return word if written == word.lower() else written


def _about_them(piece: str) -> bool:
    return _ABOUT_THEM.match(_without_lead_in(piece)) is not None


def _turned(words: list[str]) -> list[str] | None:
    """The words with persons exchanged; None where it is open whether "you" becomes I or me."""
    low = [word.lower().rstrip(",") for word in words]
    out = list(words)
    for at, word in enumerate(low):
        comma = "," if words[at].endswith(",") else ""
        before = low[at - 1] if at else ""
        after = low[at + 1] if at + 1 < len(low) else ""
        if word == "you":
            person = _person(before, after)
            if person is None:
                return None
            out[at] = person + comma
            if person == "I":
                if before in _VERBS:
                    out[at - 1] = _VERBS[before]
                elif after in _VERBS:
                    out[at + 1] = _VERBS[after]
        elif word in _SWAPPED:
            out[at] = _SWAPPED[word] + comma
            if word == "i" and before in _OWN_VERBS:
                out[at - 1] = _OWN_VERBS[before]
            elif word == "i" and after in _OWN_VERBS:
                out[at + 1] = _OWN_VERBS[after]
    return out


def _person(before: str, after: str) -> str | None:
    """Whether "you" between two words becomes "I" or "me"."""
    if before in _BEFORE_OBJECT:
        return "me"
    if before in _BEFORE_SUBJECT or after in _AFTER_SUBJECT:
        return "I"
    return None if after else "me"
