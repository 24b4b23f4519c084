"""Scenario files as frozen models: pure, and the same for every way of practising."""
