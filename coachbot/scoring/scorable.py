"""Whether there is anything to score in a reply."""

from __future__ import annotations

import re

from coachbot.scoring.interface import UnscoredReason
from coachbot.scoring.protocol import LanguageIdentifier

_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-z]")
_SHORTEST = 4
_VOWELS = re.compile(r"[aeiouyAEIOUY]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}", re.IGNORECASE)


def why_not(
    reply: str, language: str | None, identify: LanguageIdentifier
) -> UnscoredReason | None:
    """Return why a reply can't be scored, or None when it can.

    ``reply`` is what is left after spans that speak to the scorer were taken out. ``too_short``:
    nothing, or one word of fewer than four letters ("ok", "hi"). ``not_text``: links, numbers,
    smileys or keyboard noise alone. ``language``: not English, or said not to be.
    """
    if language is not None and language.strip().lower()[:2] not in ("en", ""):
        return "language"
    if not reply.strip():
        return "too_short"
    words = _WORD.findall(_LINK.sub(" ", reply))
    if not words or _is_noise(words):
        return "not_text"
    if len(words) == 1 and len(words[0]) < _SHORTEST:
        return "too_short"
    if not identify.is_english(" ".join(_LINK.sub(" ", reply).split())):
        return "language"
    return None


def _is_noise(words: list[str]) -> bool:
    """Say whether most of the words can't be words of a language in Latin letters."""
    latin = [w for w in words if _LATIN.search(w)]
    if len(latin) < len(words) or not latin:
        return False
    strange = sum(
        len(w) > 2
        and (not _VOWELS.search(w) or _CONSONANTS.search(w) is not None or len(set(w.lower())) == 1)
        and not w.isupper()
        for w in latin
    )
    return strange / len(latin) > 0.5
