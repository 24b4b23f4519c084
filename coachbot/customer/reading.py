"""What a reply did, as far as the scenario is concerned: acts, questions, promises, provocations.

Pure functions over arrays. The thresholds were set on wordings that are not in the scenario files;
``coachbot scenarios try --explain`` shows every similarity beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from coachbot.customer.asking import Asked, Asking, Questions, place
from coachbot.customer.banks import Array, Banks, Phrases
from coachbot.customer.linear import logistic
from coachbot.customer.promises import (
    SaidPromise,
    amount_of,
    amounts_of,
    name_of,
    on_other_days,
    promises_in,
    when_of,
)
from coachbot.customer.spelling import mended
from coachbot.customer.stance import (
    CLOSED,
    Stance,
    asks_for_content,
    denies,
    is_question,
    plain,
    stance,
    stance_within,
)
from coachbot.scenario.models import Scenario, SpeechAct
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.text import Span, clauses, sentences

ACT_WEIGHTS, ACT_BIAS, ACT_AT_LEAST = (3.4, 8.7, 4.6), -4.7, 0.55
"""An act counts from this probability on: the logistic function of the weighted sum of similarity
to the nearest example of the same stance, margin over counter-examples and other acts, and the
linear model's score. Fitted to 448 replies that do an act and 560 near ones that don't, written
apart from the scenarios."""

ACT_FLOOR = 0.44
"""Below this similarity nothing is near enough, whatever speaks for it otherwise."""

SAYS_ITSELF = 0.50
"""Below this similarity an act needs a word by which the hire commits themself to something."""

LONG_UNIT, LONG_UNIT_AT_LEAST = 25, 0.52
"""A long stretch of talk is a little like everything; it has to be nearer."""

COUNTER_MARGIN = -0.02
"""What is closer to a counter-example than to any example by more than a hair never counts."""

RIVAL_SLACK = 0.08
"""How much closer another act's example may be: one sentence can do two acts."""

TOLD_AT_LEAST = 0.66
"""A need may be brought out by a remark, too; a remark has to be closer to it than a question."""

MET_AT_LEAST = 0.50
MET_UNASKED_AT_LEAST = 0.62
"""A need that has not been let out yet counts as met only by what is clearly about it."""

EVERYDAY_MARGIN = 0.10
"""By so much nearer, it is an everyday question, and not what the file has a reply to: "Are you
thinking of leaving us?" offers no hotel."""

BUTTON_AT_LEAST, BUTTON_MARGIN = 0.58, 0.03
"""What sets somebody off is this near an example, and by the second nearer than to anything that
the file calls good."""

FORBIDDEN_WEIGHTS, FORBIDDEN_BIAS, FORBIDDEN_AT_LEAST = (2.5, 5.6, 7.3, 1.7), -6.7, 0.5
"""Something that may not be promised is, from this probability on: the logistic function of the
weighted sum of similarity to the nearest example, margin over what the file itself calls good, the
linear model's score, and whether the hire commits themself (0 or 1). Fitted to the lines of the
scripted agents, which stand apart from the scenarios: 97 of 243 over-promises are found, and 11 of
3,260 other lines are taken for one. What the file itself calls good, and is nearer, is none."""

FORBIDDEN_FLOOR = 0.3
"""Below this similarity nothing is near enough, whatever speaks for it otherwise."""

COMEBACK_AT_LEAST = 0.52
KINDER = 0.1
"""How much nearer what offends must be than what pleases, for one stretch of talk that may be
either: "I opened your e-mails and answered none of them" owns up and is no excuse."""

ACT_NEAR = 0.2
"""What is at least so probable and doesn't count is shown as a near miss."""

MOST_UNITS = 60
"""Clauses of one reply that are read; a reply of more than about 1,500 words is read in part by
the customer, as a person would (the scorer reads all of it)."""


@dataclass(frozen=True, slots=True)
class Match:
    """Something of the scenario found in the reply.

    ``similarity`` is a cosine, -1 to 1; ``margin`` how far it is above the best rival.
    """

    id: str
    similarity: float
    margin: float
    span: Span
    example: str
    accepted: bool
    probability: float = 1.0


