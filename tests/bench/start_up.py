"""The way to the customer's first words beside importing sentence-transformers alone."""

from __future__ import annotations

import os

from tests.bench.clock import Comparison, compare, python


def measure() -> list[Comparison]:
    """Start a session that gets no reply: everything is loaded, and the customer opens."""
    return [
        compare(
            "the customer's first words",
            python("-m", "coachbot", "practice", "late-parcel", "--script", os.devnull, "--json"),
            "importing sentence-transformers",
            python("-c", "import sentence_transformers"),
            rounds=5,
        )
    ]
