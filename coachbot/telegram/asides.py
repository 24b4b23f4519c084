"""Questions that a hire asks the program and not the customer, in the middle of a conversation.

Nothing here guesses: a message is taken for such a question only where every sentence of it is one
of the forms below, whole. What a hire might say to a customer ("Who can see this on your
account?", "How do I stop the letters?") has other words in it and goes to the customer. To miss a
question costs a reply that went astray; to swallow a reply would cost the hire's trust.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Topic = Literal["readers", "taking_back", "stopping", "recording", "deleting"]

LONGEST_QUESTION = 300
"""Characters; nobody asks the program so much at once, and replies are longer."""

_TALK = (
    r"(?:practice )?(?:conversation|chat|talk|session|practice|exercise|role[- ]?play|transcript)s?"
)
_MINE = (
    rf"(?:all (?:of )?)?(?:(?:this|our|my|these) (?:whole |entire )?{_TALK}"
    r"|my (?:scores?|grades?|marks?|ratings?|replies|messages|answers)"
    r"|(?:what|everything) i(?:'m| am)? ?(?:write|type|wrote|writing|typing)"
    r"(?: here| in here| in this chat)?)"
)
_MINE = rf"{_MINE}(?:,? (?:and|or) {_MINE})*"
_LATER = (
    r"(?: (?:later|afterwards|after|here|now|then|too|later on|"
    r"(?:when|once|after) (?:it's|it is|i'm|i am|we're|we are) (?:over|done|finished)))?"
)
_READ = r"(?:reads?|sees?|views?|looks? at|access(?:es)?|reading|seeing|has access to)"
_MAY = (
    r"(?:(?:(?:can|could|will|would|may|might)(?: be (?:able|allowed) to)?|is (?:able|allowed) to|"
    r"is going to|gets to|is) )?(?:also )?"
)
_SOMEBODY = (
    r"(?:(?:any|some)(?:one|body)(?: else)?|other people|others|"
    r"my (?:supervisor|manager|boss|trainer|team ?lead(?:er)?|team|colleague|employer|company)s?)"
)
_MESSAGE = (
    r"(?:(?:a|one|my|my last|my latest|my previous|my first) (?:message|reply|answer)s?|messages|"
    r"(?:a|the|the last) (?:message|reply) (?:that )?i(?:'ve| have)? (?:just |already )?"
    r"(?:sent|wrote|written))"
)
_HOW = (
    r"(?:(?:how )?(?:can|could|may|do|would) (?:i|you)|(?:how )?am i able to|"
    r"is it possible to|is there (?:a|any) way to)"
)
_THIS_TALK = rf"(?:this|the|our|my) {_TALK}"
_SOON = r"(?: (?:now|early|here|please|for now|for today|for the day))*"
_BACK = (
    r"(?: and (?:come back|go on|carry on|continue|finish)(?: to it| it| with it)?"
    r"(?: later| tomorrow| another (?:day|time))?)"
)
_KEPT = (
    r"(?:recorded|saved|stored|kept|logged|graded|scored|marked|rated|evaluated|assessed|monitored)"
)

_FORMS: Mapping[Topic, tuple[str, ...]] = {
    "readers": (
        rf"who (?:else |exactly )?{_MAY}{_READ} {_MINE}{_LATER}",
        rf"who has access to {_MINE}",
        (
            rf"(?:can|could|will|would|does|do|is|are) {_SOMEBODY} "
            rf"(?:be (?:able|allowed) to |going to |also )?{_READ} {_MINE}{_LATER}"
        ),
    ),
    "taking_back": (
        rf"{_HOW} (?:take back|undo|delete|unsend|retract|edit) {_MESSAGE}{_LATER}",
        rf"{_HOW} take {_MESSAGE} back",
    ),
    "stopping": (
        rf"how (?:do|can|could|would) i (?:stop|quit|end|pause|exit)(?: {_THIS_TALK})?{_SOON}",
        rf"how (?:do|can|could|would) i (?:leave|finish|get out of|cancel) {_THIS_TALK}{_SOON}",
        r"how (?:do|can|could|would) i (?:pause|quit|exit) this",
        rf"(?:can|could|may) i (?:stop|quit|end|pause|exit|leave) {_THIS_TALK}{_SOON}{_BACK}?",
        rf"(?:can|could|may) i (?:stop|pause|quit)(?: this)?{_SOON}{_BACK}",
        rf"(?:can|could) (?:you|i) save {_THIS_TALK}(?: for (?:me|now|later))*{_SOON}",
    ),
    "recording": (
        (
            rf"(?:is|are|will) (?:this|our|my|the|these) (?:{_TALK}|replies|messages|answers) "
            rf"(?:be |being |get |getting )?{_KEPT}(?: (?:by (?:any|some)(?:one|body)|somewhere))?"
        ),
        rf"do (?:my|these) (?:replies|messages|answers) get {_KEPT}",
        r"is this (?:being )?(?:graded|scored)",
        r"is this being recorded",
        r"am i (?:being )?(?:graded|scored|recorded|marked|assessed|evaluated)(?: here| on this)?",
        rf"does {_THIS_TALK} count(?: for anything| towards anything)?",
        rf"how long (?:is|are|will) {_MINE} (?:be )?(?:kept|stored|saved)",
        rf"how long do you (?:keep|store|save) {_MINE}",
    ),
    "deleting": (
        (
            rf"{_HOW} (?:delete|erase) (?:(?:this|my) (?:{_TALK}|scores?)|(?:all )?my data)"
            rf"{_LATER}"
        ),
    ),
}
_KNOWN = {
    topic: re.compile("|".join(f"(?:{form})" for form in forms)) for topic, forms in _FORMS.items()
}
_FIRST = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|wait|hold on|sorry|um|so|and|but|also|btw|by the way|actually|"
    r"just wondering|(?:a )?(?:quick )?question|one question|bot|hey bot|coachbot|"
    r"before (?:i|we) (?:go on|start|begin|continue))\b[\s,:;–-]*)+"
)
_SENTENCES = re.compile(r"(?<=[?!.…])\s+|\n+|,? and (?=(?:who|can|could|how|is|are|will|am)\b)")

_ABOUT_DATA = re.compile(
    r"\b(?:data|privacy|private|gdpr|delet\w*|eras\w*|forget me|supervisors?|recorded|stored|"
    r"who (?:\w+ ){0,3}?(?:sees?|reads?)|my (?:file|boss|manager))\b",
    re.IGNORECASE,
)


def asked_of_the_program(text: str) -> tuple[Topic, ...]:
    """What a message asks the program, in the order asked; nothing where it is for the customer."""
    if len(text) > LONGEST_QUESTION:
        return ()
    found: list[Topic] = []
    plain = " ".join(text.lower().replace("’", "'").split(" "))
    for part in _SENTENCES.split(plain):
        sentence = " ".join(part.split()).strip("?!.… ")
        sentence = _FIRST.sub("", sentence).strip("?!., ")
        sentence = re.sub(r"^please |,? please$", "", sentence)
        if not sentence:
            # "Wait." or "Quick question:" alone; it says nothing to anybody.
            continue
        topic = next((t for t, form in _KNOWN.items() if form.fullmatch(sentence)), None)
        if topic is None:
            return ()
        found.append(topic)
    return tuple(dict.fromkeys(found))


def asks_people_or_data(text: str) -> bool:
    """Whether a message outside any conversation looks like a question for people or about data.

    Generous, since nothing is lost by naming who can answer.
    """
    return "?" in text or asks_about_data(text)


def asks_about_data(text: str) -> bool:
    """Whether a message speaks of who reads what, of recording or deleting; generous, too."""
    return _ABOUT_DATA.search(text) is not None