def needs_met_by(
    reading: Reading, revealed: Sequence[str], met: Sequence[str]
) -> tuple[Match, ...]:
    """The needs that a reply meets now: let out before and not met yet, or met unasked."""
    return tuple(
        match
        for match in reading.needs_met
        if match.id not in met
        and (match.id in revealed or match.similarity >= MET_UNASKED_AT_LEAST)
    )


@dataclass(frozen=True)
class Reading:
    """Everything the customer takes from one reply."""

    text: str
    acts: tuple[Match, ...] = ()
    acts_near: tuple[Match, ...] = ()
    asked: tuple[Asked, ...] = ()
    needs_explored: tuple[Match, ...] = ()
    needs_met: tuple[Match, ...] = ()
    buttons: tuple[Match, ...] = ()
    over_promises: tuple[Match, ...] = ()
    comebacks: tuple[Match, ...] = ()
    promises: tuple[SaidPromise, ...] = ()
    refusals: tuple[Span, ...] = ()
    role_break: Span | None = None
    insult: Span | None = None
    boundary: Span | None = None
    rude: Span | None = None
    calms: bool = False
    flattery: Span | None = None
    agent_name: str | None = None
    when: str | None = None
    amount: str | None = None
    words: int = 0
    units: tuple[Span, ...] = ()
    vectors: Array = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))


_ROLE_BREAK = re.compile(
    r"\b(?:ignore (?:all |any |the |your |my )?(?:previous |prior |above |other )*(?:instructions?|"
    r"prompts?|rules)|system prompt|you(?:'re| are) (?:now )?(?:an? )?(?:ai|a\.i\.|chat ?bot|bot|"
    r"language model|llm|gpt|chatgpt|program|simulation|robot|machine)\b|language model|"
    r"stop (?:role|pretending|acting)|end (?:the )?(?:role ?play|simulation|exercise)|"
    r"(?:break|leave|drop) (?:the )?character|as an ai\b|jailbreak|developer mode|"
    r"(?:give|rate|score) (?:me|this|my reply)[^.?!]{0,30}(?:100|full marks|top marks|ten|10)|"
    r"are you (?:an? )?(?:real|human|bot|ai|chat ?bot|robot)\b)"
)
_INSULT = re.compile(
    r"\b(?:idiots?|morons?|stupid(?! (?:o'?clock|of (?:us|me)|mistake|error|form|rule|system|app|"
    r"machine|thing|questions? (?:of mine|from me)))|dumb|shut up|shut it|fuck\w*|f\*+\w*|piss off|bugger off|"
    r"screw you|bitch|bastard|arsehole|asshole|wanker|twat|loser|get lost|go away|"
    r"drop dead|you people are (?:all )?the same|waste of (?:my )?time|whin(?:e|ing|er)|"
    r"cry ?baby|karen|hysterical|(?:you(?:'?re| are)|are you|you)(?: \w+)? "
    r"(?:crazy|insane|pathetic)|how pathetic|stop (?:wasting my time|moaning|whinging|whining))\b"
)
_BOUNDARY = re.compile(
    r"(?:(?:please|ask you to|need you to|like us to|let'?s)[^.?!]{0,40}"
    r"(?:respect|civil|polite(?:ly)?|without (?:the )?(?:insults|swearing|shouting)|language|tone)|"
    r"(?:can'?t|won'?t|not going to|unable to) (?:continue|go on|carry on|accept|help you)"
    r"[^.?!]{0,30}"
    r"(?:if you|while you|insult|swear|abuse|shout|language)|"
    r"(?:don'?t|not to|stop) (?:speak|talk|swear|shout|insult)[^.?!]{0,20}(?:me|at me|that way)|"
    r"not okay to (?:speak|talk|call)|here to help[^.?!]{0,60}(?:insult|swear|shout|respect))"
)
_COMMITS = re.compile(
    r"\b(?:(?:i|we)(?:'?ll|'?ve|'?m|'?re|'?d| will| have| am| are| can| could| shall)?\b|let me|"
    r"(?:you|it|he|she|they|this|that|there|nobody|nothing)(?:'?ll| will|'?s| is| are| gets?| goes| has|"
    r" have| won'?t| can)|will\b|has (?:been|now|just)|my\b|mine\b|done|sorted|booked|sent|signed|fixed|"
    r"tomorrow|tonight|today|by \d)"
)
_SUPPOSES = re.compile(
    r"\b(?:sounds?|seems?|looks?|feels?) (?:to me )?(?:like|as if|as though|that) "
    r"(?:you|your|they|he|she|it|this|that|nobody|no one|we)\b"
)
"""How things look to the hire; by that nothing is done."""

