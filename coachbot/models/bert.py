"""The encoder's network: a BERT stack as in ``all-MiniLM-L6-v2``, in plain torch.

Written out here because importing transformers or sentence-transformers costs four to six seconds
of start-up and torch alone under two (measured on 2 cores); a test shows that both give the same
vectors. Parameter names are those of the original file, so that it loads unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class BertShape:
    """Sizes of the network, read from the model's ``config.json``."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float


class _Embeddings(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        width = shape.hidden_size
        self.word_embeddings = nn.Embedding(shape.vocab_size, width)
        self.position_embeddings = nn.Embedding(shape.max_position_embeddings, width)
        self.token_type_embeddings = nn.Embedding(shape.type_vocab_size, width)
        self.LayerNorm = nn.LayerNorm(width, eps=shape.layer_norm_eps)

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        positions = torch.arange(ids.shape[1])
        total = (
            self.word_embeddings(ids)
            + self.position_embeddings(positions)
            + self.token_type_embeddings(types)
        )
        normed: Tensor = self.LayerNorm(total)
        return normed


class _Attention(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        width = shape.hidden_size
        self.heads = shape.num_attention_heads
        self.self = nn.ModuleDict(
            {name: nn.Linear(width, width) for name in ("query", "key", "value")}
        )
        self.output = nn.ModuleDict(
            {"dense": nn.Linear(width, width), "LayerNorm": nn.LayerNorm(width, shape.layer_norm_eps)}
        )

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        rows, length, width = hidden.shape

        def split(name: str) -> Tensor:
            projected: Tensor = self.self[name](hidden)
            return projected.view(rows, length, self.heads, width // self.heads).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(
            split("query"), split("key"), split("value"), attn_mask=mask
        )
        joined = mixed.transpose(1, 2).reshape(rows, length, width)
        out: Tensor = self.output["LayerNorm"](hidden + self.output["dense"](joined))
        return out


class _Layer(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        width, wide = shape.hidden_size, shape.intermediate_size
        self.attention = _Attention(shape)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, wide)})
        self.output = nn.ModuleDict(
            {"dense": nn.Linear(wide, width), "LayerNorm": nn.LayerNorm(width, shape.layer_norm_eps)}
        )

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        attended = self.attention(hidden, mask)
        wide = functional.gelu(self.intermediate["dense"](attended))
        out: Tensor = self.output["LayerNorm"](attended + self.output["dense"](wide))
        return out


class Bert(nn.Module):
    """Token ids to token vectors."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.embeddings = _Embeddings(shape)
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleList(_Layer(shape) for _ in range(shape.num_hidden_layers))}
        )

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor | None = None) -> Tensor:
        """Return token vectors of shape (rows, length, width).

        ``ids`` are token ids (rows, length); ``mask`` is True where a token is real; ``types``
        are 0 for the first text of a pair and 1 for the second (all 0 when absent).
        """
        hidden: Tensor = self.embeddings(ids, torch.zeros_like(ids) if types is None else types)
        attend = mask[:, None, None, :]
        layers = self.encoder["layer"]
        assert isinstance(layers, nn.ModuleList)  # noqa: S101 (narrows the type)
        for layer in layers:
            hidden = layer(hidden, attend)
        return hidden
