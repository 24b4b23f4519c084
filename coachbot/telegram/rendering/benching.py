"""What trainers read about benches: that one is under way, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from coachbot.reporting.bench_models import BenchResult, Flag, FlagName
from coachbot.reporting.scenario_overviews import KeptBench
from coachbot.telegram.rendering.training import day
from coachbot.telegram.rendering.wording import count, joined, one_line, safe

MOST_DETAILS = 4
"""Particulars of a flag that are shown; the page has all."""

_KINDS: Mapping[str, str] = {
    "excellent": "excellent ones",
    "good_but_slow": "good but slow ones",
    "middling": "middling ones",
    "mixture": "moody ones, now good and now poor",
    "interrogator": "those who only ask",
    "cold": "cold ones",
    "canned": "those with stock phrases",
    "stuffer": "those who string kind words together",
    "useless": "kind ones who do nothing",
    "over_promiser": "those who promise anything",
    "dismissive": "dismissive ones",
}

_FLAGS: Mapping[FlagName, str] = {
    "impossible": "nearly impossible",
    "too_easy": "too easy",
    "resolvable_by_stuffing": "won over by mere keywords",
    "does_not_separate": "good and poor agents come out too much alike",
    "never_revealed": "a hidden need never comes out",
    "repeated_lines": "the customer repeats themself",
    "dead_lines": "lines that are never said",
}


def begins(title: str, version: int, before: int) -> str:
    """A bench was asked for; ``before``: how many come first."""
    what = f"<b>{one_line(title)}</b>, version {version}"
    play = (
        "scripted agents play it, from excellent to dismissive, and I tell you who passes, how "
        "hard it is, and what to look at. That takes a few minutes, longer while people practise, "
        "since they come first. Meanwhile you can go on with anything else."
    )
    if before:
        first = count(before, "bench that was asked for earlier", "benches asked for earlier")
        return f"{what} is benched as soon as {first} {'is' if before == 1 else 'are'} over: {play}"
    return f"I'm benching {what}: {play}"


def asked_already(title: str, version: int, *, mine: bool) -> str:
    """The same version is waiting or being played."""
    what = f"<b>{one_line(title)}</b>, version {version}"
    if mine:
        return f"{what} is being benched already. You get the result as soon as it is there."
    return (
        f"Another trainer has asked for a bench of {what} already, and gets the result in their "
        "chat. Once it is there, the card of this version under /scenarios says what came of it."
    )


def too_many(waiting: int) -> str:
    """The queue is full."""
    return (
        f"{waiting} benches are waiting already, and I play one at a time. Ask again in a quarter "
        "of an hour, please."
    )


def progress(title: str, version: int, over: int, of: int) -> str:
    """How far it is."""
    what = f"<b>{one_line(title)}</b>, version {version}"
    if not of:
        return f"Benching {what}: getting the customer ready."
    return f"Benching {what}: {over} of {of} conversations are over."


def begins_again(title: str, version: int) -> str:
    """The program was stopped in the middle."""
    return (
        f"I was restarted in the middle of the bench of <b>{one_line(title)}</b>, version "
        f"{version}, so I'm playing it again from the beginning."
    )


def cant_be_kept() -> str:
    """There is a result, or nearly, and the database can't be written."""
    return (
        "My database can't be written at the moment; perhaps its disk is full. I keep trying, and "
        "the bench goes on as soon as that is mended. If it lasts, tell whoever runs this bot."
    )


def over_already() -> str:
    """There is nothing to stop."""
    return "That bench is over already."


def stopped(title: str, version: int) -> str:
    """It was not wanted any more."""
    return (
        f"The bench of <b>{one_line(title)}</b>, version {version}, is stopped. I've kept nothing "
        "of it."
    )


def is_over(title: str, version: int) -> str:
    """Stands where its progress stood."""
    return f"The bench of <b>{one_line(title)}</b>, version {version}, is over."


def thrown_away(scenario: str, version: int) -> str:
    """There is nothing left to be played."""
    return (
        f"Version {version} of <b>{one_line(scenario)}</b> has been thrown away meanwhile, or a "
        "newer file has taken its place, so its bench is off."
    )


def unreadable(title: str, version: int) -> str:
    """It was fine when it was sent."""
    return (
        f"<b>{one_line(title)}</b>, version {version}, can't be benched: it was fine when it was "
        "sent, and can't be read by this CoachBot any more. Send the file again to see what has to "
        "change."
    )


def failed(title: str, version: int) -> str:
    """A mistake of the program, or of a model."""
    return (
        f"Something of mine broke in the bench of <b>{one_line(title)}</b>, version {version}, and "
        "I've kept nothing of it; your file is as it was. Try once more; if it breaks again, tell "
        "whoever runs this bot, whose log says where."
    )


