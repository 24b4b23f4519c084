"""The practice chat in a terminal: pleasant on a screen, plain when piped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from coachbot.coaching.practice import Answered, Coach
from coachbot.reporting.debrief import NAMES, Debrief
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS
from coachbot.session.models import SelfRating, Session
from coachbot.terminal import cards, debriefing

try:
    # With it loaded, input() understands the arrow keys and brings back earlier lines.
    import readline  # noqa: F401

    EDITABLE = True
except ImportError:
    # As on Windows, whose terminal edits lines by itself.
    EDITABLE = False

COMMANDS = {
    "/hint": "what a good next reply would do (a pass then counts as one with help)",
    "/brief": "your brief again",
    "/end": "end the conversation and go to the debrief",
    "/quit": "stop for now; it goes on here next time",
    "/help": "this list",
}

READING_SPEED = 0.025
LONGEST_PAUSE = 2.2
"""Seconds a character and at most, while the customer seems to type."""


class Stopped(Exception):
    """The hire wants to stop for now; the session stays as it is."""


@dataclass
class Chat:
    """A conversation at a terminal.

    ``pauses``: whether the customer takes time to type. ``words_by``: the language model that finds
    the customer's words, if one does.
    """

    console: Console
    coach: Coach
    debrief_of: Callable[[Session], Debrief]
    pauses: bool = True
    words_by: str | None = None
    explain: Callable[[Answered], None] | None = None

    def run(self, session: Session, scenario: Scenario) -> Session:
        """Play a session from where it stands to its debrief. Raises ``Stopped`` on /quit.

        The brief has been shown by whoever started the session.
        """
        if session.phase == "briefing":
            self._commands()
            session = self.coach.begin(session)
            self._says(scenario, session.opening)
        elif session.phase == "conversation":
            cards.history(self.console, session, scenario)
            if session.pending is not None:
                waiting = session
                session = self._answered(scenario, lambda: self.coach.resume(waiting))
        while session.phase == "conversation":
            session = self._step(session, scenario)
        if session.phase == "self_rating":
            # Who tries again has seen the scores.
            again = session.retry_of is not None
            session = self.coach.rate(session, None if again else self._self_rating())
        return session

    def _step(self, session: Session, scenario: Scenario) -> Session:
        text = self.ask("You: ")
        if text is None:
            raise Stopped
        command = text.strip().lower()
        if not command:
            return session
        if not command.startswith("/"):
            return self._answered(scenario, lambda: self.coach.reply(session, text))
        if command in ("/quit", "/pause"):
            raise Stopped
        if command == "/end":
            return self.coach.end(session)
        if command == "/hint":
            session, hint = self.coach.hint(session)
            self.console.print(f"[dim]Hint:[/dim] {cards.safe(hint)}\n")
        elif command == "/brief":
            cards.brief(self.console, scenario, self.words_by)
        else:
            if command != "/help":
                self.console.print(f"There is no {cards.safe(command.split()[0])}.")
            self._commands()
        return session

    def ask(self, prompt: str) -> str | None:
        """One message of the hire; a line that ends in a backslash goes on. None at the end."""
        lines: list[str] = []
        watched = self.console.is_terminal
        while True:
            shown = "...  " if lines else prompt
            try:
                line = input(self._coloured(shown) if watched else "")
            except EOFError:
                return "\n".join(lines) if lines else None
            if not watched:
                # A piped conversation should read like one, prompt and reply in one paragraph.
                self.console.print(f"{cards.safe(shown + line)}")
            if not line.endswith("\\"):
                return "\n".join([*lines, line])
            lines.append(line[:-1])

    def _coloured(self, prompt: str) -> str:
        """The prompt for a terminal; where lines can be edited, with its colour marked as such."""
        if not EDITABLE or self.console.no_color or not self.console.color_system:
            return prompt
        # The marks 1 and 2 tell readline what takes no room, so that it finds the cursor again.
        return f"\001\x1b[1;36m\002{prompt}\001\x1b[0m\002"

    def _answered(self, scenario: Scenario, answer: Callable[[], Answered]) -> Session:
        """Show that the customer is typing while the answer is made, and then the answer.

        A language model's words are checked as a whole before any of them is shown
        (:mod:`coachbot.customer.modelled` says why), so this is all there is to see until then.
        """
        if self.console.is_terminal and (self.pauses or self.words_by):
            began = time.monotonic()
            with self.console.status(f"{cards.safe(scenario.persona.name)} is typing"):
                answered = answer()
            waited = time.monotonic() - began
        else:
            answered, waited = answer(), 0.0
        if self.explain is not None:
            self.explain(answered)
        self._says(scenario, answered.turn.spoken.messages, waited)
        return answered.session

    def _says(self, scenario: Scenario, messages: tuple[str, ...], waited: float = 0.0) -> None:
        """Show messages as if they were being typed; ``waited``: seconds of that already past."""
        name = scenario.persona.name
        self.console.print()
        for message in messages:
            pause = min(LONGEST_PAUSE, 0.4 + READING_SPEED * len(message)) - waited
            waited = 0.0
            if self.pauses and self.console.is_terminal and pause > 0:
                with self.console.status(f"{cards.safe(name)} is typing", spinner="dots"):
                    time.sleep(pause)
            cards.bubble(self.console, name, message)
        self.console.print()

    def _commands(self) -> None:
        for command, what in COMMANDS.items():
            self.console.print(f"  [bold]{command:<7}[/bold] [dim]{what}[/dim]")

    def _self_rating(self) -> SelfRating | None:
        self.console.print(
            "\nThe conversation is over. Before you see the scores: how do you rate yourself, "
            "0 to 100? Press Enter to skip."
        )
        given: dict[str, float] = {}
        for dimension in DIMENSIONS:
            value = self._number(f"  {NAMES[dimension].capitalize()}: ")
            if value is None:
                return None
            given[dimension] = value
        return SelfRating(**given)

    def _number(self, prompt: str) -> float | None:
        while True:
            text = self.ask(prompt)
            if text is None or not text.strip():
                return None
            try:
                value = float(text.strip().rstrip("%"))
            except ValueError:
                value = -1.0
            if 0 <= value <= 100:
                return value
            self.console.print("  A number from 0 to 100, or Enter to skip.")

    def after(self, session: Session, scenario: Scenario, first: Debrief | None = None) -> Session:
        """Show the debrief, and offer the weak turn again for as long as the hire wants."""
        shown = self.debrief_of(session)
        debriefing.show(self.console, shown)
        if first is not None:
            debriefing.side_by_side(self.console, first, shown)
        if shown.weakest_turn is None:
            return session
        answer = self.ask(
            f"Try reply {shown.weakest_turn} again? The first attempt is the one that counts. "
            "[y/N] "
        )
        if answer is None or answer.strip().lower() not in ("y", "yes"):
            return session
        again = self.coach.retry(session, shown.weakest_turn)
        return self.after(self.run(again, scenario), scenario, first or shown)
