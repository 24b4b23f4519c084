"""From an HTTP request to an answer: the token, the method, the faults, the log."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from math import inf

from aiohttp import web

from tests.telegram.api import account, writing
from tests.telegram.api.errors import ApiError, Json
from tests.telegram.api.faults import Call, Fault, Faults, PlannedFault, Reply
from tests.telegram.api.params import Params
from tests.telegram.api.world import World

METHODS: Mapping[str, Callable[[World, Params], object]] = {
    "answerCallbackQuery": writing.answer_press,
    "deleteMyCommands": account.delete_commands,
    "deleteWebhook": account.delete_webhook,
    "editMessageCaption": writing.edit_caption,
    "editMessageReplyMarkup": writing.edit_markup,
    "editMessageText": writing.edit_text,
    "getChat": account.get_chat,
    "getFile": account.get_file,
    "getMe": account.get_me,
    "getMyCommands": account.get_commands,
    "getWebhookInfo": account.get_webhook_info,
    "leaveChat": account.leave_chat,
    "sendChatAction": writing.send_chat_action,
    "sendDocument": writing.send_document,
    "sendMessage": writing.send_message,
    "sendPhoto": writing.send_photo,
    "setMyCommands": account.set_commands,
    "setWebhook": account.set_webhook,
}

NAMES = {name.lower(): name for name in [*METHODS, "getUpdates"]}
"""Telegram takes the names of methods in any case."""

DOWNLOAD = "download"
"""The name under which downloads of files are logged and can go wrong."""

BIGGEST_BODY = 60 * 1024 * 1024


class Dispatch:
    """Answers requests about one bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.log: list[Call] = []

    def app(self) -> web.Application:
        """The application with Telegram's two kinds of addresses."""
        app = web.Application(client_max_size=BIGGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        return app

    async def _method(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.token:
            return _refused(ApiError(401, "Unauthorized"))
        name = NAMES.get(request.match_info["method"].lower())
        if name is None:
            return _refused(ApiError(404, "Not Found: method not found"))
        try:
            params = await Params.read(request)
        except ApiError as error:
            return _refused(error)

        async def carry_out() -> web.StreamResponse:
            try:
                return web.json_response({"ok": True, "result": await self._result(name, params)})
            except ApiError as error:
                return _refused(error)

        call = Call(time.time(), name, params.as_logged(), self._chat(name, params))
        return await self._logged(request, call, carry_out)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.token:
            return _refused(ApiError(401, "Unauthorized"))
        path = request.match_info["path"]

        async def carry_out() -> web.StreamResponse:
            with self.world.changes.reading():
                file = self.world.files.at(path)
            if file is None:
                return _refused(ApiError(404, "Not Found"))
            return web.Response(body=file.content, content_type="application/octet-stream")

        call = Call(time.time(), DOWNLOAD, {"path": path}, None)
        return await self._logged(request, call, carry_out)

    async def _result(self, name: str, params: Params) -> object:
        if name == "getUpdates":
            return await account.get_updates(self.world, params)
        with self.world.changes.changing():
            return METHODS[name](self.world, params)

    def _chat(self, name: str, params: Params) -> int | None:
        """The chat that a call is about, as far as it is about one."""
        if name == "answerCallbackQuery":
            with self.world.changes.reading():
                press = self.world.presses.get(params.text("callback_query_id"))
            return None if press is None else press.chat_id
        return params.integer("chat_id") or None

    async def _logged(
        self,
        request: web.Request,
        call: Call,
        carry_out: Callable[[], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Answer a call, as planned if something is planned for it, and note it all down."""
        begin = time.monotonic()
        with self.world.changes.changing():
            self.log.append(call)
            planned = self.faults.take(call.method, call.chat)
            call.fault = planned.fault.name if planned else None
        response = await (
            self._with_fault(planned, call, carry_out) if planned else self._well(call, carry_out)
        )
        with self.world.changes.changing():
            call.seconds = time.monotonic() - begin
            if response is None:
                _drop(request)
            else:
                call.status = response.status
                call.answer = _content(response)
        return response or web.Response()

    async def _well(
        self, call: Call, carry_out: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        response = await carry_out()
        call.carried_out = response.status == 200
        return response

    async def _with_fault(
        self,
        planned: PlannedFault,
        call: Call,
        carry_out: Callable[[], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse | None:
        """What the caller gets; None is a broken connection."""
        fault = planned.fault
        own = await self._well(call, carry_out) if fault.carried_out else None
        if fault.seconds:
            await self.world.changes.until(
                lambda: planned.cancelled or None, None if fault.seconds == inf else fault.seconds
            )
        return _reply(fault, own)


def _reply(fault: Fault, own: web.StreamResponse | None) -> web.StreamResponse | None:
    if fault.refusal is not None:
        return _refused(fault.refusal)
    if fault.reply is Reply.PAGE:
        return web.Response(status=fault.status, text=fault.page, content_type="text/html")
    return own if fault.reply is Reply.OWN else None


def _refused(error: ApiError) -> web.Response:
    return web.json_response(error.answer(), status=error.status)


def _drop(request: web.Request) -> None:
    """Break the connection without a word."""
    if request.transport is not None:
        request.transport.abort()


def _content(response: web.StreamResponse) -> Json | str | None:
    """An answer for the log; files are left out."""
    if not isinstance(response, web.Response):
        return None
    if response.content_type == "application/json":
        answer: Json = json.loads(response.text or "{}")
        return answer
    return response.text if response.content_type == "text/html" else None
