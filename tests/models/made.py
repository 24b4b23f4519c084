"""Small things that the model tests are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from coachbot.models.examples import Situation
from coachbot.models.lessons import Preparer
from coachbot.models.network import Adapted, Network
from coachbot.models.reader import load_encoder
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.words import Rarity

PREPARER = Preparer(Rarity())
KITE = "The kite was for my son's birthday. It's still in Hull. Will it be here by Friday?"


def random_network(seed: int, rank: int = 4) -> Network:
    """Return the encoder's own weights with adapters and heads drawn at random."""
    torch.manual_seed(seed)
    network = Network(load_encoder(), rank)
    for module in network.modules():
        if isinstance(module, Adapted):
            torch.nn.init.normal_(module.up, std=0.03)
    return network.eval()


def grades(
    empathy: float | None = 50, listening: float | None = 50, individual: float | None = 50
) -> dict[Dimension, float | None]:
    """Return grades by dimension."""
    return dict(zip(DIMENSIONS, (empathy, listening, individual), strict=True))


def reply(name: str, text: str, **changes: Any) -> dict[str, Any]:
    """Return a graded reply as it stands in a file: 50 on every dimension, no marks."""
    return {
        "id": name,
        "text": text,
        "shows": "nothing much",
        "grades": grades(),
        "dismissal": None,
        "templated": 0.0,
        "asks_again": [],
        "unanswered": [],
        "contradicts": [],
    } | changes


def pair(dimension: Dimension, better: str, worse: str, **changes: Any) -> dict[str, Any]:
    """Return a pair as it stands in a file."""
    return {
        "dimension": dimension,
        "better": better,
        "worse": worse,
        "differs_in": "one thing",
    } | changes


def row(
    name: str,
    replies: Sequence[Mapping[str, Any]],
    pairs: Sequence[Mapping[str, Any]] = (),
    **changes: Any,
) -> dict[str, Any]:
    """Return a situation as it stands in a file; the customer asks about a kite unless told."""
    return {
        "situation": name,
        "industry": "toys",
        "kind": "external",
        "voice": "plain",
        "language": "en",
        "history": [{"speaker": "customer", "text": KITE}],
        "screen": "Order 55120. Van from Hull leaves at 18:00.",
        "called_for": dict.fromkeys(DIMENSIONS, True),
        "replies": [*replies],
        "pairs": [*pairs],
    } | changes


def situation(
    name: str,
    replies: Sequence[Mapping[str, Any]],
    pairs: Sequence[Mapping[str, Any]] = (),
    **changes: Any,
) -> Situation:
    """Return a situation."""
    return Situation.model_validate(json.loads(json.dumps(row(name, replies, pairs, **changes))))


def write_rows(file: Path, *rows: Mapping[str, Any]) -> None:
    """Write rows as lines of JSON."""
    file.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
