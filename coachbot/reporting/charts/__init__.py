"""Charts, one definition each: drawn as SVG, read as a table, told in a sentence.

:func:`debrief_card` is the picture after a session, :func:`progress_chart` that of many. Both are
plain values: nothing is drawn before ``svg()`` is called.
"""

from __future__ import annotations

from coachbot.reporting.charts.chart import Chart, Table
from coachbot.reporting.charts.debrief_card import DebriefCard, debrief_card
from coachbot.reporting.charts.progress_chart import ProgressChart, progress_chart

__all__ = ["Chart", "DebriefCard", "ProgressChart", "Table", "debrief_card", "progress_chart"]
