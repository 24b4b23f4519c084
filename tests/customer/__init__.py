"""Tests of `coachbot.customer`."""
