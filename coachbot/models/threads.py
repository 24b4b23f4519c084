"""How many threads the models compute with.

A turn is a few dozen short sentences: a second thread for one product gains little on an idle
machine, and on a busy one waiting for it can cost ten times as much. So a chat computes each batch
with one, several batches side by side, and only commands that have the machine to themselves give
one batch more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

IN_A_CHAT = 1

KEPT_KERNELS = 32
_KEEPERS = ("LRU_CACHE_CAPACITY", "ONEDNN_PRIMITIVE_CACHE_CAPACITY")
"""How many compiled products are kept, and by what: ideep, which stands between torch and oneDNN,
and oneDNN itself.

Every length of text has its own product, with memory of its own, and by themselves each keeps 1,024
of them: two gigabytes after half an hour of many chats. With 32, reading takes no longer.
"""

_wanted = IN_A_CHAT


def use_all_cores() -> None:
    """Let the models work on all cores from now on, those too that are loaded later.

    ``OMP_NUM_THREADS`` still limits it, as with any program.
    """
    global _wanted  # noqa: PLW0603 (torch has one number for the whole process, too)
    _wanted = cores()
    apply()


def cores() -> int:
    """Cores that the models may use."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    found = os.cpu_count() or 1
    return min(found, int(limit)) if limit.isdigit() and int(limit) else found


def side_by_side() -> int:
    """How many batches can be computed at once, each with the threads that ``apply`` gives."""
    return max(1, cores() // _wanted)


def apply() -> None:
    """Give torch the number; every model does it when it is loaded."""
    import torch

    # Both look there when they compute their first product.
    for keeper in _KEEPERS:
        os.environ.setdefault(keeper, str(KEPT_KERNELS))
    torch.set_num_threads(_wanted)


@contextmanager
def repeatable() -> Iterator[None]:
    """Add in the same order every time, which learning needs to end with the same numbers.

    Otherwise threads add gradients to a row that they share in whatever order they get there, which
    is another one when the machine is busy.
    """
    import torch

    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
