"""Tests of `coachbot.store`."""
