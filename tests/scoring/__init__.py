"""Tests of `coachbot.scoring`."""
