"""What the network learns from: readings with what people said of them, in units.

A unit is a few readings that are learned together: one labelled reply, the two halves of a pair, a
reply and the same reply where nothing that matters was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from coachbot.models.corruptions import Corrupted, echo, not_told, told_already, wrong_fact
from coachbot.models.datasets import AnnoMIUtterance, EpitomePair, SupportTurn, UptakeExchange
from coachbot.models.examples import (
    GradedReply,
    InjectionExample,
    MarkedWords,
    Opening,
    SameMeaning,
    Situation,
)
from coachbot.models.variants import STOCK_EMPATHY, variants
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.features import Context, Sentence, split
from coachbot.scoring.findings import FINDINGS, open_to
from coachbot.scoring.interface import (
    BEHAVIOURS,
    DIMENSIONS,
    DISMISSAL_KINDS,
    LEVELS,
    QUESTIONS,
)
from coachbot.scoring.reading import Reading, prepare
from coachbot.scoring.text import Span
from coachbot.scoring.words import Rarity

Array = NDArray[np.float64]

# A pair without grades of its own: how far its halves are held to lie apart, in points.
_PAIR_GAP = 35.0
# Under another customer's message a reply is worth at most this much.
_SWAPPED = {"active_listening": 10.0, "individualized_treatment": 8.0}
# How far a wrong fact, or asking for what was told, takes a good reply down: by place of the
# dimension, as a share of 100.
_CORRUPTED = {"contradicts": {1: 0.4, 2: 0.4}, "asks_again": {1: 0.25}}
# The customer's words given back, and nothing done with them.
_ECHO = {"empathy": 28.0, "active_listening": 22.0, "individualized_treatment": 18.0}
# What a reply of nothing is worth where something was called for.
_EMPTY = {"empathy": 20.0, "active_listening": 10.0, "individualized_treatment": 15.0}


@dataclass
class Targets:
    """What is known about a reading. Missing is None or NaN; grades are shares of 100.

    ``rationales`` are (mechanism, start, end) in the reply; present only where tokens were marked.
    ``said`` has shape (customer's sentences, kinds of findings).
    """

    levels: tuple[int, int, int] | None = None
    rationales: tuple[tuple[int, int, int], ...] | None = None
    behaviour: int | None = None
    question: int | None = None
    uptake: float = float("nan")
    fits: float = float("nan")
    graded: tuple[float, float, float] = (float("nan"),) * 3
    dismissal: int | None = None
    templated: tuple[float, ...] | None = None
    templated_whole: float = float("nan")
    injection: tuple[float, ...] | None = None
    said: Array | None = None
    called: tuple[float, float] = (float("nan"),) * 2


@dataclass(frozen=True)
class Relation:
    """The first reading lies ``gap`` (share of 100) above the second on a dimension.

    ``kind`` is "pair" (at least about so far) or "shift" (exactly so far).
    """

    first: int
    second: int
    dimension: int
    gap: float
    kind: str


@dataclass
class Unit:
    """Readings that are learned together. ``task`` and ``group`` place it in cross-validation."""

    task: str
    group: str
    readings: list[Reading]
    targets: list[Targets]
    relations: list[Relation] = field(default_factory=list)
    row: int = -1


_Corrupt = Callable[[str, Conversation, np.random.Generator], Corrupted | None]
# A unit that is drawn anew in every pass (variants, other contexts).
Draw = Callable[[np.random.Generator], Unit]


class Preparer:
    """Takes replies and conversations apart, each once."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._contexts: dict[Conversation, Context] = {}

    def context(self, conversation: Conversation) -> Context:
        """Take a conversation apart."""
        found = self._contexts.get(conversation)
        if found is None:
            found = self._contexts[conversation] = Context.of(conversation)
        return found

    def reading(self, reply: str, conversation: Conversation) -> Reading:
        """Make a reading of a reply."""
        return self.of_spans(split(reply) if reply.strip() else [], conversation)

    def of_spans(self, spans: Sequence[Span], conversation: Conversation) -> Reading:
        """Make a reading of a reply whose sentences are known."""
        return prepare([Sentence.of(s) for s in spans], self.context(conversation), self._rarity)


def epitome_units(pairs: Sequence[EpitomePair], preparer: Preparer) -> list[Unit]:
    """Return a unit for each pair: levels, rationales, and that the reply fits its post."""
    units = []
    for i, pair in enumerate(pairs):
        reading = preparer.reading(pair.response, Conversation.of_one_turn(pair.post))
        first, second, third = (pair.levels[m] for m in LEVELS)
        spans = tuple(
            (number, start, start + len(words))
            for number, mechanism in enumerate(LEVELS)
            for words in (" ".join(r.split()) for r in pair.rationales[mechanism])
            if (start := reading.reply.find(words)) >= 0
        )
        targets = Targets(levels=(first, second, third), rationales=spans, fits=1.0)
        units.append(Unit("epitome", pair.group, [reading], [targets], row=i))
    return units


def annomi_units(utterances: Sequence[AnnoMIUtterance], preparer: Preparer) -> list[Unit]:
    """Return a unit for each utterance of a therapist."""
    return [
        Unit(
            "annomi",
            u.group,
            [preparer.reading(u.text, Conversation.of_one_turn(u.context))],
            [
                Targets(
                    behaviour=BEHAVIOURS.index(u.behaviour), question=QUESTIONS.index(u.question)
                )
            ],
            row=i,
        )
        for i, u in enumerate(utterances)
    ]


def uptake_targets(exchanges: Sequence[UptakeExchange]) -> Array:
    """Return the ranks of the ratings, 0 to 1."""
    ranks: Array = (rankdata([x.zscore for x in exchanges]) - 0.5) / len(exchanges)
    return ranks


def uptake_units(exchanges: Sequence[UptakeExchange], preparer: Preparer) -> list[Unit]:
    """Return a unit for each exchange; the rating as its rank, 0 to 1."""
    ranks = uptake_targets(exchanges)
    return [
        Unit(
            "uptake",
            x.group,
            [preparer.reading(x.teacher, Conversation.of_one_turn(x.student))],
            [Targets(uptake=float(ranks[i]), fits=1.0)],
            row=i,
        )
        for i, x in enumerate(exchanges)
    ]


def maia_units(turns: Sequence[SupportTurn], preparer: Preparer) -> list[Unit]:
    """Return a unit for each turn of an agent, its sentences as the data set splits them."""
    units = []
    for i, turn in enumerate(turns):
        spans, at = [], 0
        for text in turn.sentences:
            spans.append(Span(at, at + len(text), text))
            at += len(text) + 1
        reading = preparer.of_spans(spans, Conversation.of_one_turn(turn.customer))
        fits = 1.0 if turn.customer.strip() else float("nan")
        targets = Targets(templated=tuple(map(float, turn.templated)), fits=fits)
        units.append(Unit("maia", turn.client, [reading], [targets], row=i))
    return units


def swapped(units: Sequence[Unit], preparer: Preparer, texts: Sequence[str]) -> list[Draw]:
    """Return, for each unit, its reply under somebody else's message, drawn anew each time.

    ``texts`` are the customers' messages, one for each unit. Learning to tell a reply's own message
    from others is noise-contrastive estimation: the log-odds come to say how much likelier the
    reply is here than elsewhere.
    """

    def draw_for(i: int) -> Draw:
        def draw(random: np.random.Generator) -> Unit:
            other = int(random.integers(len(texts)))
            unit = units[i]
            same = texts[other] == texts[i] or not texts[other].strip()
            reply = unit.readings[0].reply
            reading = preparer.reading(reply, Conversation.of_one_turn(texts[other]))
            targets = Targets(fits=float("nan") if same else 0.0)
            return Unit("swapped", unit.group, [reading], [targets])

        return draw

    return [draw_for(i) for i in range(len(units))]


def graded_targets(
    situation: Situation, reply: GradedReply, reading: Reading, context: Context
) -> Targets:
    """Return what is known about a graded reply."""
    grades = [reply.grades.get(d) for d in DIMENSIONS]
    empathy, listening, individual = (float("nan") if g is None else g / 100.0 for g in grades)
    if situation.only_grades:
        return Targets(graded=(empathy, listening, individual), fits=1.0)
    kind = 0 if reply.dismissal is None else 1 + DISMISSAL_KINDS.index(reply.dismissal)
    said = np.full((len(reading.said), len(FINDINGS)), np.nan)
    for row, one in enumerate(context.said):
        for column, name in enumerate(FINDINGS):
            if open_to(name, one, context):
                marks: Sequence[MarkedWords] = getattr(reply, name)
                said[row, column] = float(
                    any(meets(one.turn, one.span, m, situation) for m in marks)
                )
    return Targets(
        graded=(empathy, listening, individual),
        dismissal=kind,
        templated_whole=reply.templated,
        said=said,
        fits=1.0,
    )


def meets(turn: int, span: Span, mark: MarkedWords, situation: Situation) -> bool:
    """Say whether a customer's sentence has marked words in it."""
    if turn != mark.turn:
        return False
    at = situation.history[turn].text.find(mark.text)
    return min(span.end, at + len(mark.text)) > max(span.start, at)


def own_units(
    situations: Sequence[Situation], preparer: Preparer
) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """Return (graded replies, pairs, conversations alone) of the project's own situations."""
    graded, pairs, alone = [], [], []
    for i, situation in enumerate(situations):
        conversation = situation.conversation
        context = preparer.context(conversation)
        for reply in situation.replies:
            reading = preparer.reading(reply.text, conversation)
            targets = graded_targets(situation, reply, reading, context)
            graded.append(Unit("graded", situation.situation, [reading], [targets], row=i))
        for pair in situation.pairs:
            if not situation.called_for[pair.dimension]:
                continue
            place = DIMENSIONS.index(pair.dimension)
            readings = [preparer.reading(t, conversation) for t in (pair.better, pair.worse)]
            targets_of = [Targets(fits=1.0), Targets(fits=1.0)]
            gap = _PAIR_GAP
            if pair.better_grade is not None and pair.worse_grade is not None:
                gap = pair.better_grade - pair.worse_grade
                for t, grade in zip(targets_of, (pair.better_grade, pair.worse_grade), strict=True):
                    values = [float("nan")] * 3
                    values[place] = grade / 100.0
                    t.graded = (values[0], values[1], values[2])
            relation = Relation(0, 1, place, gap / 100.0, "pair")
            pairs.append(
                Unit("pairs", situation.situation, readings, targets_of, [relation], row=i)
            )
        if situation.only_grades:
            # What the conversation calls for is not known from what was graded.
            continue
        nothing = [_EMPTY[d] / 100 if situation.called_for[d] else float("nan") for d in DIMENSIONS]
        targets = Targets(
            graded=(nothing[0], nothing[1], nothing[2]),
            called=(float(situation.called_for["empathy"]), 0.0),
        )
        alone.append(
            Unit(
                "called",
                situation.situation,
                [preparer.reading("", conversation)],
                [targets],
                row=i,
            )
        )
    return graded, pairs, alone


def opening_units(openings: Sequence[Opening], preparer: Preparer) -> list[Unit]:
    """Return conversations of one message, with whether they call for empathy or for nothing."""
    return [
        Unit(
            "called",
            o.id,
            [preparer.reading("", Conversation.of_one_turn(o.text))],
            [Targets(called=(float(o.empathy), float(o.settled)))],
        )
        for o in openings
    ]


def varied(unit: Unit, situation: Situation, reply: GradedReply, preparer: Preparer) -> Draw:
    """Return a draw of a graded reply with a changed twin whose grades are known from its own."""

    def draw(random: np.random.Generator) -> Unit:
        made = variants(reply.text, random)
        pick = int(random.integers(len(made) + 1))
        shift = np.zeros(3)
        conversation = situation.conversation
        if pick == len(made):
            # The same reply by somebody who sees nothing: how well it speaks does not change.
            text, conversation = reply.text, Conversation(situation.history, "")
        else:
            text = made[pick].text
            if made[pick].stock and reply.grades["empathy"] is not None:
                lift = max(0.0, STOCK_EMPATHY - reply.grades["empathy"])
                # A stock phrase doesn't undo harm.
                shift[0] = (lift / 3 if reply.dismissal else lift) / 100.0
        reading = preparer.reading(text, conversation)
        relations = [Relation(1, 0, d, float(shift[d]), "shift") for d in range(3)]
        return Unit(
            "graded",
            unit.group,
            [unit.readings[0], reading],
            [unit.targets[0], Targets()],
            relations,
        )

    return draw


def under_others(situations: Sequence[Situation], preparer: Preparer) -> list[tuple[str, Draw]]:
    """Return (group, draw) of replies under another customer's message, with their worth there."""
    found: list[tuple[str, Draw]] = []
    for i, situation in enumerate(situations):
        for reply in situation.replies:

            def draw(random: np.random.Generator, i: int = i, reply: GradedReply = reply) -> Unit:
                other = int(random.integers(len(situations) - 1))
                other += other >= i
                there = situations[other]
                grades = [
                    min(worth, own) / 100.0
                    if (worth := _SWAPPED.get(d)) is not None
                    and there.called_for[d]
                    and (own := reply.grades.get(d)) is not None
                    else float("nan")
                    for d in DIMENSIONS
                ]
                reading = preparer.reading(reply.text, there.conversation)
                targets = Targets(graded=(grades[0], grades[1], grades[2]), fits=0.0)
                return Unit("graded", there.situation, [reading], [targets])

            found.append((situation.situation, draw))
    return found


def corrupted(situations: Sequence[Situation], preparer: Preparer) -> list[Draw]:
    """Return good replies beside the same with a wrong fact or a question told already.

    The corrupted one is worth less, and the customer's sentence that it goes against is marked.
    Each is drawn anew every time. Replies in which there is nothing to corrupt are left out.
    """

    def draw_for(situation: Situation, reply: GradedReply, corrupt: _Corrupt) -> Draw:
        conversation = situation.conversation
        context = preparer.context(conversation)

        def draw(random: np.random.Generator) -> Unit:
            own = preparer.reading(reply.text, conversation)
            targets = graded_targets(situation, reply, own, context)
            made = corrupt(reply.text, conversation, random)
            if made is None:
                return Unit("graded", situation.situation, [own], [targets])
            reading = preparer.reading(made.text, conversation)
            said = np.full((len(reading.said), len(FINDINGS)), np.nan)
            column = FINDINGS.index(made.finding)
            for row, one in enumerate(context.said):
                if open_to(made.finding, one, context):
                    said[row, column] = float(made.against.search(one.text) is not None)
            relations = [
                Relation(0, 1, d, gap, "pair")
                for d, gap in _CORRUPTED[made.finding].items()
                if reply.grades[DIMENSIONS[d]] is not None
            ]
            worse = Targets(said=said, fits=1.0)
            return Unit("graded", situation.situation, [own, reading], [targets, worse], relations)

        return draw

    return [
        draw_for(situation, reply, corrupt)
        for situation in situations
        for reply in situation.replies
        if (reply.grades["active_listening"] or 0) >= 45
        for corrupt in (wrong_fact, told_already)
        if corrupt(reply.text, situation.conversation, np.random.default_rng(0)) is not None
    ]


def asked_for_more(situations: Sequence[Situation], preparer: Preparer) -> list[Draw]:
    """Return good replies with a question that was not answered yet: nothing is asked again."""

    def draw_for(situation: Situation, reply: GradedReply) -> Draw:
        conversation = situation.conversation
        context = preparer.context(conversation)

        def draw(random: np.random.Generator) -> Unit:
            reading = preparer.reading(
                not_told(reply.text, conversation, random) or "", conversation
            )
            said = np.full((len(reading.said), len(FINDINGS)), np.nan)
            column = FINDINGS.index("asks_again")
            for row, one in enumerate(context.said):
                if open_to("asks_again", one, context):
                    said[row, column] = 0.0
            return Unit("graded", situation.situation, [reading], [Targets(said=said, fits=1.0)])

        return draw

    return [
        draw_for(situation, reply)
        for situation in situations
        for reply in situation.replies
        if (reply.grades["active_listening"] or 0) >= 45
        and not reply.asks_again
        and not_told(reply.text, situation.conversation, np.random.default_rng(0)) is not None
    ]


def echoes(situations: Sequence[Situation], preparer: Preparer) -> list[Draw]:
    """Return good replies beside the customer's own words given back, drawn anew each time."""
    found: list[Draw] = []
    for situation in situations:
        good = [r for r in situation.replies if (r.grades["active_listening"] or 0) >= 60]
        if not good or len(situation.conversation.newest.split()) < 5:
            continue

        def draw(
            random: np.random.Generator,
            situation: Situation = situation,
            good: list[GradedReply] = good,
        ) -> Unit:
            conversation = situation.conversation
            reply = good[int(random.integers(len(good)))]
            own = preparer.reading(reply.text, conversation)
            reading = preparer.reading(echo(conversation, random), conversation)
            grades = [
                float("nan") if reply.grades[d] is None else _ECHO[d] / 100.0 for d in DIMENSIONS
            ]
            targets = [
                graded_targets(situation, reply, own, preparer.context(conversation)),
                Targets(graded=(grades[0], grades[1], grades[2])),
            ]
            relations = [
                Relation(0, 1, d, max(0.1, (reply.grades[n] or 0) / 100.0 - grades[d]), "pair")
                for d, n in enumerate(DIMENSIONS)
                if d > 0 and reply.grades[n] is not None
            ]
            return Unit("graded", situation.situation, [own, reading], targets, relations)

        found.append(draw)
    return found


def same_units(examples: Sequence[SameMeaning], preparer: Preparer) -> list[Unit]:
    """Return replies and the same said otherwise, which must not move any dimension."""
    units = []
    for example in examples:
        conversation = Conversation(example.history, example.screen)
        readings = [preparer.reading(t, conversation) for t in (example.other, example.text)]
        relations = [Relation(0, 1, d, 0.0, "shift") for d in range(len(DIMENSIONS))]
        units.append(Unit("same", example.id, readings, [Targets(), Targets()], relations))
    return units


def injection_draws(
    examples: Sequence[InjectionExample], situations: Sequence[Situation], preparer: Preparer
) -> list[Draw]:
    """Return sentences that speak to the scorer, or look like it, put into replies."""

    def draw_for(example: InjectionExample) -> Draw:
        def draw(random: np.random.Generator) -> Unit:
            situation = situations[int(random.integers(len(situations)))]
            reply = situation.replies[int(random.integers(len(situation.replies)))]
            spans = split(reply.text)
            own = split(example.text)
            place = int(random.integers(len(spans) + 1))
            if random.random() < 0.15:
                spans, place = [], 0
            mixed = [*spans[:place], *own, *spans[place:]]
            labels = [0.0] * place + [float(example.injection)] * len(own)
            labels += [0.0] * (len(spans) - place)
            reading = preparer.of_spans(mixed, situation.conversation)
            targets = Targets(injection=tuple(labels))
            return Unit("injection", example.id, [reading], [targets])

        return draw

    return [draw_for(e) for e in examples]


def plan(
    fixed: Mapping[str, Sequence[Unit]],
    drawn: Mapping[str, Sequence[Draw]],
    passes: Mapping[str, int],
    random: np.random.Generator,
) -> Iterator[Unit]:
    """Yield every unit as often as its task has passes, in random order; drawn ones anew."""
    todo: list[Unit | Draw] = []
    for name, units in fixed.items():
        todo += [*units] * passes[name]
    for name, draws in drawn.items():
        todo += [*draws] * passes[name]
    for i in random.permutation(len(todo)):
        one = todo[int(i)]
        yield one if isinstance(one, Unit) else one(random)
