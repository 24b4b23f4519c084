"""``coachbot doctor``: checks everything that the bot needs, and says what to do."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from coachbot.cli.bot import ASK_BOTFATHER
from coachbot.errors import CoachbotError, ModelError
from coachbot.settings import Reading, Settings, look_over, masked, on_this_machine

if TYPE_CHECKING:
    from coachbot.telegram.checking import Finding, Status

LITTLE = 50_000_000
"""Bytes of free disk below which the next days are not sure; a session takes about 100 kB."""
TIGHT = 500_000_000
PACKAGES = ("torch", "transformers", "sentence_transformers", "telegram", "uvicorn", "resvg_py")
"""Packages that are found missing only when the bot loads them."""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<text x="2" y="15" font-family="{family}">ok</text></svg>'
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object, for programs.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check what the bot needs, and say what to do.

    One line each: ok, advice, or problem. Nothing is changed, and no model is loaded. Leaves with
    1 if there is a problem. It may be used while the bot runs.
    """
    reading = look_over()
    found = [replace(one, message=_clean(one.message, reading.settings)) for one in _all(reading)]
    wrong = sum(one.status == "problem" for one in found)
    if as_json:
        lines = [{"check": o.check, "status": o.status, "message": o.message} for o in found]
        click.echo(json.dumps({"ok": not wrong, "checks": lines}, indent=2))
    else:
        for one in found:
            click.echo(f"{one.status:<8} {one.check:<10} {one.message}")
        click.echo(f"\n{_summary(found)}")
    if wrong:
        ctx.exit(1)


def _summary(found: Iterable[Finding]) -> str:
    statuses = [one.status for one in found]
    problems, hints = statuses.count("problem"), statuses.count("advice")
    counted = []
    if problems:
        counted.append(f"{problems} problem{'' if problems == 1 else 's'}")
    if hints:
        counted.append(f"{hints} piece{'' if hints == 1 else 's'} of advice")
    return f"{' and '.join(counted) or 'All is well'}."


def _clean(message: str, settings: Settings) -> str:
    """On one line, and without a secret, whoever put it there."""
    secrets = (
        settings.telegram_token,
        settings.telegram_webhook_secret,
        settings.actor_key,
        settings.lrs_key,
        settings.lrs_secret,
    )
    for secret in secrets:
        if secret is not None:
            message = message.replace(secret.get_secret_value(), "...")
    return masked(" ".join(message.split()))


def _all(reading: Reading) -> Iterator[Finding]:
    settings = reading.settings
    yield from _settings(reading)
    yield from _guarded("file", partial(_file, reading))
    yield from _guarded("python", _python)
    if "database" in reading.wrong:
        yield _finding("database", "problem", "Not checked: COACHBOT_DATABASE can't be used.")
    else:
        yield from _guarded("database", partial(_database, settings.database))
    for kind, look in (("models", _models), ("scenarios", _scenarios)):
        if kind in reading.wrong:
            yield _finding(kind, "problem", f"Not checked: COACHBOT_{kind.upper()} can't be used.")
        else:
            yield from _guarded(kind, partial(look, settings))
    yield from _guarded("pictures", _pictures)
    yield from _guarded("bot", partial(_here, reading))
    yield from _guarded("page", partial(_page, reading))
    yield from _guarded("records", partial(_record_store, reading))
    yield from _guarded("telegram", partial(_telegram, reading))