_ORDER = re.compile(
    r"\b(?:calm down|relax|cool it|chill|stop (?:shouting|moaning|sulking|whining|whinging|going on)|"
    r"if you (?:stop|don'?t|calm|keep))\b"
)
_RUDE = re.compile(
    r"\b(?:happy now|stop (?:sulking|moaning|whinging|whining|going on)|you keep going on|get over it|"
    r"(?:haven'?t|don'?t have|have no|no) (?:got )?time for (?:this|you|that)|what'?s your problem|"
    r"not my problem|deal with it|so what\?|(?<!a )(?<!such a )big deal|your problem, not|can'?t be bothered|"
    r"(?:i|we) don'?t (?:really )?care)"
)
_CALMS = re.compile(
    r"\b(?:calm|relax|settle|chill|cool (?:it|down|off)|breathe|(?:deep|slow) breath|patien(?:t|ce)|quiet|easy|"
    r"temper|tone|shout|yell|scream|overreact|hysteric|drama|emotional|upset|panic|worked up|composed?|simmer|"
    r"get a grip|pull yourself|lower your|hold your horses|reasonable|behave)"
)
"""Words of one of which an order to calm down has need; "take your time" is none."""
_CALM_OF_THEIRS = re.compile(
    r"\byou(?:'ve|'re)?(?: (?:have|are|were|been|so|very|really|still|all))* "
    r"(?:stay|kept|keep|remain|been|are|were|sound)(?:ed|ing)? (?:so |very |this |that )?"
    r"(?:calm|composed|patient|reasonable|quiet)\b|\b(?:milder|calmer) temper\b|"
    r"\bhard on (?:the|your|anybody's|anyone's) patience\b"
)
"""Their calm is praised, or nobody could keep theirs: "no idea how you stayed calm"."""
_FLATTERY = re.compile(
    r"(?:valued? (?:you|customer|client|your)|(?:your|one of our) (?:best|most valued|favou?rite)|"
    r"(?:really |truly )?appreciate your (?:business|loyalty|custom|patience|understanding)|"
    r"thank you for (?:being a|your (?:loyalty|patience|understanding|business))|"
    r"means the world to us|you(?:'re| are) (?:so |very )?(?:important|special|wonderful|amazing) )"
)


def units_of(text: str) -> list[Span]:
    """What of a reply is compared: clauses, sentences, and neighbouring sentences together."""
    whole = sentences(text)
    found: dict[tuple[int, int], Span] = {}
    for span in [*whole, *clauses(text)]:
        found[span.start, span.end] = span
    for first, second in pairwise(whole):
        if second.end - first.start <= 240:
            joined = Span(first.start, second.end, text[first.start : second.end])
            found[joined.start, joined.end] = joined
    return sorted(found.values(), key=lambda span: (span.start, span.end))[:MOST_UNITS]


