"""How far people agree with the scores, what to grade next, and what a new scorer would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from coachbot.agreement.groups import GroupBias
from coachbot.agreement.verdict import ENOUGH, Verdict
from coachbot.coaching.trusting import MOST_CANDIDATES, PICKS
from coachbot.reporting.charts import trust_chart
from coachbot.reporting.overviews import Sieve
from coachbot.reporting.trust import SMALLEST_GROUP, VERDICTS
from coachbot.reporting.trust_finding import finding
from coachbot.reporting.trust_text import figure, still_needed
from coachbot.web.pages import Page
from coachbot.web.pages.filters import Choice, Filters

if TYPE_CHECKING:
    from coachbot.coaching.previewing import Preview
    from coachbot.coaching.trusting import Offer
    from coachbot.reporting.trust import DimensionTrust, TrustPage
    from coachbot.web.visit import Visit

CHANGED = 8
"""Sessions of a preview that are listed."""

DRAWS = -(-MOST_CANDIDATES // PICKS)
"""How often other sessions can be asked for, at the most."""

PLAIN: Mapping[Verdict, str] = {
    "trusted": "People who graded without seeing the score come to much the same.",
    "practice_only": "People grade this differently too often. Good for practice; judge nobody "
    "by it.",
    "not_enough": "Nobody knows yet how far these scores agree with your people.",
}

LEANING = {
    "too high": "too high",
    "too low": "too low",
    "not clear": "no clear lean",
    "too few": "too few to say",
}

RANGES = {
    "as promised": "as promised",
    "too narrow": "too narrow: the scorer is less sure than it says",
    "too wide": "wider than they need to be",
    "not clear": "too few grades to say",
}

MATCHED = {
    "better": "nearer to people’s grades",
    "worse": "further from people’s grades",
    "not clear": "no clear difference",
    "too few": "too few graded to say",
}


@dataclass(frozen=True)
class Lean:
    """Biases of one kind of group. ``clear``: how many lean clearly."""

    title: str
    groups: tuple[tuple[str, GroupBias], ...]

    @property
    def clear(self) -> int:
        """How many lean beyond chance."""
        return sum(group.leaning in ("too high", "too low") for _, group in self.groups)


def show(visit: Visit) -> Response:
    """Show the verdicts and their figures, then what to do about them."""
    office = visit.office
    mine = visit.teams("grade_session")
    filters, teams, scorer = _filters(visit, mine)
    page = office.trusting.page(teams, scorer)
    if scorer is None and page is not None:
        scorer = page.scorer
    draw = visit.number("draw", DRAWS)
    offer = office.trusting.offer(
        teams, grader=visit.me.person, scorer=scorer, skip=(draw - 1) * PICKS
    )
    picks, draws = offer.picks, max(1, -(-offer.left // PICKS))
    kept = office.kept_preview(teams, CHANGED)
    found = office.trusting.repository.briefs([pick.session for pick in picks])
    named = [one.scenario for one in found.values()]
    if kept is not None:
        named += [one.scenario for one in kept.preview.sessions]
    return visit.render(
        "trust.html",
        filters=filters,
        page=page,
        finding=finding(page) if page else None,
        still_needed=still_needed,
        more=_more(page, offer) if page else "",
        chart=trust_chart(page) if page else None,
        leans={one.dimension: _leans(visit, one) for one in page.dimensions} if page else {},
        people={one.dimension: _people(one, page) for one in page.dimensions} if page else {},
        picks=picks,
        found=found,
        offer=offer,
        draw=min(draw, draws),
        draws=draws,
        kept=kept,
        in_use=kept is not None and kept.preview.scorer in office.overviews.scorers(),
        matches=_matches(kept.preview) if kept else {},
        titles=visit.titles(named),
        download=_download(filters),
        figure=figure,
        ENOUGH=ENOUGH,
        LEANING=LEANING,
        MATCHED=MATCHED,
        PLAIN=PLAIN,
        RANGES=RANGES,
        SMALLEST_GROUP=SMALLEST_GROUP,
        VERDICTS=VERDICTS,
    )


def download(visit: Visit) -> Response:
    """People's grades as examples that a scorer can be trained with, masked."""
    _, teams, _ = _filters(visit, visit.teams("export_team"))
    lines = visit.office.graded_examples(teams)
    if not lines:
        return visit.render(
            "message.html",
            404,
            title="No grades to hand out yet",
            text="A scorer learns from grades of single replies, and of sessions of one reply. "
            "Nobody has given one in your teams; grades of longer sessions don’t say which reply "
            "earned them.",
        )
    named = {"content-disposition": 'attachment; filename="grades.jsonl"'}
    return Response(lines, media_type="application/jsonl; charset=utf-8", headers=named)


