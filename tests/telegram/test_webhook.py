"""The bot where Telegram posts updates to it: the secret, 200 only for what is kept, the order."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.telegram.api.errors import Json
from tests.telegram.hire import BETTER, GOOD, Hire
from tests.telegram.process import SECRET, Process, bot
from tests.telegram.test_faults import full_disk

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def posted(resting: Process) -> Iterator[Process]:
    """A bot with a webhook."""
    resting.webhook = True
    with bot(resting) as process:
        yield process
    assert [] == [e for e in process.events if e["event"] in ("no JSON", "update_failed")]
    assert SECRET not in process.err + process.out


def post(process: Process, body: bytes, secret: str | None = SECRET) -> int:
    """Post something to the bot's endpoint; return the status of the answer."""
    headers = {"Content-Type": "application/json", **({HEADER: secret} if secret else {})}
    request = urllib.request.Request(f"{process.address}/telegram", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def update(number: int, hire: Hire, text: str) -> bytes:
    """An update as Telegram posts it."""
    content: Json = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": hire.person.id, "type": "private", "first_name": "Ann"},
        "from": hire.person.user,
        "text": text,
    }
    return json.dumps({"update_id": number, "message": content}).encode()


def test_same_flow(posted: Process) -> None:
    """From the link to the debrief, as with polling."""
    ann = Hire.talking(posted)
    ann.say(GOOD)
    ann.say(BETTER)
    assert [m for m in ann.finish() if m.photo]
    assert [(1, GOOD), (2, BETTER)] == ann.replies()
    assert [] == posted.api.calls("getUpdates")
    assert "webhook" == posted.health()["mode"]


def test_registers_itself(posted: Process) -> None:
    """The bot tells Telegram its address, its secret and what it wants, one update at a time."""
    (call,) = posted.api.calls("setWebhook")
    assert f"{posted.address}/telegram" == call.params["url"]
    assert SECRET == call.params["secret_token"]
    assert "1" == call.params["max_connections"]
    assert "drop_pending_updates" not in call.params


@pytest.mark.parametrize("secret", [None, "", "tests-own-webhook-secreT", "é"])
def test_secret(posted: Process, secret: str | None) -> None:
    """Whoever doesn't know the secret is refused, and nothing is kept."""
    ann = Hire.in_team(posted)
    before = posted.rows("SELECT count(*) FROM inbox")
    assert 403 == post(posted, update(77, ann, "/mydata"), secret)
    assert before == posted.rows("SELECT count(*) FROM inbox")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'"x"', b"null", b"\xff\xfe"])
def test_no_update(posted: Process, body: bytes) -> None:
    """What is no update is refused, with the right secret too; the bot goes on."""
    assert 400 == post(posted, body)
    assert "ok" == posted.health()["status"]


def test_too_large(posted: Process) -> None:
    """What is far larger than an update is refused before it is read, and nothing is kept."""
    try:
        assert 413 == post(posted, b" " * 1_000_001)
    except urllib.error.URLError as error:
        # Whoever is refused while still sending may find the line closed, and no answer on it.
        if not isinstance(error.reason, BrokenPipeError | ConnectionResetError):
            raise
    assert [] == posted.rows("SELECT state FROM inbox")


def test_accepted_means_kept(posted: Process) -> None:
    """When the bot has said 200, the update is in the database, whatever happens next."""
    ann = Hire.talking(posted)
    posted.hold("kept")
    assert 200 == post(posted, update(500_000, ann, GOOD))
    assert [("new",)] == posted.rows("SELECT state FROM inbox WHERE update_id = 500000")
    posted.kill()
    posted.let_go("kept")
    posted.start()
    ann.new_messages()
    assert [(1, GOOD)] == ann.replies()


def test_not_accepted_until_it_can_be_kept(posted: Process) -> None:
    """With a full disk the bot says 503, and Telegram posts the update again."""
    ann = Hire.talking(posted)
    with full_disk(posted):
        assert 503 == post(posted, update(500_000, ann, "/brief"))
        ann.person.say(GOOD)
        posted.api.wait_until_blocking(lambda: "503" in posted.api.world.webhook.last_error)
    ann.new_messages(30)
    assert [(1, GOOD)] == ann.replies()
    assert [] == posted.rows("SELECT * FROM inbox WHERE update_id = 500000")


def test_posted_twice(posted: Process) -> None:
    """An update that is posted again is accepted again, and done once."""
    ann = Hire.talking(posted)
    for _ in range(3):
        assert 200 == post(posted, update(500_000, ann, GOOD))
    ann.new_messages()
    assert [(1, GOOD)] == ann.replies()


def test_down_and_up_again(posted: Process) -> None:
    """What Telegram could not post while the bot was down comes later, in its order."""
    ann = Hire.talking(posted)
    posted.kill()
    for text in ("/brief", "/hint", GOOD):
        ann.person.say(text)
    posted.start()
    told = [m.text for m in ann.new_messages()]
    assert "On your screen" in told[0]
    assert told[1].startswith("Hint.")
    assert [(1, GOOD)] == ann.replies()


def test_killed_while_scoring(posted: Process) -> None:
    """Killed in the middle of the model's work: the reply is scored once."""
    ann = Hire.talking(posted)
    posted.hold("scoring")
    ann.person.say(f"{GOOD} holdhere")
    posted.until_held("scoring")
    posted.kill()
    posted.let_go("scoring")
    posted.start()
    ann.new_messages()
    assert [(1, f"{GOOD} holdhere")] == ann.replies()
