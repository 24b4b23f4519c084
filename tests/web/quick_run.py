"""``coachbot`` without its models: ``python -m tests.web.quick_run run --port 0``.

Every command is the real one; only the two networks are not loaded. In their place there are those
of ``tests.telegram.quick_bot``, so that bot and page start in seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coachbot import bootstrap, cli
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.scorer import Scorer
from tests.telegram.quick_bot import QuickEncoder, quick_scorer


class QuickPractice(bootstrap.Practice):
    """What practising needs, with quick networks."""

    def _load_encoder(self) -> tuple[Encoder, None]:
        # Nothing was learned with it.
        return QuickEncoder(), None

    def _load_scorer(self) -> Scorer:
        return quick_scorer()


if __name__ == "__main__":
    bootstrap.Practice = QuickPractice  # type: ignore[misc]
    sys.argv[0] = str(Path(__file__))
    cli.main()
