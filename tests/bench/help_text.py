"""`coachbot --help` beside a Python that does nothing."""

from __future__ import annotations

from tests.bench.clock import Comparison, compare, python


def measure() -> list[Comparison]:
    """Run both as processes of their own."""
    return [
        compare(
            "coachbot --help",
            python("-m", "coachbot", "--help"),
            "an empty Python",
            python("-c", "pass"),
            rounds=20,
        )
    ]
