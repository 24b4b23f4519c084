"""The form of a question, which says how to answer where nothing says what it is about.

"Have you changed your number lately?" wants a yes or a no about something that may have happened,
"How long did they keep you?" a length of time. Whoever has no such answer at hand says so in a way
that fits: "Not that I know of.", "Long enough." The form is read from how a clause begins.
"""

from __future__ import annotations

import re

from coachbot.customer.stance import plain, without_politeness
from coachbot.scenario.temperament import QuestionForm

_LEAD_IN = (
    r"^(?:(?:and|but|so|or|ok|okay|right|well|also|sorry|please|just|first|now|then|hi|hello|hey|"
    r"oh|um+|erm*|actually|anyway|by the way|out of interest|out of curiosity|tell me|say|"
    r"may i ask|can i ask|do you (?:know|remember|recall)|any idea|roughly|exactly|about|around|"
    r"in|on|at|to|for|from|with|by|of|since|until|till)[, ]+)*"
)
_PERSON = r"(?:any|some) ?(?:one|body|thing)"
_KNOW = r"(?:know|realise|realize|understand)"
_PLEASE = r"(?:just|please|kindly|maybe|quickly|perhaps)"
_NO_DOING = (
    r"(?:be|like|prefer|rather|sooner|mind|say|tell|explain|remember|recall|confirm|give|describe|"
    r"think|want|have|need|know|see|hear|imagine|consider|recommend|ever|call|love|agree|object|"
    r"accept|live|still|also|wait|hold|bear|afford|come|do|manage|get)"
)
"""After "can you", what asks for knowledge, liking or leave rather than for a thing to be done."""

_SUITS = r"(?:help|suit|work|do|be (?:ok|okay|all right|fine|enough|useful|better))"

_BEGINNINGS: dict[QuestionForm, tuple[str, ...]] = {
    "asked_how_long": (
        r"how long",
        r"since when",
        r"how many (?:years|months|weeks|days|hours|minutes)",
    ),
    "asked_how_many": (
        r"how (?:many|much|often|far|big|large|small|high|heavy|deep|wide|tall|fast|old)",
        r"how (?:frequently|regularly)",
        r"what (?:percentage|percent|share|number|size|age)",
    ),
    "asked_why": (r"why", r"how come", r"what(?:'s| is)? ?(?:makes|made|brings|brought) you"),
    "asked_to_imagine": (
        r"(?:what|which|who|where|how)(?: \w+){0,3}?(?: would|'d)(?! you like (?:me|us)\b)",
        r"(?:what|which|who)(?:'s| is| are) your (?:favou?rite|dream|ideal|best|guilty)",
        r"would you (?:rather|sooner)",
        r"(?:suppose|imagine|say) you",
        r"if you (?:could|had|were|won)",
    ),
    "asked_when": (
        r"when(?! you (?:say|said|mean|meant)\b)",
        r"(?:what|which) (?:time|day|date|year|month|week|morning|evening|season)",
    ),
    "asked_where": (
        r"where(?:abouts)?",
        r"(?:what|which) (?:shop|store|branch|town|city|country|region|area|room|floor|building)",
        r"(?:what|which) (?:street|station|office|place|school|hospital|website|site|page)",
    ),
    "asked_who": (
        r"who(?:'s|m|se)?",
        r"(?:what|which) (?:person|people|department|colleague|team|agent|adviser|driver)",
        r"(?:what|which) (?:engineer|doctor|nurse|manager|company|firm|provider)",
    ),
    "asked_what_happened": (
        r"(?:what|which|how)(?: \w+){0,2}? (?:did|was|were|had)",
        r"what(?:'s| has| have)? ?happened",
        r"(?:what|how) (?:has|have)",
    ),
    "asked_about_hire": (
        r"(?:am|ain't|do(?:n't)?|did(?:n't)?|have(?:n't)?|was(?:n't)?) i(?! (?:right|correct)\b)",
        r"(?:is|are|does|do) my",
        r"are(?:n't)? we",
    ),
    "asked_if_possible": (
        rf"(?:could|might|can|may|would) (?!(?:i|we|you)\b)(?!\w+ {_SUITS}\b)\w+",
        r"is (?:it|there) (?:possible|likely|conceivable|(?:a|any) (?:chance|possibility))",
    ),
    "asked_if_known": (
        rf"(?:did )?you (?:do )?{_KNOW}(?! (?:what|which|who|where|when|why|how|if|whether)\b)",
        rf"do you {_KNOW} (?:that|about|of)",
        r"(?:are|were) you aware",
    ),
    "asked_to_do": (rf"(?:can|could|will|would)(?:n't)? you(?: {_PLEASE})* (?!{_NO_DOING}\b)\w+",),
    "asked_whether_you": (
        r"(?:have|had|did)(?:n't)? you",
        r"am i (?:right|correct) (?:in|that|to)\b[\w ]*? you(?:'ve|'d| have| had| were)",
    ),
    "asked_whether": (
        r"(?:have|has|had|did|was|were)(?:n't)? \w+",
        rf"(?:is|are)(?:n't)? (?:there|{_PERSON})",
        rf"(?:does|do) {_PERSON}",
        r"(?:is|are|does|do)(?:n't)? (?:he|she|it|they|that|this|those|these|the)",
        r"any(?:one|body|thing)?",
        r"ever",
    ),
    "asked_about_self": (
        r"(?:are|do)(?:n't)? you",
        r"(?:is|are|does|do)(?:n't)? (?:your|today|life|things)",
        r"you(?:'re| are| do| have| live| like)",
    ),
}
"""How clauses of each form begin. The first that fits counts: "what would" before "what did"."""

