"""All pages, in the order of the menu."""

from __future__ import annotations

from coachbot.web.pages import (
    Page,
    act,
    blind,
    export,
    grading,
    home,
    person,
    question,
    report,
    scenario,
    scenarios,
    session,
    sessions,
    sign_in,
    team,
    trust,
)

PAGES: tuple[Page, ...] = (
    home.PAGE,
    team.PAGE,
    sessions.PAGE,
    person.PAGE,
    session.PAGE,
    grading.PAGE,
    act.PAGE,
    question.PAGE,
    blind.PAGE,
    *trust.PAGES,
    scenarios.PAGE,
    scenario.PAGE,
    *export.PAGES,
    report.PAGE,
    *sign_in.PAGES,
)
