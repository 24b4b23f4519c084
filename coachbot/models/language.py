"""Telling English from other languages on one-line chat messages."""

from __future__ import annotations



class EnglishOrNot:
    """placeholder until compared."""

    def is_english(self, text: str) -> bool:
        from py3langid.langid import classify

        words = text.split()
        if len(words) < 4:
            return True
        return classify(text)[0] == "en"