def read(
    text: str, scenario: Scenario, banks: Banks, encoder: Encoder, *, done: Sequence[str] = ()
) -> Reading:
    """Read one reply against a scenario.

    ``done``: ids of the acts done before, for acts that come after others.
    """
    units = units_of(text)
    questions = Questions.of(text)
    every = [*units, *questions.spans]
    if not every:
        return Reading(text=text)
    vectors = encoder.encode([mended(span.text, banks.words) for span in every])
    vector_of = {place(span): vector for span, vector in zip(every, vectors, strict=True)}
    stances = {place(span): _stance_of(span, text) for span in every}
    asked = Asking.of(questions, banks, vector_of, stances).asked()
    explored = [
        Match(one.targets[0], one.similarity, one.margin, one.span, "", accepted=True)
        for one in asked
        if one.kind == "need"
    ]
    n = len(units)
    told = [i for i, unit in enumerate(units) if not is_question(unit.text)]

    acts, near = _acts(units, vectors[:n], stances, scenario, banks, set(done))
    words = plain(text)
    clause_spans = clauses(text)[:MOST_UNITS]
    return Reading(
        text=text,
        acts=acts,
        acts_near=near,
        asked=asked,
        needs_explored=_merge(
            explored,
            _all_found([units[i] for i in told], vectors[told], banks.needs, TOLD_AT_LEAST),
        ),
        needs_met=_all_found(units, vectors[:n], banks.needs_met, MET_AT_LEAST, stances=stances),
        buttons=_pressed(
            _one_each(
                units,
                vectors[:n],
                banks.buttons,
                BUTTON_AT_LEAST,
                counters=banks.button_counters,
                stances=stances,
            ),
            asked,
        ),
        over_promises=_over_promises(units, vectors[:n], stances, banks),
        comebacks=_kinder_first(
            _not_rather(
                _all_found(
                    units,
                    vectors[:n],
                    {str(i): p for i, p in enumerate(banks.comebacks)},
                    COMEBACK_AT_LEAST,
                    stances=stances,
                ),
                [one for one in asked if one.kind == "everyday"],
                EVERYDAY_MARGIN,
            ),
            scenario,
        ),
        promises=tuple(promises_in(clause_spans)),
        refusals=tuple(s for s in clause_spans if denies(s.text)),
        role_break=_first(_ROLE_BREAK, text),
        insult=_first(_INSULT, text),
        # An order or a condition is no boundary, whatever else it asks for.
        boundary=None if _first(_ORDER, text) else _first(_BOUNDARY, text),
        rude=_first(_RUDE, text),
        calms=_CALMS.search(_CALM_OF_THEIRS.sub("", words)) is not None,
        flattery=_first(_FLATTERY, text),
        agent_name=name_of(text),
        when=next(
            (
                w
                for s in clause_spans
                if stance(s.text) in ("promise", "done", "offer") and (w := when_of(s.text))
            ),
            None,
        ),
        amount=amount_of(text),
        words=len(words.split()),
        units=tuple(units),
        vectors=vectors[:n],
    )


def _stance_of(unit: Span, text: str) -> Stance:
    """The stance of a unit, minding what stands around it in its sentence.

    Of two sentences together the one that closes the matter counts: a kind word in front of a
    refusal makes no offer of it.
    """
    inside: list[Stance] = []
    for sentence in sentences(text):
        if sentence.start <= unit.start and unit.end <= sentence.end:
            before, after = text[sentence.start : unit.start], text[unit.end : sentence.end]
            return stance_within(unit.text, before, after)
        if unit.start <= sentence.start and sentence.end <= unit.end:
            inside.append(stance_within(sentence.text, "", ""))
    if inside and inside[-1] == "ask" and asks_for_content(plain(sentences(unit.text)[-1].text)):
        # Kind words in front of a question don't answer it.
        return "ask"
    closed = [sense for sense in inside if sense in CLOSED and sense != "ask"]
    return closed[0] if closed else inside[-1] if inside else stance(unit.text)


def _first(pattern: re.Pattern[str], text: str) -> Span | None:
    # The same length as the text, so that the offsets hold.
    lowered = text.lower() if len(text.lower()) == len(text) else text
    found = pattern.search(lowered.replace("’", "'"))
    return Span(found.start(), found.end(), text[found.start() : found.end()]) if found else None


def _one_each(
    units: Sequence[Span],
    vectors: Array,
    groups: dict[str, Phrases],
    at_least: float,
    *,
    counters: dict[str, Phrases],
    stances: dict[tuple[int, int], Stance],
) -> tuple[Match, ...]:
    """As `_all_found`, but one stretch of text is one provocation: the nearest counts."""
    kept: list[Match] = []
    found = _all_found(units, vectors, groups, at_least, counters=counters, stances=stances)
    for match in found:
        if not any(m.span.overlaps(match.span) for m in kept):
            kept.append(match)
    return tuple(kept)


