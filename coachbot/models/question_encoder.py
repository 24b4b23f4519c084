"""The encoder for everyday questions: MiniLM with adapters that were taught what is asked the same.

The encoder as it comes puts "Where did you buy it?" beside "When did you buy it?"; what is asked
decides what a customer answers. Low-rank adapters (Hu et al., 2021) are trained to put wordings of
one question together: cross-entropy over cosines to a vector of each question, and a supervised
contrastive loss (Khosla et al., 2020) among the wordings of a batch. The original's weights are
shared with it, so that it takes next to no memory.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from coachbot.models import threads
from coachbot.models.encoder import MiniLM
from coachbot.models.network import Adapted, linear_maps

if TYPE_CHECKING:
    from transformers import BertModel
    from transformers.models.bert.modeling_bert import BertLayer

RANK = 16
EPOCHS = 4
"""After two, wordings that were left out were known as often as after four."""
BATCH = 96
LONGEST = 64
"""Tokens of a wording that are read in training."""
_RATES = {"adapters": 1.5e-3, "questions": 5e-3, "scale": 1e-2}
_CONTRAST, _TEMPERATURE, _SMOOTHING = 0.3, 0.07, 0.1
_CARELESS = 0.2
"""Share of the wordings that are read as typed in haste: small letters, no question mark."""


class QuestionEncoder(MiniLM):
    """Texts to unit vectors of 384 numbers, near each other where the same is asked."""

    def __init__(self, original: MiniLM, rank: int = RANK) -> None:
        model = original.model
        shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
        super().__init__(copy.deepcopy(model, shared))
        for layer in self.bert.encoder.layer:
            for holder, name in linear_maps(cast("BertLayer", layer)):
                setattr(holder, name, Adapted(getattr(holder, name), rank))
        self.model.train(mode=False)

    @property
    def bert(self) -> BertModel:
        """The transformer in it."""
        return cast("BertModel", self.model[0].auto_model)

    def adapters(self) -> dict[str, Tensor]:
        """What is learned, by name."""
        return {
            name: value.detach()
            for name, value in self.bert.named_parameters()
            if name.endswith((".down", ".up"))
        }

    def adapt(self, adapters: Mapping[str, Tensor]) -> None:
        """Take adapters that were learned. Raises KeyError or RuntimeError for others'."""
        with torch.no_grad():
            for name, value in self.adapters().items():
                value.copy_(adapters[name])

    @threads.repeatable()
    def learn(self, texts: Sequence[str], labels: NDArray[np.int64], *, seed: int = 0) -> Tensor:
        """Train the adapters; return what the questions' scores are made by.

        ``labels``: (texts,), the number of each text's question, from 0 on without a gap. Returns
        (384, questions): a unit vector times it gives log-odds up to a constant.
        """
        torch.manual_seed(seed)
        draw = np.random.default_rng(seed)
        goal = torch.tensor(labels)
        with torch.no_grad():
            now = torch.tensor(self.encode(texts))
        count = int(labels.max()) + 1
        means = torch.zeros(count, self.width).index_add(0, goal, now)
        questions = nn.Parameter(functional.normalize(means, dim=1))
        scale = nn.Parameter(torch.tensor(3.0))
        adapters = [p for n, p in self.bert.named_parameters() if n.endswith((".down", ".up"))]
        groups = {"adapters": adapters, "questions": [questions], "scale": [scale]}
        optimizer = torch.optim.AdamW(
            [{"params": params, "lr": _RATES[name]} for name, params in groups.items()],
            weight_decay=0.01,
        )
        batches = max(1, len(texts) // BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, list(_RATES.values()), total_steps=EPOCHS * batches, pct_start=0.1
        )
        self.bert.train()
        for _ in range(EPOCHS):
            for rows in _batches(draw, len(texts), batches):
                typed = [_carelessly(texts[i], draw) for i in rows]
                vectors = self._vectors(typed)
                mine = goal[torch.tensor(rows)]
                cosines = vectors @ functional.normalize(questions, dim=1).T
                loss = functional.cross_entropy(
                    scale.exp() * cosines, mine, label_smoothing=_SMOOTHING
                )
                loss = loss + _CONTRAST * _contrast(vectors, mine)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                schedule.step()
        self.bert.train(mode=False)
        with torch.no_grad():
            return (scale.exp() * functional.normalize(questions, dim=1)).T.contiguous()

    def _vectors(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors, (texts, 384), that gradients go through."""
        read = [encoding.ids[:LONGEST] for encoding in self.tokenizer.encode_batch(list(texts))]
        ids = torch.zeros(len(read), max(map(len, read)), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, tokens in enumerate(read):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return functional.normalize((hidden * mask[:, :, None]).sum(dim=1), dim=1)


def _batches(draw: np.random.Generator, count: int, batches: int) -> Iterator[list[int]]:
    """All rows in a new order, in batches of nearly the same size."""
    for part in np.array_split(draw.permutation(count), batches):
        yield part.tolist()


def _carelessly(text: str, draw: np.random.Generator) -> str:
    return text.lower().rstrip("?") if draw.random() < _CARELESS else text


def _contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """The supervised contrastive loss of a batch; 0 where no two wordings ask the same."""
    alone = torch.eye(len(labels), dtype=torch.bool)
    similar = (vectors @ vectors.T / _TEMPERATURE).masked_fill(alone, -1e9)
    same = (labels[:, None] == labels[None]) & ~alone
    shares = similar - torch.logsumexp(similar, dim=1, keepdim=True)
    has = same.any(dim=1)
    if not has.any():
        return vectors.new_zeros(())
    return -((shares * same).sum(dim=1)[has] / same.sum(dim=1)[has]).mean()
