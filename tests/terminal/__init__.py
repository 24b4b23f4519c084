"""Tests of `coachbot.terminal`."""
