"""From a request to a page: who asks, whether they may, and what is shown when something fails."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from coachbot.coaching.permissions import where
from coachbot.errors import CoachbotError, Forbidden, NotFound, StoreError, UsageError
from coachbot.web import cookies
from coachbot.web.address import SIGN_IN
from coachbot.web.office import Office
from coachbot.web.pages import Page
from coachbot.web.pages.all_pages import PAGES
from coachbot.web.rendering import Rendering
from coachbot.web.security import Guard, Rate, TooLarge
from coachbot.web.visit import NOT_HERE, Nowhere, Visit

MOST_FIELDS = 150
"""Of a form; the longest has three for each of 30 replies, and a few more."""

_FORM = "application/x-www-form-urlencoded"

_log = structlog.get_logger()


class Desk:
    """Answers requests for pages."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._rendering = Rendering(PAGES)
        self._sign_ins = Rate(*office.rates.sign_ins)
        self._posts = Rate(*office.rates.posts)

    def app(self) -> ASGIApp:
        """The whole page as an ASGI application."""
        routes = [Route("/static/{version}/{name}", self._rendering.static)]
        routes += [Route(page.path, self._endpoint(page), methods=_methods(page)) for page in PAGES]
        inner = Starlette(routes=routes, exception_handlers={HTTPException: self._http_error})
        return Guard(inner, self._office.address, self._refuse)

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                form = await _form(request)
            except TooLarge:
                text = "That is more than a form of this page holds. Shorten the text and send it."
                return await run_in_threadpool(self._message, request, 413, text)
            return await run_in_threadpool(self._answer, page, request, form)

        return endpoint

    def _answer(self, page: Page, request: Request, form: Mapping[str, str] | None) -> Response:
        """A page, or one that says why not. In a thread."""
        visit = Visit(self._office, self._rendering, request, None)
        fresh = False
        try:
            fresh = self._receive(visit)
            if request.method == "POST":
                refusal = self._refusal(page, visit, form)
                if refusal is not None:
                    return refusal
                visit.form = form or {}
            answer = self._shown(page, visit)
        except Exception as error:  # noqa: BLE001  # whatever it is, a person waits for a page
            answer = self._failed(visit, error)
        if fresh and answer.status_code == 200:
            cookies.write(answer, cookies.FORM, visit.secret, self._office.address)
        return answer

    def _receive(self, visit: Visit) -> bool:
        """Find out who it is; True where nobody was known and they got a secret for their form."""
        address = self._office.address
        secret = cookies.read(visit.request, cookies.SESSION, address)
        visit.member = self._office.signing_in.who(secret) if secret else None
        if visit.member is not None:
            visit.secret = secret
            return False
        visit.secret = cookies.read(visit.request, cookies.FORM, address)
        if visit.secret or visit.request.method == "POST":
            return False
        visit.secret = secrets.token_urlsafe(24)
        return True

    def _refusal(self, page: Page, visit: Visit, form: Mapping[str, str] | None) -> Response | None:
        """Why a post is not even looked at; None where it is."""
        client = visit.request.client
        if page.path == SIGN_IN:
            allowed = self._sign_ins.allows(client.host if client else "")
        else:
            allowed = visit.member is None or self._posts.allows(visit.member.person)
        if not allowed:
            return _say(visit, 429, "That was a lot at once. Wait a minute, then go on.")
        if form is None:
            return _say(visit, 415, "Only the forms of this page can be sent here.")
        good = bool(visit.secret) and self._office.signing_in.sealed(
            form.get("code", ""), "form", visit.secret
        )
        if not good:
            return _say(
                visit,
                403,
                "This form is out of date: it was opened before you signed in, or in another "
                "browser. Nothing was changed. Open the page again and send it from there.",
            )
        return None

    def _shown(self, page: Page, visit: Visit) -> Response:
        if page.action is not None and visit.member is None:
            if visit.request.method == "POST":
                return _say(visit, 403, "You are signed out, so nothing was changed. Sign in anew.")
            return visit.go(SIGN_IN)
        if page.action is not None and not where(visit.member, page.action):
            if not where(visit.member, "use_page"):
                return visit.render("not_for_trainees.html", 403)
            raise Nowhere
        do = page.do if visit.request.method == "POST" else page.show
        if do is None:
            raise Nowhere
        return do(visit)

    # --- When something fails ---------------------------------------------------------------------

    def _failed(self, visit: Visit, error: Exception) -> Response:
        match error:
            case NotFound():
                return _say(visit, 404, NOT_HERE, title="Nothing here")
            case Forbidden():
                return _say(visit, 403, error.message)
            case UsageError():
                return _say(visit, 400, error.message)
            case StoreError():
                _log.error("page_database", error=type(error).__name__)
                text = (
                    "The database can't be used just now, so nothing was changed. Try again in a "
                    "minute; whoever runs CoachBot can see the reason with coachbot doctor."
                )
                return _say(visit, 503, text)
            case CoachbotError():
                return _say(visit, 500, error.message)
        _log.error("page_failed", error=type(error).__name__, at=_place(error))
        text = (
            "Something went wrong here, and it is not your doing. Go back and try once more; if "
            "it happens again, please tell whoever runs CoachBot when it was: the log has the rest."
        )
        return _say(visit, 500, text)

    async def _http_error(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await run_in_threadpool(
            self._message, request, 404 if status in (404, 405) else status, NOT_HERE
        )

    def _refuse(self, status: int, text: str) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            answer = self._message(Request(scope, receive), status, text, known=False)
            await answer(scope, receive, send)

        return app

    def _message(self, request: Request, status: int, text: str, *, known: bool = True) -> Response:
        """A page with nothing but a sentence; ``known``: with the visitor's own menu."""
        visit = Visit(self._office, self._rendering, request, None)
        if known:
            try:
                self._receive(visit)
            except CoachbotError as error:
                return self._failed(Visit(self._office, self._rendering, request, None), error)
        return _say(visit, status, text, title="Nothing here" if status == 404 else None)


def create_app(office: Office) -> ASGIApp:
    """The supervisors' page."""
    return Desk(office).app()


def _methods(page: Page) -> list[str]:
    return ["GET"] * (page.show is not None) + ["POST"] * (page.do is not None)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the last of each name; None where it is no form."""
    if request.method != "POST":
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return None
    try:
        body = (await request.body()).decode("ascii")
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None


_TITLES = {
    403: "That is not possible",
    404: "Nothing here",
    413: "Too long",
    421: "Not this address",
    429: "One moment",
    503: "Not just now",
    500: "That went wrong",
}


def _say(visit: Visit, status: int, text: str, *, title: str | None = None) -> Response:
    title = title or _TITLES.get(status, "That didn't work")
    return visit.render("message.html", status, title=title, text=text)


def _place(error: BaseException) -> str:
    """Where in the program it happened; never what the error says, since people's words may be."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
