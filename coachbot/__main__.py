"""``python -m coachbot`` is the ``coachbot`` command."""

from __future__ import annotations

from coachbot.cli import main

if __name__ == "__main__":
    main(prog_name="coachbot")