def _guarded(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds; where it fails, that is what was found, and the others go on."""
    try:
        yield from look()
    except CoachbotError as error:
        yield _finding(check, "problem", error.message)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        advice = "Run this as the user that the bot runs as, or change the permissions."
        yield _finding(check, "problem", f"Not checked: {place}{error.strerror}. {advice}")
    except Exception as error:  # noqa: BLE001  # whatever it is, the other checks are still wanted
        # Only what kind it is: the text may be anything.
        kind = type(error).__name__
        yield _finding(check, "problem", f"This could not be checked ({kind}). Please report it.")


def _finding(check: str, status: Status, message: str) -> Finding:
    from coachbot.telegram.checking import Finding

    return Finding(check, status, message)


def _settings(reading: Reading) -> Iterator[Finding]:
    for problem in reading.problems:
        yield _finding("settings", "problem", problem)
    settings = reading.settings
    if not reading.problems:
        yield _finding("settings", "ok", f"all can be used; the mode is {settings.telegram_mode}")
    if settings.telegram_token is None and "telegram_token" not in reading.wrong:
        yield _finding("settings", "problem", ASK_BOTFATHER)
    base = urlsplit(settings.telegram_base_url)
    if base.scheme == "http" and not on_this_machine(base.hostname or ""):
        yield _finding(
            "settings",
            "advice",
            "COACHBOT_TELEGRAM_BASE_URL is http, so the token and what people write can be read on "
            "the way. Use https, unless that network is yours alone.",
        )


def _file(reading: Reading) -> Iterator[Finding]:
    file = reading.file
    if file is None:
        message = "none is named, so all comes from the environment"
        yield _finding("file", "ok", message)
    elif file.is_file():
        mode = file.stat().st_mode
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            yield _finding(
                "file",
                "advice",
                f"Others than its owner can read or change {file}, and a token may be in it: "
                f"chmod 640 '{file}'",
            )
        else:
            yield _finding("file", "ok", f"{file} is read; the environment comes before it")


def _python() -> Iterator[Finding]:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        yield _finding(
            "python",
            "problem",
            f"Missing: {', '.join(missing)}. Install CoachBot again, with all it needs "
            "(pip install --force-reinstall, or `make clean` and `make practice` in a checkout).",
        )
    else:
        versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
        yield _finding("python", "ok", f"{versions}, and all packages")


def _database(path: Path) -> Iterator[Finding]:
    folder = next((one for one in path.absolute().parents if one.exists()), path.absolute().parent)
    if not path.exists():
        if not folder.is_dir():
            yield _finding("database", "problem", f"{folder} is a file, so {path} can't be made.")
            return
        yield _place_for(path, folder)
    elif path.is_dir():
        yield _finding(
            "database",
            "problem",
            f"{path} is a folder. Set COACHBOT_DATABASE to a file in it: {path / 'coachbot.db'}",
        )
    else:
        from coachbot.store.inspection import inspect

        found = inspect(path)
        what = "whole, and can be written" if found.whole else "can be written (not read whole)"
        yield _finding("database", "ok", f"{path}: {_size(found.size)}, {what}")
        if found.pending:
            yield _finding(
                "database",
                "advice",
                "It was made by an earlier CoachBot; the next start brings its tables up to date. "
                f"Make a copy first: sqlite3 '{path}' \".backup 'before.db'\"",
            )
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield _finding(
                "database", "advice", f"Others can read what people wrote: chmod 600 '{path}'"
            )
        if found.supervisors is not None:
            yield from _people(found.supervisors, found.members or 0, found.unled)
    yield _space(folder)


def _place_for(path: Path, folder: Path) -> Finding:
    if not os.access(folder, os.W_OK | os.X_OK):
        return _finding(
            "database",
            "problem",
            f"{path} isn't there, and you can't write to {folder} to make it. Change who owns the "
            "folder, run this as the bot's user, or set COACHBOT_DATABASE to another file.",
        )
    return _finding("database", "ok", f"{path} isn't there yet; it is made at the first start")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        message = f"Only {_size(free)} are free beside the database. Make room: nothing can be "
        return _finding("disk", "problem", f"{message}saved on a full disk, and the bot stops.")
    if free < TIGHT:
        return _finding("disk", "advice", f"Only {_size(free)} are free beside the database.")
    return _finding("disk", "ok", f"{_size(free)} are free beside the database")


def _people(supervisors: int, members: int, unled: tuple[str, ...]) -> Iterator[Finding]:
    if not supervisors:
        yield _finding(
            "people",
            "advice",
            "There is no supervisor yet. `coachbot bot` prints a link that makes its opener the "
            "first one, each time it starts.",
        )
        return
    people = "1 person" if members == 1 else f"{members} people"
    leading = "1 supervisor" if supervisors == 1 else f"{supervisors} supervisors"
    yield _finding("people", "ok", f"{people}, {leading}")
    for team in unled:
        yield _finding(
            "people",
            "advice",
            f"{team} has no supervisor, so nobody answers when a score is questioned: "
            f"coachbot invite --team '{team}' --role supervisor",
        )


def _models(settings: Settings) -> Iterator[Finding]:
    from coachbot.bootstrap import data_root
    from coachbot.models.artefacts import load_calibration
    from coachbot.models.encoder import package_folder, verify_weights

    began = time.monotonic()
    root = data_root("models", settings)
    try:
        verify_weights(package_folder() / "model.safetensors")
        name = load_calibration(root).name
    except OSError as error:
        message = f"{error.filename} can't be read: {error.strerror}. Change its permissions."
        raise ModelError(message) from error
    took = time.monotonic() - began
    yield _finding("models", "ok", f"{name}: all files are the right ones ({took:.1f} s)")


def _scenarios(settings: Settings) -> Iterator[Finding]:
    from coachbot.bootstrap import library

    readable, mistakes = library(settings).readable()
    for file in dict.fromkeys(mistake.file for mistake in mistakes):
        number = sum(mistake.file == file for mistake in mistakes)
        yield _finding(
            "scenarios",
            "problem",
            f"{file} can't be played because of {number} mistake{'' if number == 1 else 's'}; "
            f"see: coachbot scenarios check '{file}'",
        )
    if readable:
        number = len(readable)
        yield _finding("scenarios", "ok", f"{number} that can be practised")
    else:
        yield _finding(
            "scenarios",
            "problem",
            "There is none that can be practised. Leave COACHBOT_SCENARIOS empty for those that "
            "come with CoachBot.",
        )


def _pictures() -> Iterator[Finding]:
    from coachbot.reporting.charts.typeface import FAMILY, FILES, typeface
    from coachbot.reporting.png import png

    for weight in FILES:
        typeface(weight)
    drawn = png(PICTURE.format(family=FAMILY))
    # Without a font nothing would be wrong but the picture, which would be empty.
    empty = png(PICTURE.format(family=FAMILY).replace(">ok<", "><"))
    if drawn == empty:
        yield _finding(
            "pictures",
            "problem",
            "No letters can be drawn, so the pictures would be empty: pip install "
            "--force-reinstall resvg-py font-source-sans-pro==0.0.1",
        )
    else:
        yield _finding("pictures", "ok", "can be drawn, with their font")


def _here(reading: Reading) -> Iterator[Finding]:
    from coachbot.telegram.checking import port_finding

    settings = reading.settings
    running = _running(reading)
    if not running:
        yield _finding("bot", "ok", "none runs on this database, so one can be started")
    unusable = reading.wrong & {"health_host", "health_port"}
    if not unusable:
        yield port_finding(settings.health_host, settings.health_port, running=running)


def _page(reading: Reading) -> Iterator[Finding]:
    from coachbot.bootstrap import page_address
    from coachbot.web.server import is_answered

    settings = reading.settings
    if reading.wrong & {"web_host", "web_port", "web_url"}:
        yield _finding("page", "advice", "Not checked: first the settings have to be right.")
        return
    address = page_address(settings)
    if is_answered(settings.web_host, settings.web_port):
        where = f"port {settings.web_port} on {settings.web_host}"
        yield _finding("page", "ok", f"{where} is in use; {address.url}, if that is the page")
    elif settings.web_url is None:
        message = f"it can be started, for this machine only: {address.url}"
        yield _finding("page", "ok", message)
    else:
        yield _finding("page", "ok", f"it can be started, for {address.url}")


def _record_store(reading: Reading) -> Iterator[Finding]:
    from coachbot.web.record_store import Access
    from coachbot.web.record_store_check import check

    settings = reading.settings
    if reading.wrong & {"lrs_url", "lrs_key", "lrs_secret"}:
        yield _finding("records", "advice", "Not checked: first the settings have to be right.")
        return
    url, key, secret = settings.lrs_url, settings.lrs_key, settings.lrs_secret
    if url is not None and key is not None and secret is not None:
        yield _finding("records", *check(Access(url, key, secret)))


def _running(reading: Reading) -> bool:
    from coachbot.telegram.checking import is_running

    return "database" not in reading.wrong and is_running(reading.settings.database)


def _telegram(reading: Reading) -> Iterator[Finding]:
    from coachbot.telegram import checking

    settings = reading.settings
    token, base_url = settings.telegram_token, settings.telegram_base_url
    if token is None or "telegram_base_url" in reading.wrong:
        message = "Not checked: first the settings have to be right."
        yield _finding("token", "advice", message)
        return
    answer = checking.ask(base_url, token, "getMe")
    yield checking.token_finding(answer, base_url)
    if answer.offset is not None:
        yield checking.clock_finding(answer)
    if answer.result is None:
        return
    if reading.wrong & {"telegram_mode", "telegram_webhook_url", "telegram_webhook_secret"}:
        message = "Not checked: first the settings have to be right."
        yield _finding("webhook", "advice", message)
        return
    try:
        running = _running(reading)
    except OSError:
        # It has been said that the lock can't be looked at.
        running = False
    yield from checking.webhook_findings(
        checking.ask(base_url, token, "getWebhookInfo"),
        settings.telegram_webhook_url if settings.telegram_mode == "webhook" else None,
        running=running,
        now=time.time(),
    )


def _size(number: int) -> str:
    if number >= 1_000_000_000:
        return f"{number / 1e9:.1f} GB"
    return f"{number / 1e6:.1f} MB" if number >= 1_000_000 else f"{number / 1e3:.0f} kB"
