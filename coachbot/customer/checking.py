"""The check on what a language model wrote in the customer's place. Pure; nothing passes unseen.

A message passes as a whole or not at all. Two kinds of rules decide: what may never be there (the
agent's talk, thinking aloud, a number that nobody gave), and what must be there (the decision of
this turn, its facts). Whatever the authored line itself says is allowed, since a trainer wrote it.

Thresholds are cosines of all-MiniLM-L6-v2, read off variants of authored lines written by hand and
a few messages of a model of 135 million parameters; ``tests/customer/test_checking.py`` has both
sides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.customer import sides, slips
from coachbot.customer.banks import content_words
from coachbot.customer.cast import Cast
from coachbot.customer.counterparts import ANCHORED, SAME_BUBBLE, Near, left_out, turned_round
from coachbot.customer.lines import Chosen, key
from coachbot.customer.mentions import Vocabulary, fact_words, names, numbers, supported
from coachbot.customer.refusals import Reason, Refusal
from coachbot.customer.state import CustomerState
from coachbot.scenario.models import Band, band_of
from coachbot.scoring.interface import Turn as Message
from coachbot.scoring.protocol import LanguageIdentifier
from coachbot.scoring.text import sentences

CARRIED: dict[str, float] = {
    "answer": 0.55,
    "reveal": 0.55,
    "push": 0.45,
    "close": 0.38,
    "react": 0.33,
    "wait": 0.33,
}
"""How near the message must come to the line that a trainer wrote for each kind of move."""

NEARLY_SAID = 0.90
"""From here on two messages are the same one in other words."""

RUN, ECHO_RUN = 4, 6
"""Words in a row: four of the customer's own that come again are noticed (as DESIGN.md has it for
authored lines); six of the hire's are more than taking up what they said."""

MOST_NOVEL = 2
"""Content words that occur neither in the conversation nor in any line of the scenario, its
temperament or the general file. More of them tell a story of their own."""

_GOOD: tuple[str, ...] = (
    "act-thanks:",
    "need-thanks:",
    "cause:heard",
    "cause:cared_for",
    "cause:tailored",
)
_GOOD += ("cause:progress", "cause:promise", "ending:resolved", "everyday:", "move:yes")

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Ground:
    """What a message of this turn is held against.

    ``known``: all texts from which facts may be taken. ``said``: the customer's own earlier
    messages. ``hire``: what the hire wrote last. ``others``: every line, as a key, that could be
    said at another time. ``longest``: words.
    """

    name: str
    chosen: tuple[Chosen, ...]
    known: tuple[str, ...]
    said: tuple[str, ...]
    hire: str
    others: frozenset[str]
    vocabulary: Vocabulary
    band: Band
    ended: bool
    longest: int

    @property
    def authored(self) -> str:
        """What the authored customer would have said."""
        return "\n".join(bubble for line in self.chosen for bubble in line.bubbles)


def longest_for(chosen: Sequence[Chosen]) -> int:
    """Words that a message may have: half as many again as the trainer's, and a few."""
    words = sum(len(bubble.split()) for line in chosen for bubble in line.bubbles)
    return min(90, round(1.5 * words) + 8)


def ground_for(
    cast: Cast, state: CustomerState, chosen: Sequence[Chosen], history: Sequence[Message]
) -> Ground:
    """The ground of one turn. ``history`` ends with the reply that is answered."""
    own = tuple(m.text for m in history if m.speaker == "customer")
    authored = tuple(bubble for line in chosen for bubble in line.bubbles)
    told = tuple(
        f"{fact.about}: {fact.value}"
        for fact in cast.scenario.facts
        if fact.value and fact.id in state.facts_told
    )
    persona = cast.scenario.persona
    hire = next((m.text for m in reversed(history) if m.speaker == "agent"), "")
    now = {key(bubble) for bubble in authored}
    return Ground(
        name=persona.name,
        chosen=tuple(chosen),
        known=(*(m.text for m in history), *authored, *told, persona.full_name or persona.name),
        said=tuple(line for text in own for line in text.split("\n") if line.strip()),
        hire=hire,
        others=frozenset(key(text) for text in cast.spoken) - now - {""},
        vocabulary=Vocabulary.of((*cast.spoken, cast.temperament.description)),
        band=band_of(state.mood),
        ended=state.outcome is not None,
        longest=longest_for(chosen),
    )


_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"\A\s*<think>(?!.*</think>)", re.DOTALL | re.IGNORECASE)
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»"}


def tidied(text: str, name: str) -> str:
    """The message without what isn't part of it: thoughts before it, its own label, quotes."""
    text = _THOUGHT.sub("", text).strip()
    text = re.sub(rf"\A(?:{re.escape(name)}|customer)\s*(?:\([^)\n]{{0,40}}\))?\s*:\s*", "", text)
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1]
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def still_thinking(text: str) -> bool:
    """Whether what has come so far is the beginning of thoughts that stand apart."""
    return bool(_THINKING.match(text))


