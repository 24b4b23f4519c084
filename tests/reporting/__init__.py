"""Tests of `coachbot.reporting`."""
