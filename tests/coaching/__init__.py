"""Tests of `coachbot.coaching`."""
