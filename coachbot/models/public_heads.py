"""Heads learned from the public sets: levels, behaviours, questions, uptake, canned text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.model_selection import GroupKFold

from coachbot.models.datasets import AnnoMIUtterance, EpitomePair, SupportTurn, UptakeExchange
from coachbot.models.fit import logistic, ridge
from coachbot.models.vectors import VectorCache
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.features import (
    Background,
    Context,
    Reply,
    Sentence,
    relations,
    split,
    texts_of_context,
)
from coachbot.scoring.heads import Linear
from coachbot.scoring.interface import BEHAVIOURS, QUESTIONS, Turn
from coachbot.scoring.scorer import join
from coachbot.scoring.signals import (
    LEVELS,
    canned_inputs,
    level_inputs,
    sentence_inputs,
    templated_inputs,
    turn_inputs,
    uptake_inputs,
)
from coachbot.scoring.text import Span

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def reply_texts(text: str) -> list[str]:
    """Return the texts whose vectors ``read_reply`` needs."""
    spans = split(text)
    return [join(spans), *(s.text for s in spans)]


def read_reply(text: str, vectors: VectorCache) -> Reply:
    """Take a reply apart, its vectors from the cache."""
    spans = split(text)
    return Reply(vectors[join(spans)], tuple(Sentence.of(s, vectors[s.text]) for s in spans))


def read_context(conversation: Conversation, vectors: VectorCache) -> Context:
    """Take a conversation apart, its vectors from the cache."""
    return Context.of(conversation, vectors.many(texts_of_context(conversation)))


def one_turn(text: str) -> Conversation:
    """Return a conversation in which a customer said one thing."""
    return Conversation((Turn(speaker="customer", text=text),) if text.strip() else (), "")


def grouped_folds(groups: Sequence[str], folds: int, seed: int) -> list[tuple[Rows, Rows]]:
    """Return (train, test) rows for cross-validation in which a group is never on both sides."""
    splitter = GroupKFold(folds, shuffle=True, random_state=seed)
    rows = np.arange(len(groups))
    return [(a, b) for a, b in splitter.split(rows, groups=np.array(groups))]


@dataclass(frozen=True)
class Epitome:
    """The EPITOME pairs, read."""

    replies: list[Reply]
    labels: dict[str, Rows]
    marked: dict[str, list[NDArray[np.bool_]]]
    groups: list[str]
    sentence_rows: list[Array]

    @classmethod
    def read(cls, pairs: Sequence[EpitomePair], vectors: VectorCache) -> Epitome:
        """Encode and take apart the pairs; a sentence is marked when a rationale lies in it."""
        vectors.add(t for p in pairs for t in reply_texts(p.response))
        replies = [read_reply(p.response, vectors) for p in pairs]
        marked = {
            level: [
                np.array([_touches(s.span, p.rationales[level], p.response) for s in r.sentences])
                for p, r in zip(pairs, replies, strict=True)
            ]
            for level in LEVELS
        }
        return cls(
            replies=replies,
            labels={m: np.array([p.levels[m] for p in pairs]) for m in LEVELS},
            marked=marked,
            groups=[p.group for p in pairs],
            sentence_rows=[sentence_inputs(r.sentences) for r in replies],
        )

    def fit_rationale(self, level: str, rows: Rows) -> Linear:
        """Fit the sentence head for one mechanism on some of the pairs."""
        inputs = np.vstack([self.sentence_rows[i] for i in rows])
        labels = np.concatenate([self.marked[level][i] for i in rows]).astype(np.int64)
        return logistic(inputs, labels, strength=0.01, balance=0.0)

    def inputs(self, rationale: Linear, rows: Rows) -> Array:
        """Return the level head's inputs, with the sentence head's scores."""
        return np.array(
            [level_inputs(self.replies[i], rationale(self.sentence_rows[i])[:, 0]) for i in rows]
        )

    def fit(self, level: str, rows: Rows, seed: int) -> tuple[Linear, Linear]:
        """Fit (rationale head, level head); the level head sees out-of-fold rationale scores."""
        groups = [self.groups[i] for i in rows]
        inputs: list[Array] = []
        order: list[int] = []
        for train, test in grouped_folds(groups, 3, seed):
            head = self.fit_rationale(level, rows[train])
            inputs.append(self.inputs(head, rows[test]))
            order += list(rows[test])
        labels = self.labels[level][order]
        level_head = logistic(np.vstack(inputs), labels, strength=0.003, classes=3)
        return self.fit_rationale(level, rows), level_head


def _touches(span: Span, rationales: Sequence[str], text: str) -> bool:
    for rationale in rationales:
        at = text.find(rationale)
        if at < 0:
            if rationale in span.text or span.text in rationale:
                return True
        elif (
            min(span.end, at + len(rationale)) - max(span.start, at)
            > min(len(rationale), span.end - span.start) / 2
        ):
            return True
    return False


@dataclass(frozen=True)
class Utterances:
    """AnnoMI's utterances, read."""

    inputs: Array
    behaviours: Rows
    questions: Rows
    groups: list[str]

    @classmethod
    def read(cls, rows: Sequence[AnnoMIUtterance], vectors: VectorCache) -> Utterances:
        """Encode and take apart the utterances with the client's words before them."""
        vectors.add(t for r in rows for t in reply_texts(r.text))
        vectors.add(t for r in rows for t in texts_of_context(one_turn(r.context)))
        inputs = [
            turn_inputs(read_reply(r.text, vectors), read_context(one_turn(r.context), vectors))
            for r in rows
        ]
        return cls(
            inputs=np.array(inputs),
            behaviours=np.array([BEHAVIOURS.index(r.behaviour) for r in rows]),
            questions=np.array([QUESTIONS.index(r.question) for r in rows]),
            groups=[r.group for r in rows],
        )

    def fit_behaviour(self, rows: Rows) -> Linear:
        """Fit the head for the four behaviours."""
        return logistic(self.inputs[rows], self.behaviours[rows], strength=0.002, classes=4)

    def fit_question(self, rows: Rows) -> Linear:
        """Fit the head for no, closed or open question."""
        return logistic(self.inputs[rows], self.questions[rows], strength=0.002, classes=3)


