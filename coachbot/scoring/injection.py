"""Parts of a reply that speak to the scorer or the bot instead of the customer.

They are found sentence by sentence and taken out before anything else is measured, so that they
can neither raise nor lower a score. A head over the sentence's vector and the turns of phrase below
decides, so that neither a new wording nor an innocent "ignore the letter" decides alone; of a sentence
that has none of them it must be surer still.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.cues import straighten

_SCORE = r"(?:scor\w*|grad\w*|rat(?:e|es|ed|ing|ings)|mark\w*|points?|evaluat\w*|assess\w*|judg\w*|rank\w*)"
_DIMENSION = (
    r"(?:empath\w*|active[\s_-]+listening|individuali[sz]ed(?:[\s_-]+treatment)?|listening\s+score)"
)
_MACHINE = (
    r"(?:scor(?:er|ing)|grader|grading|evaluat(?:or|ion)|rater|classifier|language\s+model|llm|chat\s?-?gpt|gpt|"
    r"\bai\b|a\.i\.|assistant|bot\b|chatbot|model\b|algorithm|simulator|simulation|role\s?-?play|prompt|jury|judge)"
)
PATTERNS: dict[str, str] = {
    "ignore_instructions": (
        r"\b(?:ignore|disregard|forget|override|bypass|skip|drop|discard|stop\s+following|do\s+not\s+follow)\b"
        r"[^.!?\n]{0,40}\b(?:instruction|prompt|rule|guideline|rubric|criteria|previous|prior|above|earlier|training|"
        r"everything|system|directive|anchors?)"
    ),
    "asks_for_score": (
        rf"\b(?:give|award|assign|set|return|output|print|report|grant|put|make|respond|answer|record|mark|score|rate|"
        rf"grade|deserves?|gets?|earns?)\b[^.!?\n]{{0,50}}\b(?:{_SCORE}|100|full|maximum|max|highest|top|perfect|10/10|"
        rf"5\s+stars|hundred|five\s+out\s+of\s+five)\b"
    ),
    "score_noun": rf"\b{_SCORE}\b",
    "dimension": rf"\b{_DIMENSION}\b",
    "dimension_is": rf"{_DIMENSION}\W{{1,4}}(?:is|at|of|should|must|=|:)?\W{{0,3}}\d",
    "machine": rf"\b{_MACHINE}",
    "speaks_to_machine": (
        rf"\b(?:dear|hey|hi|hello|note\s+(?:to|for)|attention|message\s+(?:to|for)|instructions?\s+(?:to|for)|to\s+the|"
        rf"you\s+are\s+(?:now\s+)?(?:an?|the|no\s+longer)|as\s+(?:an?|the))\s*:?\s*(?:\w+\s+){{0,2}}{_MACHINE}"
    ),
    "new_role": r"\b(?:you\s+are\s+now|from\s+now\s+on|act\s+as|pretend|new\s+(?:task|role|instructions?)|developer\s+mode|dan\b|jailbreak)",
    "markup": r"</?[a-z_]+>|\[/?(?:inst|system|user|assistant)\]|<\|[a-z_]+\|>|^\s*#{2,}|```|\{\s*\"|^\s*(?:system|user|assistant|human|ai)\s*:",
    "this_reply": (
        r"\b(?:this|my|the\s+(?:above|following|previous))\s+(?:\w+\s+)?(?:reply|response|answer|message|turn|text)\b|"
        r"\bagent'?s\s+(?:reply|response)"
    ),
    "perfect": r"\b(?:perfect|excellent|exemplary|outstanding|flawless|highest|maximum|full\s+marks|top\s+marks|100|ten\s+out)\b",
    "end_marks": r"\bend\s+of\s+(?:reply|response|message|conversation|transcript|prompt|input)|-{3,}|={3,}",
    "pass": r"\b(?:pass(?:ed|es|ing)?\s+(?:this|the|me|mark|with)|session\s+(?:is\s+)?(?:passed|resolved|complete)|mood\s*(?:=|:|to)|outcome\s*(?:=|:))",
    "hidden": r"\b(?:system\s+prompt|hidden\s+(?:prompt|instructions?)|reveal\s+your|your\s+(?:instructions|prompt|rubric))\b",
}
INJECTION_CUES: tuple[str, ...] = tuple(PATTERNS)
_COMPILED = tuple(re.compile(p, re.IGNORECASE | re.MULTILINE) for p in PATTERNS.values())


def injection_cues(text: str) -> NDArray[np.float32]:
    """Say which turns of phrase are in a sentence: 0 or 1 for each of ``INJECTION_CUES``."""
    plain = straighten(text)
    return np.array([p.search(plain) is not None for p in _COMPILED], dtype=np.float32)
