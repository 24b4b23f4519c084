"""The debrief as it is shown."""

from __future__ import annotations

import pytest

from coachbot.customer.wording import Wording
from coachbot.library import Library
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.scenario.models import Scenario
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session
from coachbot.terminal import debriefing
from tests.session.made import begun, evidence, gone_on, scored
from tests.terminal.conftest import Shown

ACTS = ("second-train", "to-the-depot", "keeps-watch")


def read(session: Session, files: Library) -> Debrief:
    """The debrief of a session about the parcel."""
    loaded = files.scenario("late-parcel")
    return debrief(session, loaded.scenario, loaded.temperament, files.general())


def good(parcel: Scenario) -> Session:
    """A session that passes."""
    return gone_on(begun(parcel), acts=ACTS, worth=scored((80, 81, 82)), mood=70)


def resolved(session: Session) -> Session:
    """The session, with a goodbye."""
    return gone_on(session, worth=scored((80, 81, 82)), mood=80, outcome="resolved")


def test_a_pass(parcel: Scenario, files: Library, shown: Shown) -> None:
    """The outcome first, then the matter, the dimensions against their marks, and the story."""
    rating = SelfRating(empathy=90, active_listening=81, individualized_treatment=12)
    debriefing.show(shown.console, read(machine.rate(resolved(good(parcel)), rating), files))
    lines = shown.text.splitlines()
    assert lines[1].startswith("Resolved - passed")
    rows = [line.split() for line in lines if " met" in line]
    mark = f"{parcel.pass_marks.empathy:.0f}"
    assert ["80", "(76", "to", "84)", mark, "met", "80", "90", "(+10)"] == rows[0][1:]
    assert ["81", "(+0)"] == rows[1][-2:]
    assert ["12", "(-70)"] == rows[2][-2:]
    order = ["The matter itself", "How you treated them", "Dean's mood", "What Dean will tell"]
    places = [shown.text.find(title) for title in order]
    assert -1 not in places
    assert sorted(places) == places


def test_a_pass_with_help(parcel: Scenario, files: Library, shown: Shown) -> None:
    """A hint turns the pass into one with help."""
    session = resolved(machine.take_hint(good(parcel)))
    debriefing.show(shown.console, read(machine.rate(session, None), files))
    assert "Resolved - passed with help" in shown.text
    assert "You said" not in shown.text


def test_a_language_model_that_failed(parcel: Scenario, files: Library, shown: Shown) -> None:
    """What it did not say is told at the end, in the sentence that the session has for it."""
    gone = Wording(model="small at host", by="authored", failure="timed_out")
    session = gone_on(begun(parcel), outcome="left")
    turn = session.turns[-1].model_copy(update={"wording": gone})
    session = machine.rate(session.model_copy(update={"turns": (turn,)}), None)
    debriefing.show(shown.console, read(session, files))
    assert " ".join(shown.text.split()).endswith(
        "In 1 of 1 answers the customer spoke lines of the scenario instead of the language model "
        "small at host, because it did not answer in time."
    )


@pytest.mark.parametrize("outcome", ["resolved_coldly", "left", "gave_up", "out_of_turns"])
def test_no_pass(outcome: str, parcel: Scenario, files: Library, shown: Shown) -> None:
    """Every other ending says its name, and that it is no pass."""
    session = machine.rate(gone_on(begun(parcel), outcome=outcome), None)
    debriefing.show(shown.console, read(session, files))
    assert f"{debriefing.OUTCOMES[outcome]} - not passed" in shown.text


def test_too_much_promised(parcel: Scenario, files: Library, shown: Shown) -> None:
    """One sentence that breaks two rules is quoted once, with both rules."""
    words = "You'll have it tonight and keep both."
    broken = tuple(Matched(id=number, text=words, similarity=0.8) for number in "01")
    session = machine.rate(machine.end(gone_on(begun(parcel), over_promises=broken)), None)
    debriefing.show(shown.console, read(session, files))
    assert 1 == shown.words.count("You'll have it tonight and keep both”")
    for rule in parcel.brief.may_not_offer[:2]:
        assert rule.what[1:] in shown.words


def test_quotes_are_text(parcel: Scenario, files: Library, shown: Shown) -> None:
    """What the hire wrote is quoted as text: no markup, nothing that a terminal would obey."""
    words = "[bold]Calm[/bold] \x1b[31mdown\x07 [/]"
    worth = scored((20, 20, 20), evidence("empathy", words, -12, f"orders calm (“{words}”)"))
    session = machine.rate(machine.end(gone_on(begun(parcel), words, worth=worth)), None)
    debriefing.show(shown.console, read(session, files))
    assert "“[bold]Calm[/bold] [31mdown [/]”" in shown.text
    assert "\x1b" not in shown.text
    assert "\x07" not in shown.text


def test_beside_the_first(parcel: Scenario, files: Library, shown: Shown) -> None:
    """Two attempts stand side by side, the one that counts first."""
    poor = gone_on(begun(parcel), worth=scored((20, 30, 40)), mood=5, outcome="left")
    again = resolved(good(parcel))
    first, second = (read(machine.rate(session, None), files) for session in (poor, again))
    debriefing.side_by_side(shown.console, first, second)
    rows = {line[:27].strip(): line[27:].split() for line in shown.text.splitlines()}
    assert ["The", "customer", "left", "Resolved"] == rows["Outcome"]
    assert ["20", "(15", "to", "25)", "80", "(76", "to", "84)"] == rows["Empathy"]
    assert ["5", "80"] == rows["Mood at the end"]


def test_every_line_fits(parcel: Scenario, files: Library, shown: Shown) -> None:
    """Nothing is wider than 80 columns, however long the words and the session are."""
    worth = scored((20, 20, 20), evidence("empathy", "a" * 300, -12))
    session = begun(parcel)
    for _ in range(30):
        session = gone_on(session, "b" * 300, worth=worth)
    debriefing.show(shown.console, read(machine.rate(machine.end(session), None), files))
    assert 80 >= max(map(len, shown.text.splitlines()))
