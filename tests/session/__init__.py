"""Tests of `coachbot.session`."""
