"""Charts, one definition each: drawn as SVG, read as a table, told in a sentence.

:func:`debrief_card` is the picture after a session, :func:`progress_chart` that of many,
:func:`bench_chart` that of a scenario played by scripted agents, :func:`trust_chart` that of how
far scores and people agree. All are plain values: nothing is
drawn before ``svg()`` is called.
"""

from __future__ import annotations

from coachbot.reporting.charts.bench_chart import BenchChart, bench_chart
from coachbot.reporting.charts.chart import Chart, Table
from coachbot.reporting.charts.debrief_card import DebriefCard, debrief_card
from coachbot.reporting.charts.progress_chart import ProgressChart, progress_chart
from coachbot.reporting.charts.trust_chart import TrustChart, trust_chart

__all__ = [
    "BenchChart",
    "Chart",
    "DebriefCard",
    "ProgressChart",
    "Table",
    "TrustChart",
    "bench_chart",
    "debrief_card",
    "progress_chart",
    "trust_chart",
]
