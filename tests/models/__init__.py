"""Tests of `coachbot.models`."""
