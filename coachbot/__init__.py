"""CoachBot: practise with a difficult customer, and read what your replies did."""

from __future__ import annotations

__version__ = "0.1.0"
