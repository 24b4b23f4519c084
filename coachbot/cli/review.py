"""``coachbot review``: how far scores can be trusted, what to grade next, grades as examples."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbot.errors import UsageError

if TYPE_CHECKING:
    from coachbot.coaching.publishing import VersionedSessions
    from coachbot.library import Library
    from coachbot.scenario.models import Scenario
    from coachbot.session.models import Session
    from coachbot.store import Store

_MANY_SESSIONS = 200

database_option = click.option(
    "--database",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The database, if not that of the settings.",
)
_TEAM = click.option("--team", help="Only people of this team; left out: everybody.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def review() -> None:
    """See how far scores can be trusted, and use people's grades."""


@contextmanager
def opened(database: Path | None) -> Iterator[Store]:
    """The database that is named, or that of the settings if there is one."""
    from coachbot.bootstrap import settings
    from coachbot.store import open_store

    path = database or settings().database
    if not path.is_file():
        raise UsageError(f"There is no database {path}. Name one with --database.")
    with open_store(path) as store:
        yield store


def team_of(store: Store, team: str | None) -> list[str] | None:
    """The team that is meant; ``UsageError`` where there is none of that name."""
    if team is None:
        return None
    known = store.people.teams()
    found = [name for name in known if name.casefold() == team.casefold()]
    if not found:
        raise UsageError(f"There is no team {team!r}; there are {', '.join(known) or 'none'}.")
    return found


@review.command()
@database_option
@_TEAM
@click.option("--scorer", help="A scorer's name and version; left out: the one graded last.")
@_JSON
def trust(database: Path | None, team: str | None, scorer: str | None, *, as_json: bool) -> None:
    """Show how far scores agree with people, and people with each other.

    Verdicts are worked out anew from all grades; figures are of the team. "For practice only" marks
    a dimension wherever its scores are shown.
    """
    from coachbot.bootstrap import trusting
    from coachbot.reporting.trust_text import trust_lines

    with opened(database) as store:
        trusted = trusting(store)
        trusted.work_out_all()
        page = trusted.page(team_of(store, team), scorer)
    if page is None:
        message = "Nobody has graded anything yet, so nothing can be said about the scores."
        click.echo(json.dumps({"scorer": None, "message": message}) if as_json else message)
        return
    if scorer is not None and scorer not in dict(page.scorers):
        known = ", ".join(name for name, _ in page.scorers)
        raise UsageError(f"No session with grades was scored by {scorer!r}; there are: {known}.")
    if as_json:
        click.echo(json.dumps(page.as_json(), allow_nan=False))
        return
    for line in trust_lines(page):
        click.echo(line)


@review.command("next")
@database_option
@click.option("--team", required=True, help="Whose sessions.")
@click.option("--grader", default="", help="Who grades, as the database knows them (tg:NUMBER).")
@click.option("--count", default=10, show_default=True, help="How many, 1 to 100.")
@click.option("--seed", default=0, show_default=True, help="Another seed proposes others.")
@_JSON
def next_(  # each is an option of its own
    database: Path | None, team: str, grader: str, count: int, seed: int, *, as_json: bool
) -> None:
    """Propose which sessions to grade next, blind, and say why."""
    from coachbot.bootstrap import trusting

    if not 1 <= count <= 100:
        raise UsageError(f"--count is {count}; it can be 1 to 100.")
    with opened(database) as store:
        teams = team_of(store, team) or []
        picks = trusting(store).to_grade(teams, grader=grader, most=count, seed=seed)
    if as_json:
        click.echo(json.dumps([asdict(pick) for pick in picks]))
        return
    for pick in picks:
        click.echo(f"{pick.session}  {pick.why}")
    if not picks:
        click.echo("There is nothing left to grade in this team.")


@review.command("export-grades")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@_TEAM
def export_grades(file: Path, database: Path | None, team: str | None) -> None:
    """Write people's grades to FILE as graded examples, which `coachbot scorer train` can use.

    JSON Lines, one graded reply a line with its conversation, in the form of models/examples. Names
    of people in the database, e-mail addresses and long numbers are masked as far as they can be
    found; read the file before you pass it on.
    """
    from coachbot.bootstrap import graded_examples

    with opened(database) as store, tempfile.TemporaryDirectory() as folder:
        sessions, library = played(store, Path(folder))
        found = graded_examples(store, sessions, library, team_of(store, team))
    if not found.situations:
        raise UsageError(
            "There are no grades of single replies to write. Grades of whole sessions don't say "
            "which reply earned them."
        )
    try:
        file.write_text(found.lines(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}.") from None
    click.echo(
        f"{found.grades} grades of {len(found.situations)} replies written to {file}.", err=True
    )
    if found.left_out:
        click.echo(
            f"{found.left_out} grades left out: they are about whole sessions of several replies.",
            err=True,
        )
    if found.gone:
        gone = f"{found.gone} grades left out: their scenario is gone or has changed."
        click.echo(gone, err=True)
    click.echo(
        "Names and numbers are masked as far as they could be found. Read the file before you pass "
        "it on.",
        err=True,
    )


def played(store: Store, folder: Path) -> tuple[VersionedSessions, Library]:
    """Kept sessions, and the scenarios that they name, those that trainers sent among them."""
    from coachbot.bootstrap import library
    from coachbot.coaching.publishing import VersionedSessions
    from coachbot.library.published import PublishedLibrary

    shelf = PublishedLibrary(library(), folder / "scenarios", store.scenario_files)
    shelf.rebuild()
    return VersionedSessions(store, shelf.built_in), shelf


@click.command()
@click.option(
    "--models",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the trained files that might be switched to.",
)
@database_option
@click.option(
    "--sessions",
    "most",
    default=_MANY_SESSIONS,
    show_default=True,
    help="How many, the newest; those with grades come in any case.",
)
@click.option("--keep", is_flag=True, help="Keep it in the database: the page shows the newest.")
@_JSON
def preview(models: Path, database: Path | None, most: int, *, keep: bool, as_json: bool) -> None:
    """Show what another scorer would change, before it is switched on.

    Scores kept replies anew in their conversations: which scores and passes would change, and
    whether people's grades are better matched. No score is changed by it. Three or four replies a
    second on two cores.
    """
    from coachbot.bootstrap import MOST_GRADES_EXPORTED, as_played
    from coachbot.coaching.previewing import preview as compare
    from coachbot.models import load_scorer
    from coachbot.reporting.trust import independent
    from coachbot.reporting.trust_text import preview_lines

    if most < 0:
        raise UsageError(f"--sessions is {most}; it can't be below 0.")
    with opened(database) as store, tempfile.TemporaryDirectory() as folder:
        ids = store.trust.finished(most)
        if not ids:
            raise UsageError(f"There is no finished session in {store.path} to score anew.")
        scorer = load_scorer(models)
        sessions, library = played(store, Path(folder))
        grades = independent(store.trust.graded(None, most=MOST_GRADES_EXPORTED))

        def each() -> Iterator[tuple[Session, Scenario | None]]:
            for name in ids:
                session = sessions.get(name)
                yield session, as_played(library, session)

        def report(done: int) -> None:
            if done % 20 == 0 or done == len(ids):
                click.echo(f"{done} of {len(ids)} sessions", err=True)

        found = compare(each(), scorer, grades, report)
        if keep:
            store.previews.keep(found, datetime.now(UTC).isoformat(timespec="seconds"))
            click.echo("Kept: the page shows it under Trust.", err=True)
    if as_json:
        click.echo(json.dumps(found.as_json(), allow_nan=False))
        return
    for line in preview_lines(found):
        click.echo(line)
