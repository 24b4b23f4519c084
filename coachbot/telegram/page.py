"""A link to the supervisors' page, for those who may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.signing_in import LINK_MINUTES
from coachbot.telegram.rendering import page as texts

if TYPE_CHECKING:
    from coachbot.telegram.visit import Visit


def web(visit: Visit) -> None:
    """Make a link that signs in once."""
    make = visit.office.page_link
    with visit.commit() as answers:
        if make is None:
            answers.say(texts.no_page())
        else:
            answers.say(texts.page_link(make(visit.hire), LINK_MINUTES))