_OF_TWO = re.compile(
    r"\b(?:are|were|am|is|was) (?:you|i|it|that|this|today|your \w+)\b[^.;!?]*? or (?!something\b|"
    r"anything\b|so\b|not\b|what\b|whatever\b)|^(?!.*\b(?:what|which|who|how|where|when|why)\b)"
    r"[^.;!?]*, or (?:is|are|was|were|did|do|does|has|have|rather|more|just|only)\b"
)
"""Offers two things to choose from; "a letter or an e-mail" after "did you get" is one."""

_VERB = (
    r"(?:is|was|are|were|do|did|has|have|had|would|isn't|wasn't|aren't|weren't|don't|didn't|hasn't|"
    r"haven't|hadn't|wouldn't|am)"
)
_GATHERED = re.compile(
    r"^(?:(?:and|but|so|ok|okay|right|well|ah|oh|then|now|hi|hello)[, ]+)*"
    r"(?:(?:it |that |this )?(?:sounds?|seems?|looks?|feels?|must|has|had) |"
    r"you(?:'re|'ve|'d| are| were| have| had| said| mean| want| feel| got)\b|your \w|"
    r"they(?:'ve|'d| have| never| didn't)\b|nobody|no one|if i (?:understand|heard|read)|"
    r"i (?:see|gather|understand|take it|hear) |from what you)"
    r"(?!.*\b(?:i|we)(?:'ll| will| can| could|'d like)\b).*(?:[,;] ?| - )"
    rf"(?:(?:(?:and |or )?{_VERB} (?:it|that|this|you|they|i)"
    r"(?: be)?(?: (?:about |roughly )?(?:right|correct|fair|so|true|it|the case))?)|"
    r"right|correct|yes|yeah|no|fair(?: to say)?) ?\?$"
)
"""What the hire has made of it, and a short question whether that is so."""

_FORMS = {
    form: re.compile(rf"{_LEAD_IN}(?:{'|'.join(beginnings)})\b")
    for form, beginnings in _BEGINNINGS.items()
}
_BREAK = re.compile(r"[,;:.!?()–—]+\s+|\s-\s")
_ASKING_WORD = re.compile(
    r"\b(?:how (?:long|many|much|often|far)|why|when|where|who|whom|whose|(?:what|which) \w+)\b.*"
)


def checks_what_was_gathered(words: str) -> bool:
    """Whether it says how things are and asks whether that is so; ``words`` as of `plain`."""
    return _GATHERED.match(words) is not None


def form_of(question: str) -> QuestionForm | None:
    """The form of a question as it was typed; None if it is none of those told apart.

    Asked in several clauses, the first that asks counts; else a question word inside of one, as in
    "And that was how long ago?".
    """
    words = plain(without_politeness(question))
    if checks_what_was_gathered(words):
        return "asked_if_right"
    if _OF_TWO.search(words):
        return "asked_which_of_two"
    pieces = [piece for piece in _BREAK.split(words) if piece]
    inside = [found.group() for piece in pieces if (found := _ASKING_WORD.search(piece))]
    for piece in (*pieces, *inside):
        for form, begins in _FORMS.items():
            if begins.match(piece):
                return form
    return None
