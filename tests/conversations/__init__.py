"""Conversations that are played against every customer, and random ones."""
