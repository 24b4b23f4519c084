"""Wordings that the scenario files don't have."""
