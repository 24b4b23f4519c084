"""What is shown around the conversation."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.terminal import cards
from tests.session.made import begun, gone_on
from tests.terminal.conftest import Shown


def test_the_brief_of_every_scenario(files: Library) -> None:
    """The brief has what a hire may know, a note where the subject is hard, and no secrets."""
    for loaded in files.scenarios():
        card, shown = loaded.scenario, Shown()
        cards.brief(shown.console, card)
        text = " ".join(shown.text.replace("│", " ").split())
        for part in (card.title, card.brief.role, *card.brief.screen, *card.brief.may_offer):
            assert " ".join(part.split()) in text
        for forbidden in card.brief.may_not_offer:
            assert " ".join(forbidden.what.split()) in text
        assert bool(card.content_note) == (cards.LEAVING in text)
        assert [] == [need.what for need in card.needs if need.what in text]
        assert 80 == max(map(len, shown.text.splitlines()))


def test_what_was_said_so_far(parcel: Scenario, shown: Shown) -> None:
    """Both sides in turn, with what is waiting, and a reply that was not answered yet."""
    session = gone_on(begun(parcel), "Give me a [moment].", answer=("Which one?", "And when?"))
    cards.history(shown.console, session.model_copy(update={"pending": "Today."}), parcel)
    expected = [
        "So far:",
        "Dean: Where is it?",
        "You: Give me a [moment].",
        "Dean: Which one?",
        "Dean: And when?",
        "You: Today.",
    ]
    assert expected == [line.strip() for line in shown.text.splitlines() if line.strip()]


MOVES = frozenset(map(chr, [*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2066]))


# rich doubles a backslash at the very end, whatever follows it.
@given(text=st.text().filter(lambda text: not cards.printable(text).endswith("\\")))
@example(text="[bold]not bold[/bold] [/] \\[x]")
@example(text="\x1b[2J\x07 and \u202eback again")
def test_safe_text(text: str) -> None:
    """Whatever somebody typed is shown as text: no markup, and nothing that moves the cursor."""
    # Ended, for rich doubles a backslash at the very end.
    kept = Text.from_markup(cards.safe(f"{text}.")).plain
    assert not MOVES & set(kept)

    def visible(some: str) -> str:
        return "".join(c for c in some if c.isalnum() or c in "[]\\/")

    assert visible(text) == visible(kept)


def test_brief_names_the_language_model(shown: Shown, files: Library) -> None:
    """That a program plays is always said; a model and its server are named."""
    card = files.scenario("late-parcel").scenario
    cards.brief(shown.console, card)
    assert "Dean is played by a program. Write as" in " ".join(shown.text.split())
    cards.brief(shown.console, card, "small at host")
    assert "language model (small at host)" in " ".join(shown.text.replace("│", " ").split())
