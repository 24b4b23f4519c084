"""How many threads the models compute with.

A turn is a few dozen short sentences: a second thread gains little on an idle machine, and on a
busy one waiting for it can cost ten times as much. So a chat computes with one, and only commands
that have the machine to themselves with more.
"""

from __future__ import annotations

import os

IN_A_CHAT = 1

_wanted = IN_A_CHAT


def use_all_cores() -> None:
    """Let the models work on all cores from now on, those too that are loaded later.

    ``OMP_NUM_THREADS`` still limits it, as with any program.
    """
    global _wanted  # noqa: PLW0603 (torch has one number for the whole process, too)
    limit = os.environ.get("OMP_NUM_THREADS", "")
    cores = os.cpu_count() or 1
    _wanted = min(cores, int(limit)) if limit.isdigit() and int(limit) else cores
    apply()


def apply() -> None:
    """Give torch the number; every model does it when it is loaded."""
    import torch

    torch.set_num_threads(_wanted)
