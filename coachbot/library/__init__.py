"""The library of scenarios: reads the files of a folder, and says what is wrong with them."""

from __future__ import annotations

from coachbot.library.catalogue import Library, LoadedScenario, read_scenario

__all__ = ["Library", "LoadedScenario", "read_scenario"]
