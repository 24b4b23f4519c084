"""Settings of the bot: from a file and the environment, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachbot.errors import SettingsError
from coachbot.settings import Settings, look_over, read_settings
from tests.conftest import RunCoachbot

TOKEN = "123456789:AAmade-up-and-opens-nothing-0000000"  # noqa: S105  # it is made up
SECRET = "a-secret-of-the-webhook"  # noqa: S105  # so is this
URL = "https://coach.example.org/telegram"
WEBHOOK = {
    "TELEGRAM_MODE": "webhook",
    "TELEGRAM_WEBHOOK_URL": URL,
    "TELEGRAM_WEBHOOK_SECRET": SECRET,
}


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    """The settings, with these variables set."""
    for name, value in values.items():
        monkeypatch.setenv(f"COACHBOT_{name}", value)
    return read_settings()


def refused(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    """What is said about these variables, a sentence for each that is wrong."""
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **values)
    return caught.value.message.splitlines()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of settings that the environment names, still empty."""
    path = tmp_path / "coachbot.env"
    path.touch()
    monkeypatch.setenv("COACHBOT_SETTINGS_FILE", str(path))
    return path


# --- Where they come from --------------------------------------------------------------------


def test_environment_comes_before_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set counts; one that is empty leaves the word to the file."""
    file.write_text("COACHBOT_HEALTH_PORT=1111\nCOACHBOT_REPLY_WAIT=1\nCOACHBOT_RETENTION_DAYS=9\n")

    settings = read(monkeypatch, HEALTH_PORT="2222", REPLY_WAIT="")

    assert (2222, 1.0, 9) == (settings.health_port, settings.reply_wait, settings.retention_days)


def test_file_is_read_as_by_systemd(file: Path) -> None:
    """Comments, empty lines, quotes, spaces, any case; of two lines alike the last one counts."""
    file.write_text(
        "\ufeff# the bot's\n; also a comment\n\n"
        f"COACHBOT_TELEGRAM_TOKEN = '{TOKEN}'\n"
        'coachbot_database="/srv/coach bot.db"\n'
        "COACHBOT_HEALTH_PORT=1\nCOACHBOT_HEALTH_PORT=2\n"
        "COACHBOT_HEALTH_HOST=\n",
        encoding="utf-8",
    )
    settings = read_settings()

    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert Path("/srv/coach bot.db") == settings.database
    assert (2, "127.0.0.1") == (settings.health_port, settings.health_host)


def test_file_leaves_the_environment_alone(file: Path) -> None:
    """What the file says is known to whoever reads settings, not to every program started."""
    file.write_text("COACHBOT_HEALTH_PORT=1111\n")
    assert read_settings().health_port == 1111
    file.write_text("COACHBOT_HEALTH_PORT=2222\n")
    assert read_settings().health_port == 2222


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COACHBOT_DATABSE=x.db", "Did you mean COACHBOT_DATABASE?"),
        ("just words", "a setting is written like COACHBOT_DATABASE="),
        ("DATABASE=x.db", "a setting is written like COACHBOT_DATABASE="),
        ("COACHBOT_SETTINGS_FILE=other", "can't stand in a file, only in the environment"),
    ],
)
def test_wrong_line_is_named(line: str, expected: str, file: Path) -> None:
    """A line that can't be meant is named by its number, and the good ones don't hide it."""
    file.write_text(f"COACHBOT_HEALTH_PORT=1111\n{line}\n")
    (problem,) = look_over().problems
    assert problem.startswith(f"{file}, line 2: ")
    assert expected in problem


def test_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can't be read is named with the reason."""
    lost = tmp_path / "lost.env"
    expected = f"COACHBOT_SETTINGS_FILE names {lost}, which can't be read: "
    (problem,) = refused(monkeypatch, SETTINGS_FILE=str(lost))
    assert f"{expected}No such file or directory." == problem

    lost.write_bytes(b"COACHBOT_DATABASE=\xff\n")
    (problem,) = look_over().problems
    assert f"{expected}it is not UTF-8 text." == problem


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("COACHBOT_TELEGRAM_TOKN", "Did you mean COACHBOT_TELEGRAM_TOKEN?"),
        ("coachbot_health_prt", "Did you mean COACHBOT_HEALTH_PORT?"),
        ("COACHBOT_XYZZY_QUUX", "Settings: COACHBOT_ACTOR, "),
    ],
)
def test_unknown_name(name: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is no setting is reported with the nearest one, or else with all."""
    monkeypatch.setenv(name, "1")
    (problem,) = look_over().problems
    assert problem.startswith(f"{name} is not a setting of CoachBot. {advice}")


# --- What is wrong ---------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields, their combinations and names are all reported, in the order of the settings."""
    problems = refused(
        monkeypatch, HEALTH_PORT="99999", TELEGRAM_MODE="webhook", REPLY_WAIT="-1", PORT="1"
    )
    names = [problem.split()[0].removeprefix("COACHBOT_") for problem in problems]
    webhook = ["TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"]
    assert ["PORT", *webhook, "HEALTH_PORT", "REPLY_WAIT"] == names


def test_what_is_right_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever checks gets the good values beside the problems, and knows which are defaults."""
    monkeypatch.setenv("COACHBOT_HEALTH_PORT", "many")
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("COACHBOT_TELEGRAM_MODE", "webhook")

    reading = look_over()

    wrong = {"health_port", "telegram_webhook_url", "telegram_webhook_secret"}
    assert (3, wrong) == (len(reading.problems), set(reading.wrong))
    assert (8480, "polling") == (reading.settings.health_port, reading.settings.telegram_mode)
    assert reading.settings.telegram_token is not None


def test_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    """With address and secret the webhook can be used; with polling, neither is needed."""
    assert read(monkeypatch).telegram_mode == "polling"
    settings = read(monkeypatch, **WEBHOOK)
    assert ("webhook", URL) == (settings.telegram_mode, settings.telegram_webhook_url)


@pytest.mark.parametrize("missing", ["TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"])
def test_webhook_needs_both(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without address or secret the webhook would be none, or open to everybody."""
    expected = f"COACHBOT_{missing} is not set: it is needed, since COACHBOT_TELEGRAM_MODE is"
    (problem,) = refused(monkeypatch, **WEBHOOK | {missing: ""})
    assert f"{expected} webhook." == problem


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://coach.example.org/telegram", "https addresses only"),
        ("https://coach.example.org/", "end in /telegram"),
        ("coach.example.org/telegram", "starts with https:// and a host"),
        ("https:///telegram", "starts with https:// and a host"),
        ("https://coach.example.org:port/telegram", "starts with https:// and a host"),
        ("https://coach example.org/telegram", "starts with https:// and a host"),
    ],
)
def test_webhook_address(url: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that Telegram can't post to is refused with what it should be."""
    (problem,) = refused(monkeypatch, **WEBHOOK | {"TELEGRAM_WEBHOOK_URL": url})
    assert problem.startswith(f"COACHBOT_TELEGRAM_WEBHOOK_URL is {url!r}: ")
    assert reason in problem


@pytest.mark.parametrize("host", ["127.0.0.1:8480", "localhost", "[::1]:8480"])
def test_webhook_on_this_machine(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bot API server of one's own may post over http within the machine."""
    url = f"http://{host}/telegram"
    settings = read(monkeypatch, **WEBHOOK | {"TELEGRAM_WEBHOOK_URL": url})
    assert url == settings.telegram_webhook_url


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8081/bot", "https://api.example.org/v1/bot", "https://x.org/{token}/test"],
)
def test_base_url(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Bot API server can be used, with the token at the end or where it says."""
    assert url == read(monkeypatch, TELEGRAM_BASE_URL=url).telegram_base_url


@pytest.mark.parametrize(
    ("name", "url", "reason"),
    [
        ("BASE_URL", "https://api.telegram.org", "it should end in /bot, since the token follows"),
        ("BASE_URL", "https://api.telegram.org/bot/", "it should end in /bot, since"),
        ("BASE_URL", "https://x.org/robot", "it should end in /bot, since"),
        ("BASE_FILE_URL", "https://x.org/file/", "it should end in /file/bot, since"),
        ("BASE_URL", "https://x.org/bot?test=1", "without ? and #"),
        ("BASE_URL", "https://x.org/{tokn}", "only {token} may stand in braces"),
        ("BASE_URL", "ftp://x.org/bot", "starts with https:// and a host"),
        ("BASE_URL", "http://[::1/bot", "starts with https:// and a host"),
    ],
)
def test_wrong_base_url(name: str, url: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base address that the token can't follow is refused with what is expected."""
    (problem,) = refused(monkeypatch, **{f"TELEGRAM_{name}": url})
    assert problem.startswith(f"COACHBOT_TELEGRAM_{name} is {url!r}: ")
    assert reason in problem


# --- Secrets ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("TELEGRAM_TOKEN", "my-Secret-token", "my-Secret"),
        ("TELEGRAM_TOKEN", f"bot{TOKEN}", "made-up"),
        ("TELEGRAM_WEBHOOK_SECRET", "short-Secret", "short-Secret"),
        ("TELEGRAM_WEBHOOK_SECRET", f"{SECRET} with spaces", "a-secret"),
        ("TELEGRAM_BASE_URL", f"https://api.telegram.org/bot{TOKEN}", "made-up"),
        ("TELEGRAM_WEBHOOK_URL", f"https://x.org/{TOKEN}", "made-up"),
        ("TELEGRAM_WEBHOOK_URL", "https://ann:Password@x.org/", "Password"),
        ("TELEGRAM_MODE", TOKEN, "made-up"),
        ("HEALTH_PORT", TOKEN, "made-up"),
    ],
)
def test_secrets_are_never_shown(
    name: str, value: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong token or secret is named, but not repeated; nor one that stands in another place."""
    monkeypatch.setenv(f"COACHBOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f"COACHBOT_{name} is " in caught.value.message
    assert shown not in caught.value.message
    # What a traceback would show besides.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_bad_token_on_the_command_line(run_coachbot: RunCoachbot) -> None:
    """`coachbot bot` says what a token looks like, and neither repeats the wrong one nor fails."""
    result = run_coachbot("bot", env={"COACHBOT_TELEGRAM_TOKEN": "oh-so-secret"})
    expected = "COACHBOT_TELEGRAM_TOKEN is not usable: a token looks like 123456789:ABC-def; copy"
    assert f"coachbot: {expected} it from @BotFather.\n" == result.stderr
    assert (1, "") == (result.returncode, result.stdout)


def test_settings_hide_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that get into a log or a report by accident don't tell."""
    settings = read(monkeypatch, TELEGRAM_TOKEN=f" {TOKEN} ", **WEBHOOK)
    written = f"{settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert (False, False) == (TOKEN in written, SECRET in written)


# --- Language models ---------------------------------------------------------------------------


def test_a_model_that_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence shows what one looks like; a key in the address is refused, unseen."""
    (said,) = refused(monkeypatch, ACTOR="gpt")
    assert said == (
        "COACHBOT_ACTOR is 'gpt': it should be like transformers:/models/some-model or "
        "openai:http://localhost:11434/v1#some-model."
    )
    (said,) = refused(monkeypatch, ACTOR="openai:http://me:hush-hush@localhost/v1")
    assert "COACHBOT_ACTOR_KEY, not in the address" in said
    assert "hush-hush" not in said


def test_the_key_of_a_model_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows neither in the settings nor in what is said about them."""
    found = read(monkeypatch, ACTOR="openai:http://localhost/v1", ACTOR_KEY="hush-hush")
    assert "hush-hush" not in repr(found)
    assert found.actor_key is not None
    assert "hush-hush" == found.actor_key.get_secret_value()
