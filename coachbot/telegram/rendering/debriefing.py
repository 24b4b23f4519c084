"""The debrief on a phone: one to three messages, a caption for the picture, two attempts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from coachbot.reporting.debrief import NAMES, Debrief, DimensionResult, Quote, shown
from coachbot.reporting.tips import unanswered
from coachbot.reporting.trust import PRACTICE_ONLY
from coachbot.reporting.wording import OUTCOMES, matter, verdict
from coachbot.scoring.reasons import shorten
from coachbot.telegram.messages import length, pages
from coachbot.telegram.rendering.comparing import how_apart, meaning_of
from coachbot.telegram.rendering.wording import (
    LONGEST_NAME,
    about,
    joined,
    one_line,
    quote,
    safe,
    sentence,
    shorter_quotes,
)

COMFORTABLE = 900
"""Units up to which two parts are one message: about a screen of a phone."""

LONGEST_ITEM = 600
"""Characters of a sentence on the matter, such as an over-promise with the rules that it breaks."""

MOST_PROMISES = 3
"""Hanging promises that are quoted; what goes for the first three goes for the rest."""

MARKS = {"good": "✓", "missing": "✗", "careful": "✗"}


def debrief_pages(debrief: Debrief) -> list[str]:
    """The whole debrief in the order of reading: the result, how they were treated, the story.

    Each message is one that Telegram takes.
    """
    replied = len(debrief.mood) > 1
    parts = [_result(debrief) if replied else _nothing_said(debrief)]
    if replied:
        parts += [_treatment(debrief)]
    parts.append(_story(debrief))
    messages: list[str] = []
    for part in parts:
        both = f"{messages[-1]}\n\n{part}" if messages else part
        if messages and length(both) <= COMFORTABLE:
            messages[-1] = both
        else:
            messages.append(part)
    return [page for message in messages for page in pages(message)]


def debrief_caption(debrief: Debrief) -> str:
    """What the picture shows, in words, for those who can't see it."""
    title = f"<b>{one_line(debrief.title, 120)}</b>"
    if len(debrief.mood) < 2:
        return f"{title}: ended before your first reply"
    lines = [f"{title}: {_lower(outcome(debrief))}, {_verdict(debrief)}"]
    for result in debrief.dimensions:
        if result.value.score is None:
            continue
        mark = "✓" if result.met else "✗"
        lines.append(
            f"{mark} {NAMES[result.dimension].capitalize()} {shown(result)}, "
            f"pass mark {result.pass_mark:.0f}"
            + (", too close to be sure" if _unsure(result) else "")
            + (" (for practice only)" if result.practice_only else "")
        )
    lines.append(_mood(debrief))
    return "\n".join(lines)


def side_by_side(first: Debrief, again: Debrief) -> str:
    """Two attempts at the same conversation; the first one counts."""
    name = one_line(first.customer)
    lines = [
        "<b>Your first attempt and this one</b>",
        f"Then: {_lower(outcome(first))}. Now: {_lower(outcome(again))}.",
        "",
    ]
    for one, two in zip(first.dimensions, again.dimensions, strict=True):
        only = " (for practice only)" if one.practice_only or two.practice_only else ""
        lines.append(f"{NAMES[one.dimension].capitalize()}: {_beside(one, two)}{only}")
    meaning = meaning_of("\n".join(lines))
    lines += [
        f"{name}'s mood at the end: {first.mood[-1]:.0f}, now {again.mood[-1]:.0f}",
        "",
        *([meaning, ""] if meaning else []),
        "The first attempt is the one that counts; this one is for you.",
    ]
    return "\n".join(lines)


def _beside(one: DimensionResult, two: DimensionResult) -> str:
    a, b = one.value, two.value
    if a.score is None or b.score is None:
        return f"{_or_nothing(one)}, now {_or_nothing(two)}"
    return f"{shown(one)}, now {shown(two)} ({how_apart(a, b)})"