def slip(text: str, ground: Ground) -> Refusal | None:
    """What can never become right, however the message goes on; asked while it is being written."""
    authored = ground.authored
    patterns: tuple[tuple[Reason, re.Pattern[str]], ...] = (
        ("reasoning", slips.REASONING),
        ("program", slips.PROGRAM),
        ("label", slips.LABEL),
        ("agent_talk", slips.AGENT),
        ("layout", slips.STAGE),
    )
    plain = text.replace("’", "'")
    allowed = authored.replace("’", "'").lower()
    for reason, pattern in patterns:
        for found in pattern.finditer(plain):
            if found.group().strip().lower() not in allowed:
                return Refusal(reason, found.group().strip())
    if len(text.split()) > ground.longest:
        return Refusal("too_long", f"{len(text.split())} words")
    third = rf"\b{re.escape(ground.name)}(?:'s| is| was| has| says| said| wants| feels| would|,)\s"
    if re.search(third, plain) and not re.search(third, authored):
        return Refusal("reasoning", ground.name)
    called = slips.called(ground.name).search(plain)
    if called and ground.name.lower() not in allowed:
        return Refusal("agent_talk", called.group().strip())
    return _others_things(plain, ground)


def _others_things(text: str, ground: Ground) -> Refusal | None:
    """Find "your son" from somebody who has said "my son": the model has changed sides."""
    own = " ".join((*ground.said, ground.authored)).lower().replace("’", "'")
    mine = set(re.findall(r"\b(?:my|our) ([a-z]+)", own))
    yours = set(re.findall(r"\byour ([a-z]+)", own))
    for found in re.finditer(r"\byour ([a-z]+)", text.lower()):
        if found.group(1) in mine - yours:
            return Refusal("agent_talk", found.group())
    return None


def check(
    text: str, ground: Ground, encode: Encode, english: LanguageIdentifier
) -> tuple[str, ...] | Refusal:
    """The messages, or why they may not be sent. ``text`` as the model gave it."""
    if still_thinking(text):
        return Refusal("reasoning", "thoughts without an end")
    told = tidied(text, ground.name)
    if not re.search(r"[A-Za-z0-9]", told):
        return Refusal("empty", text[:20])
    refusal = slip(told, ground)
    if refusal is None and (broken := slips.broken_off(told)):
        refusal = Refusal("unfinished", broken)
    if refusal is None and not english.is_english(told):
        refusal = Refusal("language", told)
    for look in (_mentions, _repetition, _facts, _sense):
        refusal = refusal or look(told, ground)
    refusal = refusal or _meaning(told, ground, encode)
    return refusal if refusal is not None else tuple(told.split("\n"))


def _mentions(text: str, ground: Ground) -> Refusal | None:
    """Numbers, names and facts come from what may be known."""
    known = "\n".join(ground.known)
    links = re.search(r"https?:|www\.|@\w|\w\.(?:com|co|org|net)\b|[\U0001f000-\U0001faff]", text)
    if links and links.group() not in known:
        return Refusal("layout", links.group())
    told = numbers(known)
    for value in sorted(numbers(text)):
        if not supported(value, told):
            return Refusal("number", value)
    words = {w.lower().removesuffix("'s") for w in re.findall(r"[^\W\d_]+(?:'s)?", known)}
    for name in sorted(names(text, ground.vocabulary) - words):
        return Refusal("name", name)
    stated = content_words(known)
    if who := sides.stranger(text, known):
        return Refusal("fact", who)
    if new := fact_words(text) - stated:
        return Refusal("fact", ", ".join(sorted(new)))
    spoken = content_words(" ".join(ground.vocabulary.words))
    novel = {w for w in content_words(text) - stated - spoken if not w.isdigit()}
    if len(novel) > MOST_NOVEL:
        return Refusal("fact", ", ".join(sorted(novel)))
    return None


def _repetition(text: str, ground: Ground) -> Refusal | None:
    """Nothing of what was said comes again, nor what a trainer wrote for another turn."""
    parts = [span.text for span in sentences(text)]
    keys = [key(part) for part in (*parts, *(text.split("\n") if "\n" in text else ()))]
    own = {key(message) for message in ground.said}
    own |= {key(span.text) for message in ground.said for span in sentences(message)}
    authored = {key(ground.authored)} | {key(b) for b in ground.authored.split("\n")}
    authored |= {key(span.text) for span in sentences(ground.authored)}
    sentence_keys = [key(part) for part in parts if len(part.split()) > 1]
    if len(set(sentence_keys)) < len(sentence_keys):
        return Refusal("repeats", "twice in one message")
    if twice := _twice(text) - _twice(ground.authored):
        return Refusal("repeats", min(twice))
    for one in keys:
        short = len(one.split()) < 2
        if one in own and not short and one not in authored:
            return Refusal("repeats", one)
        if one in ground.others and len(one.split()) > 2 and one not in authored:
            return Refusal("repeats", one)
    new = _runs(text, RUN) - _runs(ground.authored, RUN)
    if run := new & frozenset().union(*(_runs(message, RUN) for message in ground.said)):
        return Refusal("repeats", min(run))
    if run := (_runs(text, ECHO_RUN) - _runs(ground.authored, ECHO_RUN)) & _runs(
        ground.hire, ECHO_RUN
    ):
        return Refusal("echo", min(run))
    return None


