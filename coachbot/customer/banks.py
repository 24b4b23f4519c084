"""A scenario's phrases as arrays, ready to be compared with what a hire writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from coachbot.customer.everyday import EverydayQuestions, LearnedQuestions, everyday_questions
from coachbot.customer.linear import Linear, fit
from coachbot.customer.own_questions import OwnQuestions, own_questions
from coachbot.customer.promises import amounts_of
from coachbot.customer.spelling import vocabulary
from coachbot.customer.stance import CLOSED, Stance, stance, without_politeness
from coachbot.scenario.models import Line, Scenario
from coachbot.scenario.speech import scenario_banks, temperament_banks
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.text import clauses

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Example wordings of one thing: ``vectors`` has shape (len(texts), width), unit length."""

    texts: tuple[str, ...]
    vectors: Array
    stances: tuple[Stance, ...]

    def closed(self, wanted: Stance) -> Array:
        """Mask of the examples that a clause of this stance may be compared with.

        An open stance (done, promise, offer, inform) is compared with all open ones; a refusal,
        a question and the like only with examples of the very same stance.
        """
        if wanted in CLOSED:
            return np.array([s == wanted for s in self.stances], dtype=bool)
        return np.array([s not in CLOSED for s in self.stances], dtype=bool)


@dataclass(frozen=True)
class Banks:
    """Every phrase of a scenario and its temperament, embedded once."""

    acts: dict[str, Phrases]
    act_counters: dict[str, Phrases]
    facts: dict[str, Phrases]
    needs: dict[str, Phrases]
    needs_met: dict[str, Phrases]
    buttons: dict[str, Phrases]
    button_counters: dict[str, Phrases]
    forbidden: tuple[Phrases, ...]
    forbidden_counters: tuple[Phrases, ...]
    comebacks: tuple[Phrases, ...]
    everyday: EverydayQuestions
    amounts: frozenset[str]
    words: Mapping[str, int]
    triggers: dict[str, Array]
    own: OwnQuestions
    act_scores: Linear
    forbidden_scores: Linear


def lines_with_triggers(scenario: Scenario, temperaments: Sequence[Temperament]) -> list[Line]:
    """All lines that name what they answer."""
    banks = scenario_banks(scenario)
    for temperament in temperaments:
        banks += temperament_banks(temperament)
    return [line for bank in banks for line in bank.lines if line.to]


def _kind_words(scenario: Scenario) -> tuple[str, ...]:
    """The acts, the ways to take a need up, and the good replies of the file, clause by clause."""
    replies = [text for moment in scenario.moments for text in moment.good if "{" not in text]
    replies += scenario.example_conversation
    said = [clause.text for text in replies for clause in clauses(text)]
    acts = [text for act in scenario.resolution.acts for text in act.examples]
    met = [text for need in scenario.needs for text in need.met_by]
    return tuple(dict.fromkeys([*acts, *met, *said]))