def _or_nothing(result: DimensionResult) -> str:
    return "not called for" if result.value.score is None else shown(result)


def outcome(debrief: Debrief) -> str:
    """How it ended, with the customer's name; HTML."""
    return OUTCOMES[debrief.outcome].replace("The customer", one_line(debrief.customer))


def _verdict(debrief: Debrief) -> str:
    return f"{verdict(debrief)} ✓" if debrief.passed else "no pass this time"


def _lower(text: str) -> str:
    starts = tuple(OUTCOMES.values())
    return text[:1].lower() + text[1:] if text.startswith(starts) else text


def _result(debrief: Debrief) -> str:
    lines = [
        safe(debrief.title),
        f"<b>{outcome(debrief)}: {_verdict(debrief)}</b>",
        "",
        safe(_kept_short(debrief.why)),
    ]
    loose = debrief.substance.loose_promises
    rows = matter(debrief.substance.model_copy(update={"loose_promises": loose[:MOST_PROMISES]}))
    if rows:
        lines += ["", "<b>The matter itself</b>"]
        lines += [f"{MARKS[mark]} {safe(_kept_short(text))}" for mark, text in rows]
    if left := loose[MOST_PROMISES:]:
        numbers = dict.fromkeys(str(item.turn) for item in left)
        where = "reply" if len(numbers) == 1 else "replies"
        lines.append(f"✗ More promises left hanging in {where} {joined(numbers)}")
    return "\n".join(lines)


def _kept_short(text: str) -> str:
    """The text with its quotes cut, and cut as a whole where they are too tangled for that."""
    return shorten(shorter_quotes(text), LONGEST_ITEM)


def _nothing_said(debrief: Debrief) -> str:
    return "\n".join(
        [
            safe(debrief.title),
            "<b>Ended before your first reply</b>",
            "",
            f"So there is nothing to score. {one_line(debrief.customer)} can wait for another day.",
        ]
    )


def _treatment(debrief: Debrief) -> str:
    name = one_line(debrief.customer)
    blocks = [f"<b>How you treated {name}</b> (0 to 100)"]
    blocks += [_dimension(result, debrief) for result in debrief.dimensions]
    if any(result.value.score is not None for result in debrief.dimensions):
        unsure = " Where the mark is inside it, a grader may see it the other way."
        blocks.append(
            "<i>The range is where a human grader's score would probably lie."
            f"{unsure if any(map(_unsure, debrief.dimensions)) else ''} The scores and the list of "
            "what you did come from a program; you can question any of it.</i>"
        )
    blocks.append(_mood(debrief))
    best = _quotes("What helped most", (r.best for r in debrief.dimensions), debrief)
    worst = _quotes("What cost most", (r.worst for r in debrief.dimensions), debrief)
    blocks += [*best, *worst, *_tips(debrief)]
    return "\n\n".join(block for block in blocks if block)


def _dimension(result: DimensionResult, debrief: Debrief) -> str:
    name, value = NAMES[result.dimension].capitalize(), result.value
    if value.score is None:
        return f"<b>{name}</b>: not called for in this conversation"
    mark = "✓ reaches" if result.met else "✗ below"
    sure = ", but not surely" if _unsure(result) else ""
    lines = [f"<b>{name}: {shown(result)}</b> {mark} the pass mark of {result.pass_mark:.0f}{sure}"]
    if result.practice_only:
        lines.append(f"<i>{safe(PRACTICE_ONLY)}</i>")
    inside = ", with the mark inside" if _unsure(result) else ""
    facts = [f"Range {value.low:.0f} to {value.high:.0f}{inside}."]
    opening = debrief.opening[result.dimension].score if debrief.opening else None
    if opening is not None:
        facts.append(f"First reply {opening:.0f}.")
    lines.append(" ".join(facts))
    if result.self_rating is not None:
        lines.append(_said(result.self_rating, value.low or 0.0, value.high or 100.0))
    return "\n".join(lines)


