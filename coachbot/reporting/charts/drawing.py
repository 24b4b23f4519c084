"""From a chart's layout to SVG, by the chart's template in ``templates``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.curve import number
from coachbot.reporting.charts.typeface import FAMILY

PALETTE = {
    "paper": "#ffffff",
    "ink": "#1b2430",
    "muted": "#566272",
    "track": "#e4e9ef",
    "grid": "#d5dce4",
    # Blue and orange are told apart with any kind of colour vision; words say the same beside.
    "good": "#0b5cad",
    "short": "#b4520a",
    "wash": "#e3eefa",
    "range": "#8fb6df",
    "gap": "#97a3b1",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,  # titles and names come from files
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["n"] = number
    environment.globals.update(family=FAMILY, palette=PALETTE)
    return environment


def draw(template: str, layout: Frozen, *, name: str, alt: str) -> str:
    """The SVG of a layout: the same input gives the same text, and nothing outside is referred to.

    ``name`` and ``alt`` become the picture's title and description.
    """
    return _environment().get_template(template).render(chart=layout, name=name, alt=alt)
