"""What the commands print where no terminal is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from coachbot.cli.practice import person_name
from coachbot.settings import read_settings
from coachbot.store import open_store
from tests.cli.conftest import RunHere
from tests.store.samples import closed, gone_on, new_session

REPLIES = (
    "A week late, and on Tuesday we only asked you to wait some more. I'm sorry, Dean.\n"
    "I'm sending a second train tonight. [bold]Where[/bold] to? \x1b[31m\x07\n"
    "/hint\n/brief\n/help\n/nonsense\n/end\n\n\nn\n"
)


def plain(result: Result) -> str:
    """The output, once it is sure that it went well and reads in a file as on a screen."""
    assert (0, "") == (result.exit_code, result.stderr), result.output
    assert "\x1b" not in result.stdout
    assert "Traceback" not in result.stdout
    assert [] == [line for line in result.stdout.splitlines() if len(line) > 80]
    return " ".join(result.stdout.split())


def test_watch(run_here: RunHere) -> None:
    """A good conversation with its scores, to its debrief."""
    shown = plain(run_here("watch", "late-parcel"))

    assert "Resolved - passed" in shown
    assert shown.count("individualized treatment") > 3
    assert "What Dean will tell" in shown


@pytest.mark.parametrize("explain", [True, False], ids=["explained", "plain"])
def test_try(explain: bool, run_here: RunHere, data_home: Path) -> None:
    """A trial shows what the engine saw only where asked, and keeps nothing."""
    options = ["--explain"] if explain else []
    shown = plain(run_here("scenarios", "try", "late-parcel", *options, typed=REPLIES))

    assert "Ended by you - not passed" in shown
    assert explain == ("rivals:" in shown)
    assert explain == ("second-train sim" in shown)
    # What somebody typed is no markup.
    assert "[bold]Where[/bold]" in shown
    assert [] == list(data_home.rglob("*"))


def test_try_left_off(run_here: RunHere) -> None:
    """A trial whose input stops in the middle says so."""
    assert "Stopped; a trial keeps nothing." in plain(
        run_here("scenarios", "try", "late-parcel", typed="Hello Dean.\n")
    )


def test_practice(run_here: RunHere) -> None:
    """The chat works when it is piped, and what was finished is in the progress."""
    shown = plain(run_here("practice", "late-parcel", typed=REPLIES))

    assert "Ended by you - not passed" in shown
    assert "Ended by you" in plain(run_here("progress"))


def test_nothing_yet(run_here: RunHere) -> None:
    """Progress of somebody who has not practised says how to begin."""
    assert "coachbot practice" in plain(run_here("progress"))
    assert "[]\n" == run_here("progress", "--json").stdout


def test_progress(run_here: RunHere) -> None:
    """Progress lists the latest sessions, and says where each dimension is going."""
    with open_store(read_settings().database) as store:
        for number in range(14):
            started = f"2026-03-{number + 1:02}T09:00:00+00:00"
            session = new_session(f"s{number}", person=person_name(), started=started)
            store.save(session)
            store.save(closed(gone_on(session, 2)))
    shown = plain(run_here("progress"))

    assert ("2026-03-14" in shown, "2026-03-03" in shown) == (True, True)
    assert "2026-03-02" not in shown
    assert "no clear change yet" in shown
