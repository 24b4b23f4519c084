"""The Telegram bot: what comes in is kept before it is answered, what goes out before it is sent.

``intake`` puts updates into the inbox; ``counter`` takes them from there, in order for each chat;
``routing`` finds who does what each asks for: ``joining``, ``trainee``, ``trainer``,
``supervisor``; ``conversation`` answers replies once the hire has stopped typing; ``sender`` sends
what all of them put into the outbox; ``server`` runs it.
"""