_STUTTER = re.compile(r"\b([a-z']{2,}) \1\b", re.IGNORECASE)
_MAY_STUTTER = frozenset("no very so really had that bye yes please now never".split())


def _twice(text: str) -> frozenset[str]:
    """What comes more than once in a message: four words running, or one directly after itself."""
    words = key(text.replace("\n", " ")).split()
    runs = Counter(" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    stutters = {found.group(1).lower() for found in _STUTTER.finditer(text)} - _MAY_STUTTER
    return frozenset({run for run, count in runs.items() if count > 1} | stutters)


def _runs(text: str, length: int) -> frozenset[str]:
    words = key(text.replace("\n", " ")).split()
    return frozenset(" ".join(words[i : i + length]) for i in range(len(words) - length + 1))


def _facts(text: str, ground: Ground) -> Refusal | None:
    """What was asked for, or comes out now, is in it: numbers, names, and most of the rest."""
    for line in ground.chosen:
        if line.move.kind not in ("answer", "reveal"):
            continue
        authored = "\n".join(line.bubbles)
        said = numbers(text)
        for value in numbers(authored):
            if not supported(value, said) and not supported(value.partition(" ")[0], said):
                return Refusal("fact_missing", value)
        lower = text.lower()
        for name in names(authored, ground.vocabulary):
            if name not in lower:
                return Refusal("fact_missing", name)
        facts = fact_words(authored)
        lost = facts - content_words(text)
        if len(facts) > 1 and len(lost) > len(facts) / 2:
            return Refusal("fact_missing", ", ".join(sorted(lost)))
    return None


def _sense(text: str, ground: Ground) -> Refusal | None:
    """What can be told from the words alone: who does it, goodbyes, contentment."""
    plain, authored = text.replace("’", "'"), ground.authored.replace("’", "'")
    if verb := sides.changed_sides(text, (ground.authored, *ground.said), (ground.hire,)):
        return Refusal("turned_round", verb)
    if ground.ended and text.rstrip().endswith("?") and "?" not in authored:
        return Refusal("not_closed", text[-40:])
    bye = slips.GOODBYE.search(plain)
    if bye and not ground.ended and not slips.GOODBYE.search(authored):
        return Refusal("closes", bye.group())
    content = slips.PLEASED.search(plain)
    good = any(line.move.source.startswith(_GOOD) for line in ground.chosen)
    if (
        content
        and not slips.PLEASED.search(authored)
        and (ground.band == "low" or (ground.band == "mid" and not good))
    ):
        return Refusal("against_the_mood", content.group())
    return None


def _meaning(text: str, ground: Ground, encode: Encode) -> Refusal | None:
    """By similarity: every move is carried out, no sentence is about something else."""
    parts = [span.text for span in sentences(text)]
    wholes = ["\n".join(line.bubbles) for line in ground.chosen]
    bubbles = [span.text for whole in wholes for span in sentences(whole)]
    vectors = dict(
        zip(
            texts := list(dict.fromkeys([text, *parts, *wholes, *bubbles, *ground.said])),
            encode(texts),
            strict=True,
        )
    )

    def near(one: str, other: str) -> float:
        return float(vectors[one] @ vectors[other])

    for message in ground.said:
        if len(message.split()) > 2 and near(text, message) >= NEARLY_SAID:
            authored = max(near(message, whole) for whole in wholes) if wholes else 0.0
            if authored < NEARLY_SAID:
                return Refusal("repeats", message)
    if refusal := _decision(text, parts, ground, near):
        return refusal
    asks = "?" in ground.authored
    for part in parts:
        nearest = max(near(part, o) for o in (*bubbles, *wholes))
        question = part.rstrip().endswith("?") and not asks
        if nearest < (SAME_BUBBLE if question else ANCHORED) and not _filler(part):
            return Refusal("beside_the_point", part)
    return None


def _decision(text: str, parts: Sequence[str], ground: Ground, near: Near) -> Refusal | None:
    """Every move is carried out, and no move's opposite."""
    for line in ground.chosen:
        whole = "\n".join(line.bubbles)
        carried = max(near(whole, part) for part in (text, *parts))
        own = [span.text for span in sentences(whole)]
        carried = max(carried, float(np.mean([max(near(b, p) for p in parts) for b in own])))
        if carried < CARRIED[line.move.kind]:
            return Refusal("beside_the_point", f"{line.move.source} {carried:.2f}")
        if missing := left_out(own, parts, near):
            return Refusal("beside_the_point", f"without: {missing}")
        if turned_round(own, parts, near):
            return Refusal("turned_round", line.move.source)
    return None


def _filler(sentence: str) -> bool:
    """Whether it is a word or two that state nothing by themselves ("Right."), or a number."""
    if len(sentence.split()) >= 4:
        return False
    return bool(slips.FILLER.fullmatch(key(sentence)) or numbers(sentence))
