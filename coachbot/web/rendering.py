"""Templates, what they can call, and the page's own files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from coachbot.coaching.permissions import where
from coachbot.coaching.reviewing import ASKED
from coachbot.reporting.charts.chart import UNSCORED
from coachbot.reporting.charts.progress_chart import MONTHS
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.overviews import MOST_COUNTED
from coachbot.reporting.wording import OUTCOMES
from coachbot.scoring.interface import DIMENSIONS

if TYPE_CHECKING:
    from starlette.requests import Request

    from coachbot.web.pages import Page
    from coachbot.web.visit import Visit

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
          ".svg": "image/svg+xml"}  # fmt: skip
LEGEND = (
    ("Passed", "Everything was done, the customer was won over, and each score reached its mark."),
    ("Passed with help", "The same, and a hint was read on the way."),
    ("Resolved", ("Everything was done and the customer was won over, but a score is below its "
                  "mark, or more than one thing was promised that may not be.")),
    ("Resolved, coldly", "Everything was done, but the customer was not won over."),
    ("The customer left", "Their mood or their patience was at an end, and they broke it off."),
    ("The customer gave up", "Their patience was at an end, and they let the matter drop."),
    ("Ended early", "The hire ended the conversation."),
    ("Out of turns", "The conversation was as long as it may be before everything was done."),
)  # fmt: skip
"""The words that stand for how a conversation ended, and what each means."""
MENU_TEAMS = 4
"""Teams that stand in the menu; the others are on the first page."""


class Rendering:
    """Makes pages of templates. Whatever is not marked as safe is escaped."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.name: page for page in pages}
        self._files = {
            file.name: file.read_bytes()
            for file in sorted((_HERE / "static").iterdir())
            if file.suffix in _TYPES
        }
        # In the address, so that browsers keep them for good and still get the new ones.
        self._version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12]
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            asset=self.asset,
            to=self.to,
            DIMENSIONS=DIMENSIONS,
            NAMES={dimension: name.capitalize() for dimension, name in NAMES.items()},
            ASKED=ASKED,
            OUTCOMES={**OUTCOMES, "ended": "Ended early"},
            LEGEND=LEGEND,
            UNSCORED=UNSCORED,
        )
        self._templates.filters.update(
            points=points,
            signed=signed,
            day=day,
            month_day=month_day,
            counted=counted,
            svg=inline_svg,
        )

    def page(self, visit: Visit, template: str, values: Mapping[str, Any]) -> str:
        """The HTML of a page."""
        now = visit.office.clock()
        shared = {
            "visit": visit,
            "me": visit.member,
            "menu": self._menu(visit),
            "demo": visit.office.demo,
            "ago": lambda moment: ago(moment, now),
        }
        return self._templates.get_template(template).render({**shared, **values})

    def to(self, page: str, **parts: str) -> str:
        """The address of a page by its name; empty where there is no such page."""
        found = self._pages.get(page)
        if found is None:
            return ""
        quoted = {name: quote(str(value), safe="") for name, value in parts.items()}
        return found.path.format(**quoted)

    def asset(self, name: str) -> str:
        """The address of one of the page's own files."""
        if name not in self._files:
            raise LookupError(f"there is no static file {name}")
        return f"/static/{self._version}/{name}"

    async def static(self, request: Request) -> Response:
        """One of the page's own files."""
        name, version = request.path_params["name"], request.path_params["version"]
        content = self._files.get(name)
        if content is None or version != self._version:
            raise HTTPException(404)
        kept = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(content, media_type=_TYPES[Path(name).suffix], headers=kept)

    def _menu(self, visit: Visit) -> list[tuple[str, str, bool]]:
        """Label, address, and whether one is there, of what the visitor may open."""
        here = visit.request.url.path
        entries = []
        for page in self._pages.values():
            allowed = page.action is not None and where(visit.member, page.action)
            if page.menu is not None and allowed:
                entries.append((page.menu, page.path))
            if page.name == "team":
                teams = visit.teams()
                shown = teams if len(teams) <= MENU_TEAMS else ()
                entries += [(t, self.to("team", team=visit.key("team", t))) for t in shown]
        return [(label, path, here == path) for label, path in entries]


def points(value: float | None) -> str:
    """A score in whole points."""
    return "–" if value is None else f"{value:.0f}"


def signed(value: float, decimals: int = 0) -> str:
    """A change in points, with its sign."""
    value = round(value, decimals)
    return f"{value:+.{decimals}f}".replace("-", "−") if value else "±0"


def counted(number: int, most: int = MOST_COUNTED) -> str:
    """A count that stops at ``most``."""
    return f"{most}+" if number >= most else str(number)


def day(moment: str) -> str:
    """A day as it is written: 5 Mar 2026. ``moment``: ISO 8601, a day or a time."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def month_day(moment: str) -> str:
    """The same without the year."""
    return day(moment).rsplit(" ", 1)[0]


def ago(moment: str, now: datetime) -> str:
    """How long ago a moment was, in days."""
    days = (now.date() - datetime.fromisoformat(moment).astimezone(UTC).date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 60 else day(moment)


def inline_svg(svg: str) -> Markup:
    """A chart of ``coachbot.reporting.charts`` as it is: its texts were escaped when it was drawn.

    Nothing that anybody typed may go through here otherwise.
    """
    return Markup(svg)  # noqa: S704
