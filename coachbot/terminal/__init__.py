"""The practice chat in a terminal."""
