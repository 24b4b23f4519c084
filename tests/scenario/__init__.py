"""Tests of what scenarios hold and how their parts fit together."""
