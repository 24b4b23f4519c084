"""What the mind decided for a turn, in words for a language model."""

from __future__ import annotations

from coachbot.customer.lines import Chosen
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scenario.temperament import Cause, Move

_CAUSES: dict[Cause, str] = {
    "heard": "They have understood you. Let it show, in your way",
    "cared_for": "They have seen how you feel. Let it show, in your way",
    "tailored": "What they say fits you. Let it show, in your way",
    "stock_empathy": "Their sympathy was a stock phrase. You don't buy it",
    "flattery": "They flattered you. It leaves you cold",
    "canned": "They sounded like a script. Say so",
    "minimised": "They played it down. It stings",
    "blamed": "They put it on you. You won't have that",
    "told_to_calm_down": "They told you to calm down. That does the opposite",
    "mocked": "They made fun of you. You mind",
    "policy_wall": "They hid behind a rule. You mind",
    "non_apology": "That was no real apology. You notice",
    "insulted": "They insulted you. React to that",
    "asked_again": "They asked what you have told them already. You notice",
    "contradicted": "They got wrong what you told them. Put it right",
    "question_ignored": "They passed over what you asked. You notice",
    "over_promise": "They promised a lot. You doubt that they can",
    "empty_promise": "They promised something vague. You want it definite",
    "overdue_promise": "They promised something and it hasn't come. Remind them",
    "promise": "They promised something definite. Take it up",
    "progress": "Something is getting done. Take it up",
    "no_progress": "Nothing has come of it so far. You notice",
    "empathy_without_progress": "Kind words, and nothing done. You notice",
    "refused": "They refused you something. React to that",
    "too_many_questions": "They ask too many questions at once. You mind",
    "boundary": "They drew a line at how you talk. Take it in",
    "checking": "They are looking something up. Let them",
    "nonsense": "What they wrote makes no sense to you",
    "silence": "They have hardly said anything. You notice",
    "foreign_language": "They wrote in a language that you don't read",
    "role_break": "They said something odd that has nothing to do with you. Come back to it",
}

_MOVES: dict[Move, str] = {
    "unknown": "They asked something that you have no answer to",
    "unsure": "They asked for a yes or a no that you can't give",
    "asked_back": "They asked about you what seems beside the point. Ask it back, and what for",
    "asked_which_of_two": "They asked which of two it is. A bit of both",
    "asked_if_right": "They say how they think it is, and ask whether that's so. Roughly, it is",
    "asked_if_known": "They asked whether you know something. You know it now",
    "asked_whether_you": "They asked whether you did something. Maybe, and what hangs on it",
    "asked_to_do": "They asked you to do something. You wonder what for, and might try",
    "asked_whether": "They asked whether something is or was so. Not as far as you know",
    "asked_about_self": "They asked about you, and it does not matter here. Shrug it off",
    "asked_if_possible": "They suggest how it may be. You doubt it, but can't rule it out",
    "asked_about_hire": "They asked how they are doing. Tell them just to go on",
    "asked_how_long": "They asked how long. Long enough, you don't know exactly",
    "asked_how_many": "They asked how much or how many. You haven't counted",
    "asked_who": "They asked who. You can't give a name",
    "asked_when": "They asked when. You'd have to look it up",
    "asked_where": "They asked where. You can't say offhand",
    "asked_why": "They asked why. You have your reasons",
    "asked_to_imagine": "They asked what you would do or like. You can't think of that now",
    "asked_what_happened": "They asked what happened, and you'd have to think back",
    "either": "They let you choose between two things, and either is as good to you",
    "which_one": "Their question could mean two things. Ask which",
    "already_told": "You have told them that already",
    "waiting": "They are looking something up. You wait",
    "remind": "Remind them of what you asked for",
    "ultimatum": "You are about to give up on them. Say so",
    "grudging": "It is done, but you feel handled. You are not warm about it",
    "yes": "Say yes to what they asked",
    "no": "Say no to what they asked",
    "guarded": "You would rather not say that yet",
}

_ENDINGS: dict[Outcome, str] = {
    "resolved": "It is settled and you were treated well. Say goodbye; ask nothing more",
    "resolved_coldly": "It is settled, and you felt like a number. End it; ask nothing more",
    "left": "You have had enough. Break it off now; ask nothing more",
    "gave_up": "You let it drop. End it; ask nothing more",
    "ended": "They ended it. Say goodbye; ask nothing more",
    "out_of_turns": "You have no more time. End it; ask nothing more",
}

_OWN = {
    "need": "Something that you had kept to yourself comes out now",
    "need-thanks": "They took up what you had told them. It does you good",
    "act-thanks": "They have just done something that you needed. Take it up",
    "act-press": "Press for what you still need",
    "button": "They have touched a sore spot. It stings",
    "comeback": "Answer what they said",
    "everyday": "They asked an everyday question. Answer it",
}
"""What a move does whose words a scenario has, by the first part of its source."""

_NAMED: dict[tuple[str, str], str] = {
    **{("cause", name): text for name, text in _CAUSES.items()},
    **{("move", name): text for name, text in _MOVES.items()},
    **{("ending", name): text for name, text in _ENDINGS.items()},
}


def direction(line: Chosen, scenario: Scenario) -> str:
    """One move as an instruction, with the sense of what is to be said.

    The sense is the line that a trainer wrote for it: it holds all that the customer may tell in
    this turn, and nothing that they may not.
    """
    gist = " / ".join(line.bubbles)
    return f"{_what(line, scenario)}. The sense of it: “{gist}”"


def _what(line: Chosen, scenario: Scenario) -> str:
    kind, _, name = line.move.source.partition(":")
    if kind == "fact":
        return f"They asked about {scenario.fact(name).about}. Tell them"
    if kind == "fact-again":
        return f"They asked again about {scenario.fact(name).about}. Tell them, and that you had"
    if kind in _OWN:
        return _OWN[kind]
    return _NAMED.get((kind, name), "Say this")
