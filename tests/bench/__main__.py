"""Run every measurement and print what came of it."""

from __future__ import annotations

from tests.bench import help_text, score_lines, start_up, turn


def main() -> None:
    """Measure; each line comes as soon as it is known."""
    for measurement in (help_text, start_up, turn, score_lines):
        for comparison in measurement.measure():
            print(comparison, flush=True)


if __name__ == "__main__":
    main()