@dataclass(frozen=True)
class Exchanges:
    """The uptake exchanges, read. ``targets`` are ranks of the rating, scaled to 0 to 1."""

    inputs: Array
    targets: Array
    groups: list[str]

    @classmethod
    def read(
        cls, rows: Sequence[UptakeExchange], vectors: VectorCache, background: Background
    ) -> Exchanges:
        """Encode and take apart the exchanges."""
        vectors.add(t for r in rows for t in reply_texts(r.teacher))
        vectors.add(t for r in rows for t in texts_of_context(one_turn(r.student)))
        inputs = []
        for row in rows:
            reply = read_reply(row.teacher, vectors)
            context = read_context(one_turn(row.student), vectors)
            inputs.append(uptake_inputs(reply, relations(reply, context, background)))
        ranks = rankdata([r.zscore for r in rows]) / len(rows)
        return cls(np.array(inputs), ranks, [r.group for r in rows])

    def fit(self, rows: Rows) -> Linear:
        """Fit the uptake head."""
        return ridge(self.inputs[rows], self.targets[rows], penalty=300.0)


@dataclass(frozen=True)
class CannedText:
    """Sentences of agents' turns and whether each is canned, with the turns they belong to."""

    replies: list[Reply]
    sentence_rows: list[Array]
    labels: list[Rows]
    clients: list[str]
    dialogues: list[str]

    @classmethod
    def read(cls, turns: Sequence[SupportTurn], vectors: VectorCache) -> CannedText:
        """Encode and take apart the turns, their sentences as the data set splits them."""
        vectors.add(s for t in turns for s in t.sentences)
        vectors.add(" ".join(t.sentences) for t in turns)
        replies = []
        for turn in turns:
            parts, at = [], 0
            for text in turn.sentences:
                parts.append(Sentence.of(Span(at, at + len(text), text), vectors[text]))
                at += len(text) + 1
            replies.append(Reply(vectors[" ".join(turn.sentences)], tuple(parts)))
        return cls(
            replies=replies,
            sentence_rows=[canned_inputs(r.sentences) for r in replies],
            labels=[np.array(t.templated, dtype=np.int64) for t in turns],
            clients=[t.client for t in turns],
            dialogues=[t.dialogue for t in turns],
        )

    def joined(self, other: CannedText) -> CannedText:
        """Return both together."""
        return CannedText(
            self.replies + other.replies,
            self.sentence_rows + other.sentence_rows,
            self.labels + other.labels,
            self.clients + other.clients,
            self.dialogues + other.dialogues,
        )

    def take(self, rows: Rows) -> CannedText:
        """Return some of the turns."""
        return CannedText(
            [self.replies[i] for i in rows],
            [self.sentence_rows[i] for i in rows],
            [self.labels[i] for i in rows],
            [self.clients[i] for i in rows],
            [self.dialogues[i] for i in rows],
        )

    def fit_sentences(self) -> Linear:
        """Fit the sentence head; clients weigh the same however much they wrote."""
        inputs = np.vstack(self.sentence_rows)
        labels = np.concatenate(self.labels)
        clients = np.repeat(self.clients, [len(x) for x in self.labels])
        names, counts = np.unique(clients, return_counts=True)
        weight = {
            n: (len(clients) / (len(names) * c)) ** 0.5 for n, c in zip(names, counts, strict=True)
        }
        weights = np.array([weight[c] for c in clients])
        return logistic(inputs, labels, strength=0.003, balance=0.5, weights=weights)

    def fit(self, seed: int) -> tuple[Linear, Linear]:
        """Fit (sentence head, reply head); a reply is canned when most of its letters are."""
        rows = np.arange(len(self.replies))
        inputs: list[Array] = []
        labels: list[bool] = []
        for train, test in grouped_folds(self.dialogues, 3, seed):
            head = self.take(rows[train]).fit_sentences()
            for i in rows[test]:
                scores = head(self.sentence_rows[i])[:, 0]
                inputs.append(templated_inputs(self.replies[i], scores))
                labels.append(self._mostly_canned(i))
        reply_head = logistic(np.array(inputs), np.array(labels).astype(np.int64), strength=1.0)
        return self.fit_sentences(), reply_head

    def _mostly_canned(self, i: int) -> bool:
        lengths = np.array([len(s.span.text) for s in self.replies[i].sentences], dtype=float)
        return bool(self.labels[i] @ lengths >= lengths.sum() / 2)
