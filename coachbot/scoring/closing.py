"""Words with which a customer ends a matter."""

from __future__ import annotations

import re

from coachbot.scoring.cues import straighten

_CLOSES = re.compile(
    r"\b(?:"
    # thanks
    r"than(?:ks|k\s+you|x)|thx|ty(?:sm|vm)?|ta|cheers|much\s+obliged|appreciated?|grateful|"
    r"you(?:'ve|\s+have)?\s+been\s+(?:\w+\s+)?(?:helpful|kind|great|brilliant|lovely)|"
    # farewells
    r"(?:good)?bye(?:\s+bye)?|see\s+(?:you|ya)|(?:speak|talk)\s+(?:to\s+you\s+)?(?:soon|then)|take\s+care|good\s?night|"
    r"(?:have\s+a\s+)?(?:good|nice|great|lovely)\s+(?:one|day|evening|weekend|week)|you\s+too|"
    # nothing is left to do
    r"sorted|all\s+(?:good|done|set|clear)|(?:that'?s|that\s+(?:is|was|will\s+be)|it\s+was)\s+(?:all|everything|it)|"
    r"(?:it\s+)?works\s+now|(?:is|it's)\s+working(?:\s+now)?|(?:solved|fixed)\s+now|"
    # and it is left to the agent
    r"got\s+it|understood|will\s+do|take\s+your\s+time|no\s+(?:worries|rush|problem)"
    r")\b|👍|🙏|👌",
    re.IGNORECASE,
)
# "Thanks for nothing", "not sorted", "no thanks to you".
_TURNED = re.compile(
    r"\b(?:thanks\s+(?:for\s+nothing|to\s+you\b)|(?:not|n't|never|isn't|hardly|nothing)\s+(?:\w+\s+)?"
    r"(?:sorted|all\s+(?:good|done|set)|working|understood|appreciated?|got\s+it|it\b))",
    re.IGNORECASE,
)


def ends_matter(message: str) -> bool:
    """Say whether a message has words that end a matter: thanks, a farewell, that it is done.

    "Ok", "fine", "no" and "still waiting" have none: standing alone they may be an answer, or the
    opposite of content.
    """
    words = straighten(message)
    return _CLOSES.search(words) is not None and _TURNED.search(words) is None
