"""The scorer's network: the MiniLM encoder with low-rank adapters, and a head for every signal.

Reply and conversation are read in one sequence, so that every word of the one is seen in the light
of the other. Replies are pooled as mean and maximum over their tokens; each level head also sees
the mean of the tokens that its rationale head picks (Sharma et al., EMNLP 2020, train levels and
rationales together; the pooling is SCORING.md's). A customer's sentence is pooled where it stands
in the conversation, after it has "seen" the reply: that is how a finding knows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from coachbot.scoring.features import CONTEXT_FEATURES, REPLY_FEATURES, SENTENCE_FEATURES
from coachbot.scoring.findings import FINDINGS, SAID_FEATURES
from coachbot.scoring.interface import BEHAVIOURS, DIMENSIONS, DISMISSAL_KINDS, LEVELS, QUESTIONS

if TYPE_CHECKING:
    from transformers import BertModel
    from transformers.models.bert.modeling_bert import BertLayer

WIDTH = 384
_HIDDEN = 128


class Adapted(nn.Module):
    """A linear map with a low-rank correction: W x + b + B A x (Hu et al., 2021).

    W and b stay as they were; B starts at zero, so that training starts from the original.
    """

    def __init__(self, original: nn.Linear, rank: int) -> None:
        super().__init__()
        self.original = original.requires_grad_(requires_grad=False)
        self.down = nn.Parameter(torch.empty(rank, original.in_features))
        self.up = nn.Parameter(torch.zeros(original.out_features, rank))
        nn.init.normal_(self.down, std=original.in_features**-0.5)

    def forward(self, inputs: Tensor) -> Tensor:
        """Map (..., in) to (..., out)."""
        low = functional.linear(functional.linear(inputs, self.down), self.up)
        return cast("Tensor", self.original(inputs)) + low

    def merged(self) -> nn.Linear:
        """Return the plain linear map that does the same."""
        with torch.no_grad():
            self.original.weight += self.up @ self.down
        return self.original


@dataclass(frozen=True)
class Batch:
    """Sequences of one batch, padded, with the groups that tokens are pooled by.

    ``ids``, ``types`` and ``mask`` have shape (readings, tokens). The others hold, for each token
    of the flattened batch, the number of its group or -1: the reply (with the mark that opens the
    sequence), the newest message, the whole conversation, the reply's sentence, the customer's
    sentence. The first ``count`` rows are readings, the rest is padding.
    """

    count: int
    ids: Tensor
    types: Tensor
    mask: Tensor
    reply: Tensor
    newest: Tensor
    context: Tensor
    sentence: Tensor
    said: Tensor
    sentence_count: int
    said_count: int
    reply_features: Tensor
    context_features: Tensor
    sentence_features: Tensor
    said_features: Tensor


@dataclass(frozen=True)
class Answers:
    """Outputs for a batch; see ``coachbot.scoring.reading.Read``. ``rationale`` is by token."""

    levels: Tensor
    rationale: Tensor
    behaviour: Tensor
    question: Tensor
    uptake: Tensor
    fits: Tensor
    graded: Tensor
    dismissal: Tensor
    called: Tensor
    templated: Tensor
    injection: Tensor
    said: Tensor


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: BertModel, rank: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(requires_grad=False)
        for layer in self.encoder.encoder.layer:
            for holder, name in linear_maps(cast("BertLayer", layer)):
                setattr(holder, name, Adapted(getattr(holder, name), rank))
        features, pooled = len(REPLY_FEATURES), 2 * WIDTH
        self.dropout = nn.Dropout(dropout)
        self.rationale = nn.Linear(WIDTH, len(LEVELS))
        self.level = nn.ModuleList(nn.Linear(pooled + WIDTH + features, 3) for _ in LEVELS)
        self.behaviour = nn.Linear(pooled + features, len(BEHAVIOURS))
        self.question = nn.Linear(pooled + features, len(QUESTIONS))
        self.uptake = nn.Linear(pooled + WIDTH + features, 1)
        self.fits = _perceptron(pooled + WIDTH + features, 1)
        self.graded = _perceptron(pooled + WIDTH + features, len(DIMENSIONS))
        self.dismissal = nn.Linear(pooled + features, 1 + len(DISMISSAL_KINDS))
        self.called = nn.Linear(pooled + len(CONTEXT_FEATURES), 2)
        self.templated = nn.Linear(pooled + len(SENTENCE_FEATURES), 1)
        self.injection = nn.Linear(pooled + len(SENTENCE_FEATURES), 1)
        self.said = _perceptron(pooled + WIDTH + len(SAID_FEATURES), len(FINDINGS))

    def halve(self) -> None:
        """Keep the encoder's maps in bfloat16, adapters apart: for reading with ``half``."""
        for layer in self.encoder.encoder.layer:
            for holder, name in linear_maps(cast("BertLayer", layer)):
                found = getattr(holder, name)
                (found.original if isinstance(found, Adapted) else found).to(torch.bfloat16)

    def merge(self) -> None:
        """Add the adapters to the maps they correct: the same answers in less time."""
        for layer in self.encoder.encoder.layer:
            for holder, name in linear_maps(cast("BertLayer", layer)):
                adapted = getattr(holder, name)
                setattr(holder, name, adapted.merged())

    def heads(self) -> dict[str, Tensor]:
        """Return what is learned (adapters and heads), by name."""
        return {
            name: value
            for name, value in self.state_dict().items()
            if not name.startswith("encoder.") or name.endswith((".down", ".up"))
        }

    def tokens(self, batch: Batch, *, half: bool = False) -> Tensor:
        """Return the encoded tokens of a batch, flattened: (rows * length, width)."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            hidden = self.encoder(
                input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask
            ).last_hidden_state
        return cast("Tensor", hidden.float().flatten(0, 1))

    def sentences(self, tokens: Tensor, batch: Batch) -> Tensor:
        """Return what the sentence heads see of each sentence of the replies."""
        pooled = self.dropout(_pool(tokens, batch.sentence, batch.sentence_count))
        return torch.cat([pooled, batch.sentence_features], dim=1)

    def forward(self, batch: Batch, *, half: bool = False) -> Answers:
        """Read a batch; with ``half``, the encoder works in bfloat16, which takes half the time."""
        tokens = self.tokens(batch, half=half)
        count = batch.count
        reply = self.dropout(_pool(tokens, batch.reply, count))
        newest = self.dropout(_mean(tokens, batch.newest, count))
        context = self.dropout(_pool(tokens, batch.context, count))
        rationale = self.rationale(tokens)
        features = batch.reply_features
        plain = torch.cat([reply, features], dim=1)
        both = torch.cat([reply, newest, features], dim=1)
        levels = []
        for i, head in enumerate(self.level):
            picked = _mean(tokens, batch.reply, count, torch.sigmoid(rationale[:, i]))
            levels.append(head(torch.cat([reply, self.dropout(picked), features], dim=1)))
        parts = self.sentences(tokens, batch)
        said = self.dropout(_pool(tokens, batch.said, batch.said_count))
        owner = _owners(batch.said, batch.said_count, batch.ids.shape[1])
        said = torch.cat([said, reply[owner][:, :WIDTH], batch.said_features], dim=1)
        return Answers(
            levels=torch.stack(levels, dim=1),
            rationale=rationale,
            behaviour=self.behaviour(plain),
            question=self.question(plain),
            uptake=self.uptake(both)[:, 0],
            fits=self.fits(both)[:, 0],
            graded=self.graded(both),
            dismissal=self.dismissal(plain),
            called=self.called(torch.cat([context, batch.context_features], dim=1)),
            templated=self.templated(parts)[:, 0],
            injection=self.injection(parts)[:, 0],
            said=self.said(said),
        )


def linear_maps(layer: BertLayer) -> list[tuple[nn.Module, str]]:
    """Return where a layer's six linear maps are."""
    attention = layer.attention
    return [
        (attention.self, "query"),
        (attention.self, "key"),
        (attention.self, "value"),
        (attention.output, "dense"),
        (layer.intermediate, "dense"),
        (layer.output, "dense"),
    ]


