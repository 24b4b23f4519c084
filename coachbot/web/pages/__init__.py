"""The pages, one module each.

A page is a :class:`Page` in its module, listed in ``PAGES`` of ``coachbot.web.pages.all_pages``:

- ``path``: its address; ``{names}`` in it come as ``visit.request.path_params``.
- ``action``: the row of ``coachbot.coaching.permissions.ALLOWED`` whose roles may open it at all.
  Whom or which team it is about, the page itself asks: ``visit.team(key)``, ``visit.somebody(key)``
  and ``visit.owner(person)`` give what is the visitor's, and raise ``Nowhere`` for everything else.
  ``None``: open to whoever comes, signed in or not.
- ``show``: answers GET. Runs in a thread, so it may read the database.
- ``do``: answers POST. The form's code, its origin, its size and its rate have been checked; the
  fields are in ``visit.form``. It ends with ``visit.go(...)``.
- ``menu``: what it is called in the menu, for those who may open it.

Its template is in ``templates`` and begins with ``{% extends "base.html" %}``; what templates
share is in ``templates/parts.html``. ``{{ to("session", session=...) }}`` is the address of a page
by its name, and empty while there is no such page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.permissions import Action
    from coachbot.web.visit import Visit


@dataclass(frozen=True)
class Page:
    """A page and who may open it; see the module for each field."""

    name: str
    path: str
    action: Action | None
    show: Callable[[Visit], Response] | None = None
    do: Callable[[Visit], Response] | None = None
    menu: str | None = None
