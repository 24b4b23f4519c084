"""Scenario files and prompts, read from disk with every mistake named by its place."""
