"""Starts quick bots in no time: a process that has loaded everything, and forks bot after bot.

``python -m tests.telegram.nursery`` reads an order a line, as JSON, and answers each with a line:
``{"start": {environment}, "out": file, "err": file}`` with the number of the new process, and
``{"wait": process}`` with its exit status (null: it runs). Each bot is a process of its own, with
files, signals and an end of its own; only what all of them load is loaded once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping

from tests.telegram.quick_bot import quick_practice, run


def main() -> None:
    """Take orders until there are no more; whoever still runs then is ended."""
    quick_practice()
    answer(None)
    running: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            process = os.fork()
            if process == 0:
                be_a_bot(order["start"], order["out"], order["err"])
            running.add(process)
            answer(process)
        else:
            ended, status = os.waitpid(order["wait"], os.WNOHANG)
            running.discard(ended)
            answer(os.waitstatus_to_exitcode(status) if ended else None)
    for process in running:
        os.kill(process, signal.SIGKILL)


def answer(what: int | None) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def be_a_bot(environment: Mapping[str, str], out: str, err: str) -> None:
    """Run the bot in this process, and end with it."""
    for name in [n for n in os.environ if n.startswith(("COACHBOT_", "QUICK_"))]:
        del os.environ[name]
    os.environ.update(environment)
    for number, name in ((0, os.devnull), (1, out), (2, err)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(name, flags, 0o600)
        os.dup2(file, number)
        os.close(file)
    status = 70
    try:
        status = run()
    except BaseException:  # noqa: BLE001 (this process has nobody above it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
