"""Tests of the library of scenarios."""
