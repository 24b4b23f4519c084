"""``/web`` in the bot: a link for those who may open the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.coaching.signing_in import SigningIn
from coachbot.errors import UsageError
from coachbot.store.people import PeopleStore
from coachbot.store.sign_ins import SignInStore
from coachbot.web.address import Address
from tests.telegram.made import command, member, office, outbox_of


@pytest.mark.parametrize("role", ["supervisor", "trainer"])
def test_the_bot_sends_a_link_that_signs_in_once(tmp_path: Path, role: str) -> None:
    """It leads to the page, is good once, and is for whoever asked."""
    with office(tmp_path) as opened:
        assert isinstance(opened.members, PeopleStore)
        # The office's own database, as bootstrap has it: the link is a part of its transaction.
        signing_in = SigningIn(SignInStore(opened.members._database), opened.members)
        address = Address("https://coach.example.org", 8490)

        def link(who: Member) -> str:
            return address.link(signing_in.token(who))

        opened.page_link = link
        sol = member(opened, 1, "Sol", role)  # type: ignore[arg-type]
        command(opened, sol, "/web")
        (message,) = outbox_of(opened, sol)
        found = re.search(r"https://coach\.example\.org/sign-in\?token=(\S+)", message.text)
        assert found is not None
        assert "15 minutes" in message.text
        signed_in = signing_in.who(signing_in.redeem(found[1]))
        assert signed_in is not None
        assert "Sol" == signed_in.name
        with pytest.raises(UsageError, match="used already"):
            signing_in.redeem(found[1])


def test_trainees_get_no_link(tmp_path: Path) -> None:
    """They are told what the page is for, and where what is theirs is."""
    with office(tmp_path) as opened:
        opened.page_link = lambda _member: "https://coach.example.org"
        ada = member(opened, 1, "Ada")
        command(opened, ada, "/web")
        (message,) = outbox_of(opened, ada)
        assert "coach.example.org" not in message.text
        assert "/progress" in message.text


def test_where_there_is_no_page_it_is_said(tmp_path: Path) -> None:
    """With what whoever runs the bot can do."""
    with office(tmp_path) as opened:
        sol = member(opened, 1, "Sol", "supervisor")
        command(opened, sol, "/web")
        (message,) = outbox_of(opened, sol)
        assert "coachbot run" in message.text
