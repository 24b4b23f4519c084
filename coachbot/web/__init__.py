"""The supervisors' page: teams, people and sessions in a browser, beside the bot.

Read ``app`` for how a request becomes a page, ``visit`` for what a page is given, ``pages`` for the
pages (one module each) and how to add one, ``security`` for what every request must pass,
``cookies`` for how somebody stays signed in, ``rendering`` for templates, ``server`` for the port.
Everything works without JavaScript; nothing is loaded from anywhere else.
"""

from __future__ import annotations