def _perceptron(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, _HIDDEN), nn.GELU(), nn.Linear(_HIDDEN, outputs))


def _mean(tokens: Tensor, groups: Tensor, count: int, weights: Tensor | None = None) -> Tensor:
    """Return the (weighted) mean of the tokens of each group; 0 for a group without any."""
    inside = groups >= 0
    chosen, places = tokens[inside], groups[inside]
    share = torch.ones(len(places)) if weights is None else weights[inside]
    total = torch.zeros(count, tokens.shape[1]).index_add(0, places, chosen * share[:, None])
    mass = torch.zeros(count).index_add(0, places, share)
    return total / mass.clamp_min(1e-6)[:, None]


def _pool(tokens: Tensor, groups: Tensor, count: int) -> Tensor:
    """Return mean and maximum of the tokens of each group side by side; 0 without any."""
    inside = groups >= 0
    chosen, places = tokens[inside], groups[inside]
    index = places[:, None].expand(-1, tokens.shape[1])
    most = torch.zeros(count, tokens.shape[1]).scatter_reduce(
        0, index, chosen, reduce="amax", include_self=False
    )
    return torch.cat([_mean(tokens, groups, count), most], dim=1)


def _owners(groups: Tensor, count: int, width: int) -> Tensor:
    """Return the reading that each group's tokens belong to."""
    places = torch.arange(len(groups)) // width
    inside = groups >= 0
    owner = torch.zeros(count, dtype=torch.long)
    owner[groups[inside]] = places[inside]
    return owner