def _pressed(found: Sequence[Match], asked: Sequence[Asked]) -> tuple[Match, ...]:
    """What does set somebody off: clearly, and not where it is rather a question anybody asks."""
    harmless = [one for one in asked if one.kind in ("fact", "need", "everyday")]
    clear = [match for match in found if match.margin >= BUTTON_MARGIN]
    return _not_rather(clear, harmless, 0.0)


def _not_rather(found: Sequence[Match], asked: Sequence[Asked], nearer: float) -> tuple[Match, ...]:
    """Without what is rather one of the questions asked there: by so much nearer, or more."""
    return tuple(
        match
        for match in found
        if not any(
            one.span.overlaps(match.span) and one.similarity - match.similarity >= nearer
            for one in asked
        )
    )


def _best(vector: Array, phrases: Phrases, sense: Stance | None) -> tuple[float, str]:
    if not phrases.texts:
        return 0.0, ""
    similar = phrases.vectors @ vector
    if sense is not None:
        allowed = phrases.closed(sense)
        if not allowed.any():
            return 0.0, ""
        similar = np.where(allowed, similar, -1.0)
    best = int(np.argmax(similar))
    return float(similar[best]), phrases.texts[best]


def _acts(
    units: list[Span],
    vectors: Array,
    stances: dict[tuple[int, int], Stance],
    scenario: Scenario,
    banks: Banks,
    done: set[str],
) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    found: dict[str, Match] = {}
    near: dict[str, Match] = {}
    whole = " ".join(unit.text for unit in units)
    order = [act.id for act in scenario.resolution.acts]
    scores = banks.act_scores(vectors)
    for number, act in enumerate(scenario.resolution.acts):
        for unit_number, (unit, vector) in enumerate(zip(units, vectors, strict=True)):
            sense = stances[unit.start, unit.end]
            if not _counts(sense, act.counts):
                continue
            similarity, example = _best(vector, banks.acts[act.id], sense)
            against, _ = _best(vector, banks.act_counters[act.id], sense)
            rival = max(
                (
                    _best(vector, banks.acts[other], sense)[0]
                    for other in order
                    if other != act.id and other not in done
                ),
                default=0.0,
            )
            margin = similarity - max(against, rival - RIVAL_SLACK)
            score = float(scores[unit_number, number])
            says = not act.mentions or _names(unit.text, act.mentions, whole)
            probability = _act_probability(similarity, margin, score)
            accepted = (
                says
                and not _strange_amount(unit.text, banks.amounts)
                and (similarity >= SAYS_ITSELF or _commits(unit.text))
                and not _SUPPOSES.search(plain(unit.text))
                and not (len(unit.text.split()) > LONG_UNIT and similarity < LONG_UNIT_AT_LEAST)
                and similarity >= ACT_FLOOR
                and similarity - against >= COUNTER_MARGIN
                and probability >= ACT_AT_LEAST
            )
            match = Match(act.id, similarity, margin, unit, example, accepted, probability)
            if accepted and (act.id not in found or _better(match, found[act.id])):
                found[act.id] = match
            elif probability >= ACT_NEAR and (act.id not in near or _better(match, near[act.id])):
                near[act.id] = match
    return tuple(found[a] for a in order if a in found), tuple(
        near[a] for a in order if a in near and a not in found
    )


_STANDS_FOR = re.compile(r"\b(?:it|them|that|those|this|these|him|her|he|she|they)\b")


def _names(text: str, words: Sequence[str], whole: str) -> bool:
    """Whether one of the words is in the text, or in the reply if the text only refers to it.

    "Your screen has to wait. I come tomorrow and plug it in."
    """
    said = plain(text)
    if any(plain(word) in said for word in words):
        return True
    said = plain(whole) if _STANDS_FOR.search(said) else ""
    return any(plain(word) in said for word in words)


def _act_probability(similarity: float, margin: float, score: float) -> float:
    return logistic(ACT_WEIGHTS, (similarity, margin, score), ACT_BIAS)


