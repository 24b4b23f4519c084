"""The Telegram bot: what comes in is kept before it is answered, what goes out before it is sent.

``intake`` puts updates into the inbox; ``counter`` takes them from there, in order for each chat;
``routing`` finds who does what each asks for: ``joining``, ``trainee``, ``trainer``,
``supervisor``; ``conversation`` answers replies once the hire has stopped typing; ``sender`` sends
what all of them put into the outbox; ``server`` runs it, ``health`` says how it is doing.
"""

from __future__ import annotations

import os

# How long to wait after a 429 was a number in python-telegram-bot, is a timedelta for those who set
# this variable, and will be one for all. The library looks for it each time the wait is read, and
# warns where it is missing; there is no other way to choose. Whoever sets it to something else has
# their way: ``sender.seconds_to_wait`` takes both.
os.environ.setdefault("PTB_TIMEDELTA", "true")