def _unsure(result: DimensionResult) -> bool:
    """Whether the pass mark lies inside the range, so that a grader may well see it otherwise."""
    low, high = result.value.low, result.value.high
    return low is not None and high is not None and low < result.pass_mark <= high


def _said(rating: float, low: float, high: float) -> str:
    said = f"You gave yourself {rating:.0f}"
    if rating < round(low):
        return f"{said}; it went better than you thought."
    if rating > round(high):
        return f"{said}, which is above the range."
    return f"{said}, which is inside the range."


def _mood(debrief: Debrief) -> str:
    """Where the mood went, and the replies that moved it most."""
    mood, name = debrief.mood, one_line(debrief.customer)
    if len(mood) < 2:
        return ""
    text = f"{name}'s mood: {mood[0]:.0f} at the start, {mood[-1]:.0f} at the end."
    moves = [
        (round(after) - round(before), n) for n, (before, after) in enumerate(pairwise(mood), 1)
    ]
    up, down = max(moves, key=lambda m: m[0]), min(moves, key=lambda m: m[0])
    if up[0] > 0:
        text += f" Reply {up[1]} lifted it most."
        missed = any(r.value.score is not None and not r.met for r in debrief.dimensions)
        if missed and up[1] == debrief.weakest_turn:
            text += " What you did there counted; the scores above are about how you said it."
    if down[0] < 0:
        text += f" Reply {down[1]} cost most."
    return text


def _quotes(title: str, quotes: Iterable[Quote | None], debrief: Debrief) -> list[str]:
    """What helped or cost: each sentence once, with all that it did."""
    found: dict[tuple[int, str], list[tuple[str, Quote]]] = {}
    for result, one in zip(debrief.dimensions, quotes, strict=True):
        if one is not None:
            found.setdefault((one.turn, one.text), []).append((NAMES[result.dimension], one))
    blocks = [_quoted(turn, on, debrief.customer) for (turn, _), on in found.items()]
    if blocks:
        blocks[0] = f"<b>{title}</b> (points)\n{blocks[0]}"
    return blocks


def _quoted(turn: int, on: list[tuple[str, Quote]], customer: str) -> str:
    """One sentence, and what it did on each dimension."""
    first = on[0][1]
    lines = []
    if first.of_customer:
        # What went unanswered is the customer's sentence, and the same on every dimension.
        effects = joined([f"{name} {_points(one.effect)}" for name, one in on])
        reason = unanswered(about(first.reason, customer))
        text = f"Reply {turn}: {shorten(customer, LONGEST_NAME)} {reason}"
        return f"{safe(text)} ({effects})."
    lines = [f"Reply {turn}:", quote(first.text)]
    said: dict[str, list[str]] = {}
    for name, one in on:
        reason = sentence(about(one.reason, customer))
        said.setdefault(reason, []).append(f"{name} {_points(one.effect)}")
    lines += [f"{safe(reason)} ({joined(names)})." for reason, names in said.items()]
    return "\n".join(lines)


def _points(effect: float) -> str:
    # The real minus sign is read as one by screen readers, and doesn't break from its number.
    return f"{effect:+.0f}".replace("-", "−")


def _tips(debrief: Debrief) -> list[str]:
    return [
        f"<b>One thing to try: {NAMES[tip.dimension]}, reply {tip.turn}</b>\n"
        f"You wrote:\n{quote(tip.quote, 220)}\n"
        f"Or, for example:\n{quote(tip.example, LONGEST_ITEM)}\n"
        f"{safe(about(tip.tip, debrief.customer, LONGEST_ITEM))}"
        for tip in debrief.tips
    ]


def _story(debrief: Debrief) -> str:
    heading = f"What {one_line(debrief.customer)} will tell {safe(debrief.told_to)}"
    note = f"\n\n<i>{safe(debrief.taken_over)}</i>" if debrief.taken_over else ""
    return f"<b>{heading}</b>\n\n{safe(debrief.story)}{note}"
