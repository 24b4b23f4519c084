"""Somebody who uses the bot, and what each step of theirs brings them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from coachbot.coaching.people import People, Role, person_of
from coachbot.store import open_store
from tests.telegram.api import Message, Person
from tests.telegram.process import Process

NOTICE = "Please read this first"
AGREE = "I agree, let me in"
SCENARIO = "late-parcel"
CUSTOMER = "Dean"

GOOD = "I'm so sorry, that must be awful for you. What day is the birthday, and where are you then?"
BETTER = "Since you said it is for Saturday, I understand how much hangs on it. When are you home?"
PLAIN = "Let me look into that for you."


@dataclass
class Hire:
    """Somebody with Telegram on their phone. Each step returns what is new in their chat then.

    A step is over when nothing waits any more: no update, no reply, no message, in any chat.
    """

    person: Person
    process: Process
    seen: int = 0

    @classmethod
    def new(cls, process: Process, name: str = "Ann") -> Hire:
        """Somebody who knows nothing of the bot yet."""
        return cls(process.api.person(name), process)

    @classmethod
    def in_team(
        cls, process: Process, name: str = "Ann", role: Role = "trainee", team: str = "Team"
    ) -> Hire:
        """Somebody who has come in by a link."""
        hire = cls.new(process, name)
        hire.start(invitation(process, role, team))
        hire.press(AGREE)
        return hire

    @classmethod
    def talking(cls, process: Process, name: str = "Ann") -> Hire:
        """Somebody in the middle of a conversation with Dean."""
        hire = cls.in_team(process, name)
        hire.begin()
        return hire

    @property
    def id(self) -> str:
        """Their id in the database."""
        return person_of(self.person.id)

    # --- Steps ----------------------------------------------------------------------------------

    def start(self, payload: str = "") -> list[Message]:
        """Open a link."""
        self.person.start(payload)
        return self.new_messages()

    def say(self, *texts: str) -> list[Message]:
        """Write one or several messages."""
        for text in texts:
            self.person.say(text)
        return self.new_messages()

    def press(self, button: str) -> list[Message]:
        """Press a button."""
        self.person.press(button)
        return self.new_messages()

    def begin(self, scenario: str = SCENARIO) -> list[Message]:
        """Choose a scenario by buttons, and begin."""
        self.say("/practice")
        self.press("All scenarios")
        self.press(f"brief:{scenario}")
        return self.press(f"go:{scenario}")

    def finish(self) -> list[Message]:
        """End the conversation, skip the own rating, read the debrief."""
        self.say("/end")
        self.press("Yes, end it")
        return self.press("Skip to the debrief")

    def new_messages(self, timeout: float = 20) -> list[Message]:
        """What was sent or changed since the last look, once nothing waits any more."""
        self.process.settled(timeout)
        return self.look()

    def look(self) -> list[Message]:
        """The same, as it stands now."""
        found = [m for m in self.person.messages() if m.changed > self.seen]
        found.sort(key=lambda m: m.changed)
        self.seen = max([self.seen, *(m.changed for m in found)])
        return found

    # --- What the database has ------------------------------------------------------------------

    def replies(self) -> list[tuple[int, str]]:
        """The replies of the newest session with their numbers."""
        return [
            (number, text)
            for number, text in self.process.rows(
                "SELECT number, agent FROM turns WHERE session_id = (SELECT id FROM sessions "
                "WHERE person = ? ORDER BY rowid DESC LIMIT 1) ORDER BY number",
                self.id,
            )
        ]

    def phase(self) -> str:
        """Where the newest session stands."""
        ((phase,),) = self.process.rows(
            "SELECT phase FROM sessions WHERE person = ? ORDER BY rowid DESC LIMIT 1", self.id
        )
        return str(phase)


def invitation(process: Process, role: Role = "trainee", team: str = "Team") -> str:
    """The payload of a new link, as `coachbot invite` makes it beside the running bot."""
    with contextlib.closing(open_store(process.database)) as opened:
        return People(opened.people).invite_from_console(team, [role])


def texts(messages: list[Message]) -> list[str]:
    """Their texts."""
    return [message.text for message in messages]


def labels(message: Message) -> list[str]:
    """The buttons under a message."""
    return [button.text for button in message.buttons]
