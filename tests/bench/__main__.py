"""Run every measurement and print a line for each."""

from __future__ import annotations

from tests.bench import help_text, start_up


def main() -> None:
    """Measure; the lines come as they are known."""
    for measurement in (help_text, start_up):
        print(measurement.measure(), flush=True)


if __name__ == "__main__":
    main()
