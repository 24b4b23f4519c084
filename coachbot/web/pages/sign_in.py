"""Signing in by a link, and out again, here or everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.signing_in import LINK_MINUTES
from coachbot.errors import UsageError
from coachbot.web import cookies
from coachbot.web.address import SIGN_IN
from coachbot.web.pages import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.web.visit import Visit

LONGEST_TOKEN = 300
NO_LONGER = "This link no longer works"


def show(visit: Visit) -> Response:
    """Show the button that signs in; the link alone does nothing, since previews open it too."""
    token = visit.query.get("token", "")[:LONGEST_TOKEN]
    whole = bool(token) and visit.office.signing_in.looks_whole(token)
    why_not = visit.office.signing_in.why_not(token) if whole else ""
    if visit.member is not None and (not token or why_not):
        return visit.go("/")
    if why_not:
        return visit.render("message.html", 400, title=NO_LONGER, text=why_not)
    return visit.render(
        "sign_in.html", 200 if whole or not token else 400, token=token if whole else "",
        broken=bool(token) and not whole, minutes=LINK_MINUTES,
    )  # fmt: skip


def do(visit: Visit) -> Response:
    """Use the link up; a session that was there before in this browser ends."""
    office = visit.office
    try:
        secret = office.signing_in.redeem(visit.form.get("token", "")[:LONGEST_TOKEN])
    except UsageError as error:
        return visit.render("message.html", 400, title=NO_LONGER, text=str(error))
    if visit.member is not None:
        office.signing_in.sign_out(visit.secret)
    answer = visit.go("/")
    cookies.write(answer, cookies.SESSION, secret, office.address)
    cookies.delete(answer, cookies.FORM, office.address)
    return answer


def sign_out(visit: Visit) -> Response:
    """End this session, or all of the person's."""
    office = visit.office
    if visit.member is None:
        return visit.go(SIGN_IN)
    if visit.form.get("everywhere"):
        office.signing_in.sign_out_everywhere(visit.me)
    else:
        office.signing_in.sign_out(visit.secret)
    answer = visit.go(SIGN_IN)
    cookies.delete(answer, cookies.SESSION, office.address)
    return answer


PAGES = (
    Page("sign_in", SIGN_IN, None, show=show, do=do),
    Page("sign_out", "/sign-out", None, do=sign_out),
)
