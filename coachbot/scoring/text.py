"""Where the sentences and clauses of a chat message begin and end.

Messages in support chats are not prose: full stops are missing, a line break or a smiley ends a
thought, amounts and links are full of dots. The splitters here are rules rather than a model, so
that the same text always gives the same spans and a span can be shown to the person who wrote it.

Offsets are Unicode code points, as in Python strings: ``text[span.start:span.end] == span.text``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``start`` (included) to ``end`` (excluded) in code points."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Span) -> bool:
        """Whether they have a character in common."""
        return self.start < other.end and other.start < self.end


# Never the end of a sentence, whatever follows.
_ALWAYS_SHORT = frozenset(
    "mr mrs ms mx dr prof rev st e.g i.e eg ie vs cf approx dept tel ref ext fig".split()
)
# The end of a sentence only when a capital letter follows.
_SOMETIMES_SHORT = frozenset(
    "a.m p.m am pm etc inc ltd co jr sr u.s u.k jan feb aug sept oct nov dec".split()
)
# "No. 12", "Nos. 3 and 4", "vol. 2", "p. 9": short only in front of a number.
_SHORT_BEFORE_NUMBER = frozenset("no nos nr vol p pp art sec par apt rm".split())
# "Order no. please?": the number of something.
_NUMBER_OF = re.compile(
    r"\b(?:order|account|ref|reference|customer|phone|mobile|tel|card|invoice|policy|booking|"
    r"contract|ticket|meter|case|employee|staff|serial|flight|room)\s+nos?$",
    re.IGNORECASE,
)

_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-*•·‣▪–—>]+|\(?\d{1,2}[.)]|\(?[a-zA-Z]\))\s+")
_STOP = re.compile(r"[.!?…。！？]+")
_CLOSING = "\"'”’)]}»*_"
_EMOJI = re.compile(
    "[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]"
    "[\ufe0f\u200d\u2600-\u27bf\U0001f000-\U0001faff]*"
    r"|(?<!\w)[:;=][-']?[)(DPp/|](?!\w)"
)


def sentences(text: str) -> list[Span]:
    """Split ``text`` into sentences, in order and without overlap.

    Every letter and digit of the text is in exactly one span; only white space and the marks in
    front of list items are left out. A message without any punctuation is one sentence.
    """
    found: list[Span] = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        bullet = _BULLET.match(text, start, end)
        if bullet and bullet.end() < end:
            start = bullet.end()
        for stop in [*_sentence_ends(text, start, end), end]:
            _append(found, text, start, stop)
            start = stop
    return found


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if not piece:
        return
    if found and not any(c.isalnum() for c in piece) and "\n" not in text[found[-1].end : start]:
        # A lone smiley or "!!" belongs to what it follows.
        before = found.pop()
        found.append(
            Span(before.start, start + len(piece), text[before.start : start + len(piece)])
        )
        return
    found.append(Span(start, start + len(piece), piece))


def _sentence_ends(text: str, start: int, end: int) -> list[int]:
    links = [m.span() for m in _LINK.finditer(text, start, end)]
    ends: list[int] = []
    for stop in _STOP.finditer(text, start, end):
        if any(a <= stop.start() < b - 1 for a, b in links):
            continue
        after = _past_closing(text, stop.end(), end)
        if after < end and _ends_sentence(text, start, stop, after, end):
            ends.append(after)
    for smile in _EMOJI.finditer(text, start, end):
        rest = text[smile.end() : min(end, smile.end() + 12)].lstrip()
        if smile.start() > start and (rest[:1].isupper() or rest[:2] in ("i ", "i'", "i’")):
            ends.append(smile.end())
    return sorted(set(ends))


def _past_closing(text: str, at: int, end: int) -> int:
    """Move over closing quotes, brackets and a smiley that belong to the sentence."""
    while at < end and text[at] in _CLOSING:
        at += 1
    smile = _EMOJI.match(text, at + (1 if text[at : at + 1] == " " else 0), end)
    return smile.end() if smile else at


def _ends_sentence(text: str, start: int, stop: re.Match[str], after: int, end: int) -> bool:
    # Short looks in both directions keep a very long line linear.
    following = text[after : min(end, after + 40)]
    before = text[max(start, stop.start() - 40) : stop.start()]
    next_char = following.lstrip()[:1]
    if not following[:1].isspace():
        return after != stop.end() or _ends_without_space(before, stop.group(), following)
    if stop.group() in ("...", "…", "..") and next_char.islower():
        return _fresh_start(following)
    return stop.group() != "." or not _is_short_form(before, following)


def _ends_without_space(before: str, mark: str, following: str) -> bool:
    """Tell "about that.I will" and "really?ok" from 12.50, v2.1 and example.com."""
    if mark[-1] in "!?！？。":
        return following[:1].isalpha()
    word = re.search(r"[A-Za-z’']{2,}$", before)
    return bool(word and following[:1].isupper() and following[1:2] != ".")


def _is_short_form(before: str, following: str) -> bool:
    """Tell the dot of an abbreviation or an initial from a full stop."""
    word_match = re.search(r"[\w.&]+$", before)
    word = word_match.group().lower() if word_match else ""
    next_char = following.lstrip()[:1]
    return (
        word in _ALWAYS_SHORT
        or (word in _SOMETIMES_SHORT and not next_char.isupper())
        or (word in _SHORT_BEFORE_NUMBER and next_char.isdigit())
        or _NUMBER_OF.search(before) is not None
        or _is_initial(before, following)
    )


def _is_initial(before: str, following: str) -> bool:
    """Tell the dot of "J. Smith" from that of "plan B. I will"."""
    if re.search(r"(?:^|\s)[A-Z]$", before) is None:
        return False
    if re.search(
        r"(?:plan|option|part|type|size|section|zone|gate|grade)\s\w$", before, re.IGNORECASE
    ):
        return False
    return re.match(r"\s+(?!(?:I|We|You|The|Please|It)\b)[A-Z][a-z]+", following) is not None


_PRONOUN = r"(?:i|we|you|he|she|they|it|this|that|there)"
_VERB = (
    r"(?:['’](?:ll|ve|m|re|d|s)|ve\b|\s+(?:will|won['’]t|can|can['’]t|cannot|could|would|should|shall|may|might|must|"
    r"am|are|is|was|were|have|has|had|do|don['’]t|does|did|didn['’]t|need|want|see|know|understand|hope|think|"
    r"just|also|really|already|only|apologi[sz]e|apolog|get|got|hear|appreciate|checked|sent|send|put|asked|"
    r"ask|spoke|found|made|make|booked|credited|refunded|cancelled|canceled|called|call|feel|believe|promise|"
    r"needn['’]t|wouldn['’]t|couldn['’]t|shouldn['’]t|isn['’]t|aren['’]t|haven['’]t|hasn['’]t|won['’]t|"
    r"never|still|wrote|write|looked|look|take|took|let|give|gave))\b"
)
_NEW_SUBJECT = (
    rf"(?:(?:so|and|but|or|then|which\s+means|yet|though)\s+)?{_PRONOUN}{_VERB}"
    r"|(?:let|lets|let['’]s)\s+(?:me|us)?\b"
    r"|(?:can|could|would|will|may|shall|should|do|did|are|is|have|has)\s+(?:i|we|you|it|they|that|this)\b"
    r"|(?:what|when|where|why|how|which|who)(?:['’](?:s|d|ll)|\s+(?:is|are|was|were|do|does|did|would|could|can|has|have))\b"
    r"|(?:please|sorry|thanks|thank\s+you|unfortunately|however|but|my\s+apologies|no\s+worries)\b"
    r"|(?:so|and|but)\s+(?:please|can|could|would|what|when|let)\b"
)
_CUT = re.compile(
    rf"""
      ;\s
    | \s[-–—]{{1,2}}\s | \s?—\s?
    | (?:,\s?|\s)(?=(?:but|however|though|although|whereas|therefore)\s)
    | [,:]\s?(?=(?:{_NEW_SUBJECT}))
    | \s(?=and\s+{_PRONOUN}{_VERB})
    | \s(?=so\s+{_PRONOUN}{_VERB})
    | \s(?=and\s+(?:can|could|would|will|please|let\s+me|what['’]s|when|how)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Run-on chat: "sorry about that let me check what's your order number".
_RUN_ON_REQUEST = re.compile(
    r"(?<=\w)\s(?=(?:let\s+me|can\s+you|could\s+you|can\s+i)\b)", re.IGNORECASE
)
_RUN_ON_STATEMENT = re.compile(
    r"(?<=\w)\s(?=(?:i['’]ll|i\s+will|i\s+can\s+see|i['’]ve|what['’]s\s+(?:your|the)|what\s+is\s+your)\b)",
    re.IGNORECASE,
)
# After these words the pattern goes on with the clause ("what I'll do", "how can you").
_BINDS_REQUEST = frozenset(
    "if what when and so how as which who whom where why until till than or but please to only".split()
)
_BINDS_STATEMENT = _BINDS_REQUEST | frozenset(
    """that before after once whatever whenever because since while unless anything something
    everything all whether the of for with by think believe know say said promise hope sure guess
    then maybe there here thing moment way time""".split()
)
_CONDITION = re.compile(
    r"(?:(?:and|but|so|or|well|then)\s+)?(?:if|when|once|unless|as\s+soon\s+as|until|before|after|while|since|"
    r"because|although|though|whenever|in\s+case|even\s+if|provided)\b",
    re.IGNORECASE,
)


def _fresh_start(following: str) -> bool:
    return re.match(rf"\s*(?:{_NEW_SUBJECT})", following, re.IGNORECASE) is not None


def clauses(text: str) -> list[Span]:
    """Split ``text`` into clauses, each of which can carry one act, question or promise.

    Finer than ``sentences``: cuts at semicolons, dashes, "but", "and I'll ..." and at commas and
    colons in front of a new subject. A condition stays with what depends on it ("If you send it back, I'll refund
    you" is one clause), because the act alone would say something that was not promised. The
    separating mark is left out of the spans; a joining word stays at the head of its clause.
    """
    found: list[Span] = []
    for sentence in sentences(text):
        start = sentence.start
        for cut in [*_cuts(sentence), (len(sentence.text), len(sentence.text))]:
            _append(found, text, start, sentence.start + cut[0])
            start = sentence.start + cut[1]
    return [_without_tail_mark(span) for span in found]


def _without_tail_mark(span: Span) -> Span:
    trimmed = span.text.rstrip(",;:—– ")
    return Span(span.start, span.start + len(trimmed), trimmed) if trimmed else span


def _cuts(sentence: Span) -> list[tuple[int, int]]:
    text = sentence.text
    cuts: list[tuple[int, int]] = []
    clause_start = 0
    places = [m.span() for m in _CUT.finditer(text)]
    if len(text.split()) >= 8:
        places += _run_ons(text, _RUN_ON_REQUEST, _BINDS_REQUEST)
        places += _run_ons(text, _RUN_ON_STATEMENT, _BINDS_STATEMENT)
    previous = -1
    for start, end in sorted(places):
        head = text[clause_start:start]
        if start < previous or not head.strip() or not text[end:].strip():
            continue
        if _is_open_condition(head) and not re.match(
            r"(?:but|however)\b", text[end:], re.IGNORECASE
        ):
            continue
        cuts.append((start, end))
        clause_start, previous = end, end
    return cuts


def _run_ons(text: str, pattern: re.Pattern[str], binding: frozenset[str]) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for run_on in pattern.finditer(text):
        before = re.search(r"[\w’'/]+$", text[max(0, run_on.start() - 30) : run_on.start()])
        if before and before.group().lower() not in binding:
            places.append(run_on.span())
    return places


def _is_open_condition(head: str) -> bool:
    """Say whether ``head`` is only a condition, its consequence still to come."""
    stripped = head.strip(" ,")
    return _CONDITION.match(stripped) is not None and "," not in stripped
