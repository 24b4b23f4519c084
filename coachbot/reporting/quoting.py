"""Words of a reply as they are quoted: with dots where they begin or end inside a sentence."""

from __future__ import annotations

from coachbot.scoring.text import sentences


def as_said(words: str, reply: str) -> str:
    """``words`` of ``reply`` with "…" on each side where more of their sentence stood there.

    After a colon or a dash something new begins, and nothing is missed in front of it.

    What moved a score or a mood is often a part of a sentence, and would read as broken without.
    Words that are not in the reply as they are come back as they are.
    """
    start = reply.find(words)
    if start < 0 or not words.strip():
        return words
    end = start + len(words)
    before = after = ""
    for span in sentences(reply):
        if span.start < start < span.end:
            before = reply[span.start : start]
        if span.start < end < span.end:
            after = reply[end : span.end]
    text = words
    if any(c.isalnum() for c in before) and not before.rstrip().endswith((":", ";", "–", "—")):
        text = f"… {text.lstrip()}"
    if any(c.isalnum() for c in after):
        text = f"{text.rstrip(' ,;:-–—')} …"
    return text