def _commits(text: str) -> bool:
    """Whether a stretch of text commits the hire: I'll, we have, you get, it goes, done."""
    return _COMMITS.search(plain(text)) is not None


def _over_promises(
    units: Sequence[Span], vectors: Array, stances: dict[tuple[int, int], Stance], banks: Banks
) -> tuple[Match, ...]:
    """What may not be promised and is, the likeliest first."""
    found: dict[str, Match] = {}
    scores = banks.forbidden_scores(vectors)
    pairs = zip(banks.forbidden, banks.forbidden_counters, strict=True)
    for number, (phrases, counters) in enumerate(pairs):
        for unit_number, (unit, vector) in enumerate(zip(units, vectors, strict=True)):
            similarity, example = _best(vector, phrases, stances[unit.start, unit.end])
            if similarity < FORBIDDEN_FLOOR or on_other_days(unit.text, example):
                continue
            margin = similarity - _best(vector, counters, None)[0]
            if margin <= 0:
                continue
            seen = similarity, margin, float(scores[unit_number, number]), _commits(unit.text)
            probability = logistic(FORBIDDEN_WEIGHTS, seen, FORBIDDEN_BIAS)
            name = str(number)
            if probability >= FORBIDDEN_AT_LEAST and (
                name not in found or probability > found[name].probability
            ):
                found[name] = Match(name, similarity, margin, unit, example, True, probability)
    return tuple(sorted(found.values(), key=lambda match: -match.probability))


def _strange_amount(text: str, known: frozenset[str]) -> bool:
    """Whether the text names an amount of money, and none that belongs to this scenario."""
    found = amounts_of(text)
    return bool(found) and not found & known


def _mentions(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in the text as a word of its own, or begins one."""
    lowered = plain(text)
    return any(re.search(rf"(?<!\w){re.escape(plain(word))}", lowered) for word in words)


def _counts(sense: Stance, counts: Sequence[SpeechAct]) -> bool:
    """Whether a clause of this stance may do an act that counts when said like this.

    Done, promised and told shade into each other ("it's on tonight's van"), and the rules tell
    them apart badly: where one of them counts, all three do. Closed stances are compared only
    with examples of the same stance, so those are let through.
    """
    if sense == "ask":
        return "ask" in counts
    if sense == "offer":
        return "offer" in counts
    return sense in CLOSED or bool({"done", "promise", "inform"} & set(counts))


def _better(one: Match, other: Match) -> bool:
    return one.similarity + one.margin > other.similarity + other.margin


def _all_found(
    units: Sequence[Span],
    vectors: Array,
    groups: dict[str, Phrases],
    at_least: float,
    *,
    counters: dict[str, Phrases] | None = None,
    stances: dict[tuple[int, int], Stance] | None = None,
) -> tuple[Match, ...]:
    """The best match of each group, if it reaches the threshold and beats its counter-examples."""
    found: list[Match] = []
    for name, phrases in groups.items():
        best: Match | None = None
        for unit, vector in zip(units, vectors, strict=True):
            sense = stances[unit.start, unit.end] if stances is not None else None
            similarity, example = _best(vector, phrases, sense)
            against = _best(vector, counters[name], None)[0] if counters else 0.0
            margin = similarity - against
            if (
                similarity >= at_least
                and margin > 0
                and (best is None or similarity > best.similarity)
            ):
                best = Match(name, similarity, margin, unit, example, True)
        if best is not None:
            found.append(best)
    return tuple(sorted(found, key=lambda match: -match.similarity))


def _kinder_first(found: tuple[Match, ...], scenario: Scenario) -> tuple[Match, ...]:
    """The comebacks, nearest first; of two that are about as near the one that does good."""
    if not found:
        return found
    effects = {match.id: scenario.comebacks[int(match.id)].effect for match in found}
    near = [m for m in found if m.similarity >= found[0].similarity - KINDER]
    best = max(near, key=lambda m: (effects[m.id] > 0, m.similarity))
    return (best, *(match for match in found if match is not best))


def _merge(first: Sequence[Match], second: Sequence[Match]) -> tuple[Match, ...]:
    seen = {match.id for match in first}
    return (*first, *(match for match in second if match.id not in seen))