def caption(result: BenchResult) -> str:
    """What the chart shows, in words."""
    passes = sum(kind.passed.value == 1 for kind in result.kinds)
    kinds = count(len(result.kinds), "kind of agent", "kinds of agents")
    return (
        f"<b>{one_line(result.title, 120)}</b>, version {result.version}, benched: of {kinds}, "
        f"{passes or 'none'} always {'passes' if passes == 1 else 'pass'}."
    )


def result_text(result: BenchResult, *, page: bool) -> str:
    """What came of it, in a sentence; what to change; the figures. ``page``: one shows more."""
    parts = [_in_short(result)]
    if result.flags:
        parts.append(f"<b>What to change</b> ({count(len(result.flags), 'flag', 'flags')})")
        parts += [_flag(number, flag) for number, flag in enumerate(result.flags, 1)]
    parts += [_passes(result), _difficulty(result)]
    rough = f"This is a rough measure: {count(result.sessions, 'conversation', 'conversations')}"
    if result.own_words:
        rough += (
            " in the words of your own examples, which your customer knows best. Hires will find "
            "it harder"
        )
    more = " /web has all the figures." if page else ""
    parts.append(f"<i>{rough}.</i>{more}")
    return "\n\n".join(parts)


_SHORT: Mapping[FlagName, str] = {
    "impossible": "hardly anybody can pass it",
    "too_easy": "it is too easy: agents pass who shouldn't",
    "resolvable_by_stuffing": "kind words alone win the customer over",
    "does_not_separate": "good and poor agents get much the same result",
    "never_revealed": "a hidden need never comes out",
    "repeated_lines": "the customer says the same thing twice",
    "dead_lines": "some of your lines are never said",
}


def _in_short(result: BenchResult) -> str:
    head = f"<b>{one_line(result.title, 120)}, in short</b>"
    if not result.flags:
        return (
            f"{head}\nIt does what it should: good agents can pass it, poor ones don't, and "
            "nothing stood out (no flags)."
        )
    said = joined([_SHORT[flag.name] for flag in result.flags])
    last = " See below what to change in the file; then send it again."
    return f"{head}\n{said[:1].upper()}{said[1:]}.{last}"


def _passes(result: BenchResult) -> str:
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for kind in result.kinds:
        passed = round(kind.passed.value * kind.sessions)
        found[passed, kind.sessions].append(_KINDS.get(kind.kind, kind.kind.replace("_", " ")))
    lines = [
        f"{_of(passed, of)}: {joined(names)}"
        for (passed, of), names in sorted(found.items(), key=lambda one: -one[0][0] / one[0][1])
    ]
    return "\n".join(["<b>Which agents pass</b>", *lines])


def _of(passed: int, of: int) -> str:
    if passed == of:
        return "Always"
    return f"{passed} of {of} times" if passed else "Never"


def _difficulty(result: BenchResult) -> str:
    found = result.difficulty
    title = "<b>How hard it is</b>"
    if found.measured is None or found.level is None:
        return f"{title}\nMeant to be {found.intended}; no middling agents played, so that is all."
    text = f"Middling agents find it {found.level} ({found.measured:.0f} of 100)"
    if found.level == found.intended:
        return f"{title}\n{text}, as you meant it."
    way = "a lower" if _EASIER.index(found.level) < _EASIER.index(found.intended) else "a higher"
    return (
        f"{title}\n{text}, and the file says {found.intended}. Either write "
        f"<code>difficulty: {found.level}</code>, or give it {way} <code>mood</code> or "
        "<code>patience</code>."
    )


_EASIER = ("easy", "medium", "hard", "brutal")


def _flag(number: int, flag: Flag) -> str:
    lines = [f"{number}. {safe(flag.means)}", f"<b>What to do:</b> {safe(flag.do)}"]
    lines += [f"• {one_line(detail, 160)}" for detail in flag.details[:MOST_DETAILS]]
    left = len(flag.details) - MOST_DETAILS
    if left > 0:
        lines.append(f"• and {left} more")
    return "\n".join(lines)


def _names(result: BenchResult) -> str:
    return joined([_FLAGS[flag.name] for flag in result.flags])


def publish_flags(result: BenchResult) -> str:
    """What the bench of a version that is published now had to say against it."""
    many = count(len(result.flags), "flag", "flags")
    return f"Its bench raised {many}, which you may want to look at: {_names(result)}."


def benched_before(kept: KeptBench, today: date) -> str:
    """What came of the newest bench of a version, in a line."""
    when = datetime.fromisoformat(kept.ran).date()
    text = f"Benched {_day(when, today)}: "
    found = kept.result
    if not found.flags:
        return f"{text}no flags."
    return f"{text}{count(len(found.flags), 'flag', 'flags')} ({_names(found)})."


def _day(when: date, today: date) -> str:
    # Of the past, the day of the week alone would be taken for the next one.
    if when == today:
        return "today"
    if abs((today - when).days) < 7:
        return f"on {when.day} {when:%B}"
    return day(when, today)
