"""The Telegram bot: what comes in is kept before it is answered, what goes out before it is sent.

``intake`` puts updates into the inbox, ``queues`` hands them out in order per chat, ``desk`` finds
what each asks for, ``trainee``, ``trainer`` and ``supervisor`` do it, ``sender`` sends what they put
into the outbox, ``server`` runs it all.
"""
