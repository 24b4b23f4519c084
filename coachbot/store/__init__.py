"""Sessions in SQLite. All SQL of the project is here.

Read ``schema`` for the tables, ``database`` for connections and transactions, ``rows`` for how a
session becomes rows and rows a session, ``sessions`` for the repository, ``failures`` for what a
person reads when the file can't be used.
"""

from __future__ import annotations

from coachbot.store.sessions import Store, open_store

__all__ = ["Store", "open_store"]
