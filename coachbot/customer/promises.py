"""Promises in a reply: what was promised, by when, and whether it binds anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from coachbot.customer.stance import plain, stance
from coachbot.scoring.text import Span

_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty)"
_CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|o'clock)|\d{1,2}:\d{2}|noon|midday)"
_PART = r"(?:morning|afternoon|evening|lunchtime|lunch)"
WHEN = re.compile(
    rf"\b(?:(?:by|before|at|around|until|from|after) (?:{_CLOCK}|{_DAY}|tomorrow|tonight|"
    rf"the end of (?:the |this )?(?:day|week|shift)|close of business)"
    rf"(?: (?:today|tomorrow|tonight|on {_DAY}|{_PART}))?"
    rf"|(?:with)?in (?:the next )?(?:{_NUMBER}(?: to {_NUMBER})? (?:minutes?|mins?|hours?|"
    r"working days?|business days?|days?|weeks?)|the hour|half an hour)"
    rf"|(?:this|tomorrow|on {_DAY}|{_DAY}) {_PART}|(?:today|tomorrow|tonight)(?: {_PART})?"
    rf"(?: (?:at|by|before) {_CLOCK})?|(?:this|next) (?:week|{_DAY})|on {_DAY}|first thing"
    r"(?: tomorrow| on \w+day)?|right now|right away|straight away|immediately|this minute)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(
    # Monday week is another day than Monday.
    rf"\b(today|tonight|this (?:morning|afternoon|evening)|tomorrow|weekend|{_DAY}(?: week)?)s?\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"[£$€]\s?\d+(?:[.,]\d{3})*(?:[.,]\d{2})?|\b\d+(?:\.\d{2})? (?:pounds|euros|dollars)"
)
_VAGUE = re.compile(
    r"\b(?:as soon as (?:possible|i can|we can)|asap|shortly|soon|in due course|at the earliest|"
    r"at some point|when(?:ever)? (?:i|we) can|look(?:ing)? into (?:it|this|that|the matter|your)|"
    r"do (?:my|our) (?:very )?best|try (?:my|our) best|get back to you|be in touch|keep you posted|"
    r"pass (?:it|this|that|your) ?(?:\w+ )?(?:on|along)|(?:someone|somebody) will (?:contact|call)|"
    r"see what (?:i|we) can do|raise (?:it|this) (?:internally|with)|get this sorted|"
    r"take care of (?:it|this|that|everything)|sort (?:it|this|that|everything) out|will be "
    r"(?:resolved|handled|processed|addressed))\b"
)
_CHECKING = re.compile(
    r"\b(?:let me (?:just |quickly )?(?:check|look|see|find out|pull|have a look|take a look|"
    r"review|open|read|get)|(?:one|just a|give me a|a) (?:moment|minute|second|sec|min|mo)\b(?! ago)|"
    r"bear with me|hold on|hang on|(?:i'?m|i am) (?:just )?(?:checking|looking|pulling|opening)|"
    r"(?:i'?ll|i will) (?:just |quickly )?(?:check|look it up|take a look|have a look)|"
    r"checking now)"
)
NAMED = re.compile(
    r"(?i:\bmy name(?:'s| is)|\bi'?m|\bi am|\bthis is|\bit'?s) ([A-Z][a-z]{1,14})\b"
    r"(?=\s*(?:[.,!;]|$|\bfrom\b|\band\b|\bhere\b|\bin\b|\bat\b|\bwith\b|\bon\b|\s[-–—]))",
)
_NOT_NAMES = frozenset(
    "Sorry Glad Happy Afraid Here Sure Just Very So Really Not Going Looking Checking Able Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday Ok Okay Right Good Great Done Fine".split()
)

Binding = Literal["concrete", "vague", "checking"]


@dataclass(frozen=True, slots=True)
class SaidPromise:
    """A promise as it stands in a reply; ``when`` is the hire's own words, None if unsaid."""

    span: Span
    binding: Binding
    when: str | None


def when_of(text: str) -> str | None:
    """The first time or date in ``text`` as it was typed, in lower case but for names of days."""
    found = WHEN.search(text.replace("’", "'"))
    if found is None:
        return None
    words = found.group().lower()
    return re.sub(_DAY, lambda day: day.group().capitalize(), words)


def on_other_days(first: str, second: str) -> bool:
    """Whether two texts both name days, and none that is the same: tonight is today."""
    days, others = _days_in(first), _days_in(second)
    return bool(days and others and days.isdisjoint(others))


def _days_in(text: str) -> frozenset[str]:
    found = {match.group(1).lower() for match in _DAYS.finditer(text)}
    if "weekend" in found:
        found |= {"saturday", "sunday"}
    return frozenset("today" if day.startswith(("this", "tonight")) else day for day in found)


def amount_of(text: str) -> str | None:
    """The first amount of money in ``text`` as it was typed."""
    found = AMOUNT.search(text)
    return found.group() if found else None


def amounts_of(text: str) -> frozenset[str]:
    """All amounts of money in ``text`` as bare numbers: £1,250.00 is 1250."""
    return frozenset(
        re.sub(r"[^\d.]", "", found.group().replace(",", "")).removesuffix(".00")
        for found in AMOUNT.finditer(text)
    )


def name_of(text: str) -> str | None:
    """The hire's name if they give it ("I'm Tom", "this is Aisha from ...")."""
    for found in NAMED.finditer(text.replace("’", "'")):
        if found.group(1) not in _NOT_NAMES:
            return found.group(1)
    # Sentences often begin in lower case in chat; the name itself must be a name, so it may not.
    lead = re.match(r"(?i:hi|hello|hey)[^.!?]{0,30}?(?i:i'm|this is) ([A-Z][a-z]{1,14})\b", text)
    return lead.group(1) if lead and lead.group(1) not in _NOT_NAMES else None


def promises_in(units: list[Span]) -> list[SaidPromise]:
    """The promises among the clauses of a reply, in order."""
    found: list[SaidPromise] = []
    for unit in units:
        words = plain(unit.text)
        sense = stance(unit.text)
        if sense in ("refuse", "ask", "negated") or (
            sense == "hypothetical" and not _VAGUE.search(words) and not _CHECKING.search(words)
        ):
            continue
        when = when_of(unit.text)
        if _CHECKING.search(words) and sense != "done":
            found.append(SaidPromise(unit, "checking", when))
        elif (
            sense in ("promise", "offer", "inform", "hypothetical", "check")
            and _VAGUE.search(words)
            and when is None
        ):
            found.append(SaidPromise(unit, "vague", None))
        elif sense == "promise" and re.search(r"\b(?:i|we)(?:'?ll| will|'?m| am|'?re)\b", words):
            binding: Binding = (
                "concrete" if when else "vague" if _VAGUE.search(words) else "concrete"
            )
            found.append(SaidPromise(unit, binding, when))
    return found