def _filters(visit: Visit, mine: tuple[str, ...]) -> tuple[Filters, tuple[str, ...], str | None]:
    """The filters, and the teams and the scorer that they stand for; None: the one graded last."""
    keys = {visit.key("team", team): team for team in mine}
    scorers = [name for name, _ in visit.office.trusting.repository.scorers()]
    team, scorer = visit.query.get("team", ""), visit.query.get("scorer", "")
    team, scorer = team if team in keys else "", scorer if scorer in scorers else ""
    choices = []
    if len(keys) > 1:
        choices.append(Choice("team", "Team", "All my teams", tuple(keys.items()), team))
    if len(scorers) > 1:
        options = tuple((name, name) for name in scorers[1:])
        # What is chosen without a choice stands in the place of "any".
        choices.append(Choice("scorer", "Scorer", scorers[0], options, scorer))
    return Filters(tuple(choices), Sieve()), (keys[team],) if team else mine, scorer or None


def _download(filters: Filters) -> str:
    team = {c.name: c.chosen for c in filters.choices if c.chosen and c.name == "team"}
    return DOWNLOAD.path + (f"?{urlencode(team)}" if team else "")


def _leans(visit: Visit, one: DimensionTrust) -> list[Lean]:
    titles = visit.titles([group.group for group in one.scenarios])
    short, middle = one.length_cuts
    lengths = {
        "short": f"up to {short:.0f} characters",
        "middle": f"up to {middle:.0f} characters",
        "long": "longer",
    }
    found = [
        Lean("By scenario", tuple((titles[g.group], g) for g in one.scenarios)),
        Lean("By length of the reply", tuple((lengths[g.group], g) for g in one.lengths)),
        Lean("By team", tuple((g.group, g) for g in one.teams)),
    ]
    return [lean for lean in found if lean.groups]


def _more(page: TrustPage, offer: Offer) -> str:
    """Whether there is enough to grade until each skill has its verdict; empty where it has."""
    left = max((ENOUGH - one.graded for one in page.dimensions), default=0)
    if left <= 0:
        return ""
    if offer.new >= left:
        return f"Up to {left} more are needed, and {_many(offer.new)} wait for you below."
    here = {0: "no conversation is", 1: "only one conversation is"}
    return (
        f"Up to {left} more are needed, and "
        f"{here.get(offer.new, f'only {offer.new} conversations are')} left that you can grade "
        "blind and nobody else has. What brings more: each conversation that somebody finishes, "
        "and a second supervisor, who can grade those blind that you have opened with their scores."
    )


def _many(number: int) -> str:
    return f"{MOST_CANDIDATES} and more" if number >= MOST_CANDIDATES else str(number)


def _people(one: DimensionTrust, page: TrustPage) -> str:
    """How far a scorer can be asked to agree: as far as people do."""
    found = one.people.kappa
    if not found.rows:
        return (
            "Nobody has graded what somebody else graded, so it isn’t known how far people agree "
            "with each other. No scorer can be asked for more than that."
        )
    if found.value is None or found.low is None or found.high is None:
        return "Too little was graded by two people to say how far they agree with each other."
    if found.high < page.threshold:
        return (
            "People agree less with each other than is asked of the scorer. Talk about a few "
            "conversations that you graded differently, with the anchors beside you."
        )
    if found.low >= page.threshold:
        return "People agree well with each other."
    return "How far people agree with each other is not sure yet."


def _matches(preview: Preview) -> dict[str, list[tuple[str, str, str]]]:
    """For each dimension: by which grades, error before and now, and what is said of it."""
    names = {"blind": "blind grades", "all": "all grades", "corrections": "corrections"}
    found: dict[str, list[tuple[str, str, str]]] = {}
    for match in preview.matches:
        if match.old.rows:
            off = f"off by {match.old.value:.1f} points before, {match.new.value:.1f} now"
            entry = (f"{match.old.rows} {names[match.basis]}", off, MATCHED[match.says])
            found.setdefault(match.dimension, []).append(entry)
    return found


PAGE = Page("trust", "/trust", "grade_session", show=show, menu="Trust")
DOWNLOAD = Page("graded_examples", "/trust/grades.jsonl", "export_team", show=download)
PAGES = (PAGE, DOWNLOAD)