def _groups(
    scenario: Scenario, temperaments: Sequence[Temperament]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """All phrases that are compared, by what they are for and the name of what they belong to."""
    groups: dict[tuple[str, str], tuple[str, ...]] = {}
    for act in scenario.resolution.acts:
        groups["act", act.id] = act.examples
        groups["act-counter", act.id] = act.counter_examples
    for fact in scenario.facts:
        # "Can I ask what ..." would otherwise be close to every other "Can I ask what ...".
        groups["fact", fact.id] = (*(without_politeness(a) for a in fact.ask), fact.about)
    for need in scenario.needs:
        groups["need", need.id] = need.ask
        groups["need-met", need.id] = need.met_by
    kind = _kind_words(scenario)
    for button in scenario.hot_buttons:
        groups["button", button.id] = button.examples
        # What the file itself calls good sets nobody off and promises nothing that it must not,
        # however near its words are.
        groups["button-counter", button.id] = (*button.counter_examples, *kind)
    for index, forbidden in enumerate(scenario.brief.may_not_offer):
        groups["forbidden", str(index)] = forbidden.examples
        groups["forbidden-counter", str(index)] = (*forbidden.counter_examples, *kind)
    for index, comeback in enumerate(scenario.comebacks):
        groups["comeback", str(index)] = comeback.to
    groups |= {
        ("everyday", everyday.id): tuple(without_politeness(a) for a in everyday.ask)
        for temperament in reversed(temperaments)
        for everyday in temperament.everyday
        if everyday.ask
    }
    lines = lines_with_triggers(scenario, temperaments)
    return groups | {("trigger", line.text): line.to for line in lines}


def build_banks(
    scenario: Scenario,
    temperaments: Sequence[Temperament],
    encoder: Encoder,
    learned: LearnedQuestions | None = None,
) -> Banks:
    """Embed everything in one batch; ``temperaments``: the scenario's own first, then general."""
    groups = _groups(scenario, temperaments)
    vectors = _embedded(groups, encoder)
    width = encoder.width

    def phrases(kind: str, name: str) -> Phrases:
        members = groups[kind, name]
        array = (
            np.stack([vectors[text] for text in members])
            if members
            else np.zeros((0, width), dtype=np.float32)
        )
        return Phrases(members, array, tuple(stance(text) for text in members))

    everyday = _everyday(groups, vectors, encoder, learned)
    question_phrases = {key: phrases(*key) for key in groups if key[0] in ("fact", "need")}

    def by_name(kind: str) -> dict[str, Phrases]:
        return {name: phrases(kind, name) for k, name in groups if k == kind}

    return Banks(
        acts=by_name("act"),
        act_counters=by_name("act-counter"),
        facts=by_name("fact"),
        needs=by_name("need"),
        needs_met=by_name("need-met"),
        buttons=by_name("button"),
        button_counters=by_name("button-counter"),
        forbidden=tuple(by_name("forbidden").values()),
        forbidden_counters=tuple(by_name("forbidden-counter").values()),
        comebacks=tuple(by_name("comeback").values()),
        everyday=everyday,
        amounts=amounts_of(scenario.model_dump_json()),
        words=vocabulary(text for group in groups.values() for text in group),
        triggers={name: phrases("trigger", name).vectors for k, name in groups if k == "trigger"},
        own=own_questions(
            {key: (own.texts, own.vectors) for key, own in question_phrases.items()},
            _fitted(question_phrases, _others(question_phrases, by_name("everyday"))),
            everyday,
            scenario.everyday,
        ),
        act_scores=_fitted(
            {("act", a.id): phrases("act", a.id) for a in scenario.resolution.acts},
            {
                key: phrases(*key)
                for key in groups
                if key[0] in ("act-counter", "fact", "need", "everyday")
            },
        ),
        forbidden_scores=_fitted(
            {key: phrases(*key) for key in groups if key[0] == "forbidden"},
            {
                key: phrases(*key)
                for key in groups
                if key[0] in ("forbidden-counter", "fact", "need", "act-counter", "button")
            },
        ),
    )


ALIKE = 0.6
"""Everyday phrases this close to one of the scenario's own may well mean that."""

OTHERS_EACH = 5
"""Phrases of each everyday question that stand for it here; more would outweigh the scenario's."""


def _others(
    own: Mapping[tuple[str, str], Phrases], everyday: Mapping[str, Phrases]
) -> dict[tuple[str, str], Phrases]:
    """The everyday questions that are about nothing of the scenario, as one group."""
    known = [phrases.vectors for phrases in own.values() if phrases.texts]
    if not known or not everyday:
        return {}
    texts = [text for phrases in everyday.values() for text in phrases.texts[:OTHERS_EACH]]
    vectors = np.concatenate([phrases.vectors[:OTHERS_EACH] for phrases in everyday.values()])
    stances = [sense for phrases in everyday.values() for sense in phrases.stances[:OTHERS_EACH]]
    far = (vectors @ np.concatenate(known).T).max(axis=1) < ALIKE
    kept = np.flatnonzero(far)
    return {
        ("everyday", "others"): Phrases(
            tuple(texts[i] for i in kept), vectors[kept], tuple(stances[i] for i in kept)
        )
    }


_EVERYDAY: WeakKeyDictionary[Encoder, dict[str, Array]] = WeakKeyDictionary()
"""The everyday phrases, which all customers share, as each encoder has them."""

_Asks = tuple[tuple[str, tuple[str, ...]], ...]
_Questions = dict[tuple[_Asks, LearnedQuestions | None], EverydayQuestions]
_QUESTIONS: WeakKeyDictionary[Encoder, _Questions] = WeakKeyDictionary()
"""The everyday questions of customers who have the same ones; fitting takes half a second."""


def _everyday(
    groups: Mapping[tuple[str, str], tuple[str, ...]],
    vectors: Mapping[str, Array],
    encoder: Encoder,
    learned: LearnedQuestions | None,
) -> EverydayQuestions:
    known = _QUESTIONS.setdefault(encoder, {})
    asks = tuple((name, texts) for (kind, name), texts in groups.items() if kind == "everyday")
    key = asks, learned
    if key not in known:
        known[key] = everyday_questions(dict(asks), vectors, learned)
    return known[key]


def _embedded(
    groups: Mapping[tuple[str, str], tuple[str, ...]], encoder: Encoder
) -> dict[str, Array]:
    """All phrases as arrays; those that every customer has are read once for all of them."""
    known = _EVERYDAY.setdefault(encoder, {})
    texts = dict.fromkeys(text for group in groups.values() for text in group)
    new = [text for text in texts if text not in known]
    vectors = dict(zip(new, encoder.encode(new), strict=True)) if new else {}
    shared = {text for (kind, _), group in groups.items() if kind == "everyday" for text in group}
    known |= {text: vector for text, vector in vectors.items() if text in shared}
    return {text: known[text] if text in known else vectors[text] for text in texts}


def _fitted(
    classes: dict[tuple[str, str], Phrases], others: dict[tuple[str, str], Phrases]
) -> Linear:
    """A linear model that tells the classes apart, and from the others."""
    vectors = [p.vectors for p in (*classes.values(), *others.values())]
    labels = [np.full(len(p.texts), i) for i, p in enumerate(classes.values())]
    labels += [np.full(len(p.texts), -1) for p in others.values()]
    return fit(np.concatenate(vectors), np.concatenate(labels), len(classes))


_STOP = frozenset(
    "a an the i you he she it we they me him her us them my your his its our their this that these "
    "those is are was were be been am do does did have has had can could will would shall should "
    "may might must to of in on at by for with from about as and or but if so not no what which "
    "who whom whose when where why how please tell give know let just also there here any some "
    "need get got like want okay ok hi hello thanks thank sorry could've i'm i'll i'd you're "
    "it's that's what's don't can't".split()
)


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning, lower case, plural s cut off."""
    cleaned = "".join(c if c.isalnum() or c == "'" else " " for c in text.lower().replace("’", "'"))
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in cleaned.split()
        if word not in _STOP
    )
