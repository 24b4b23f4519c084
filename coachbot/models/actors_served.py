"""A language model behind OpenAI's API: vLLM, Ollama, llama.cpp's server and others.

Every answer is streamed, so that a time limit for the whole of it can be kept, however slowly it
drips, and a message that can't be used any more is broken off. A server that doesn't stream is
understood too. Nothing of what is sent or received is written anywhere, and no redirect is
followed, since the key would go along.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from coachbot.customer.writer import Form, Message, Prompt, WritingFailed, form_for
from coachbot.models.actors import size_in_name

if TYPE_CHECKING:
    from pydantic import SecretStr

TEMPERATURE, TOP_P = 0.8, 0.95
"""Lively enough for two sessions to differ; hotter, and small models lose the thread."""

TOKENS_A_WORD, SPARE_TOKENS = 3, 20
"""How many tokens a message may take: twice what English needs, so that the check on its length
decides and not a cut."""

THINKING_TOKENS = 1024
"""More for a model in chat form, which may think first; the time of the turn is the limit."""

MOST_BYTES = 200_000
"""Of an answer; a server that sends more has lost its way."""


class ServedWriter:
    """A model on a server; see :class:`coachbot.customer.writer.Writer`."""

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        *,
        form: Form | None = None,
        key: SecretStr | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._model = model
        self._wanted = form
        self._form: Form | None = form
        self._key = key
        # Some servers know neither a system role nor a seed; found out once.
        self._plain = False
        self._lock = threading.Lock()
        parts = urlsplit(self._base)
        self._host = parts.netloc
        # A proxy has no business between two programs on one machine.
        self._by_proxy = parts.hostname not in ("localhost", "127.0.0.1", "::1")
        self._certificates: ssl.SSLContext | bool = (
            ssl.create_default_context() if parts.scheme == "https" else True
        )

    @property
    def name(self) -> str:
        """The model's name if it is known yet, and the server it is on."""
        return f"{self._model} at {self._host}" if self._model else f"at {self._host}"

    def form(self, deadline: float) -> Form:
        """As it was wanted; else by the size that the server or the model's name tells."""
        with self._lock:
            if self._form is not None and self._model is not None:
                return self._form
        model, parameters = _run(self._looked_up(), deadline)
        with self._lock:
            self._model = model
            self._form = self._wanted or form_for(parameters or size_in_name(model))
            return self._form

    def write(
        self, prompt: Prompt, *, seed: int, deadline: float, enough: Callable[[str], bool]
    ) -> str:
        """As :class:`coachbot.customer.writer.Writer` has it."""
        text: str = _run(self._written(prompt, seed, enough), deadline)
        return text

    async def _looked_up(self) -> tuple[str, int | None]:
        """The model's name and size; raises WritingFailed where there is none, or no server."""
        async with self._client() as client:
            answer = await client.get(f"{self._base}/models")
        if answer.status_code != 200 and self._model is not None:
            # Not every server lists its models; whether it has this one, it will say itself.
            return self._model, None
        _must_be_fine(answer.status_code, answer.text)
        found = _object(answer.text).get("data")
        entries = [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []
        named = {str(entry.get("id")): entry for entry in entries if entry.get("id")}
        model = self._model or (next(iter(named)) if len(named) == 1 else None)
        if model is None:
            raise WritingFailed("missing")
        meta = named.get(model, {}).get("meta")
        size = meta.get("n_params") if isinstance(meta, dict) else None
        return model, size if isinstance(size, int) else None

    async def _written(self, prompt: Prompt, seed: int, enough: Callable[[str], bool]) -> str:
        async with self._client() as client:
            for plain in (True,) if self._plain else (False, True):
                path, body = self._request(prompt, seed, plain=plain)
                async with client.stream("POST", f"{self._base}{path}", json=body) as answer:
                    if answer.status_code == 400 and not plain:
                        await answer.aread()
                        continue
                    if answer.status_code != 200:
                        _must_be_fine(
                            answer.status_code, (await answer.aread()).decode(errors="replace")
                        )
                    self._plain = plain
                    return await _text_of(answer, enough)
        raise WritingFailed("failed")

    def _request(self, prompt: Prompt, seed: int, *, plain: bool) -> tuple[str, dict[str, Any]]:
        """Path and body. ``plain``: without anything that not every server understands."""
        tokens = TOKENS_A_WORD * prompt.longest + SPARE_TOKENS
        body: dict[str, Any] = {"model": self._model, "stream": True}
        if not plain:
            body |= {"temperature": TEMPERATURE, "top_p": TOP_P, "seed": seed}
        if prompt.form == "transcript":
            # A little less than the end of the line would be somebody else's line.
            body |= {"prompt": prompt.text, "stop": ["\n"], "max_tokens": tokens}
            return "/completions", body
        body["messages"] = [
            {"role": message.role, "content": message.content}
            for message in (merged(prompt.messages) if plain else prompt.messages)
        ]
        body["max_completion_tokens" if plain else "max_tokens"] = tokens + THINKING_TOKENS
        return "/chat/completions", body

    def _client(self) -> httpx.AsyncClient:
        headers = {}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        # The time limit is that of the whole turn; httpx's own would begin anew with every read.
        return httpx.AsyncClient(
            headers=headers,
            timeout=None,  # noqa: S113  # see above
            follow_redirects=False,
            verify=self._certificates,
            trust_env=self._by_proxy,
        )


def merged(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages with the system's at the head of the first user's."""
    first, *rest = messages
    if first.role != "system" or not rest:
        return messages
    return (Message("user", f"{first.content}\n\n{rest[0].content}"), *rest[1:])


def _run(doing: Any, deadline: float) -> Any:
    """Do it within the time. Only for threads without an event loop, as the customer's are."""

    async def limited() -> Any:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            return await doing

    try:
        return asyncio.run(limited())
    except (TimeoutError, httpx.TimeoutException):
        raise WritingFailed("timed_out") from None
    except httpx.ConnectError:
        raise WritingFailed("unreachable") from None
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError):
        # Cut off in the middle, or no HTTP at all.
        raise WritingFailed("failed") from None


def _must_be_fine(status: int, text: str) -> None:
    if status == 200:
        return
    if status in (401, 403):
        raise WritingFailed("denied")
    if status == 404 or ("model" in text.lower() and "not found" in text.lower()):
        raise WritingFailed("missing")
    raise WritingFailed("failed")


async def _text_of(answer: httpx.Response, enough: Callable[[str], bool]) -> str:
    """The words of an answer, streamed or not."""
    if "text/event-stream" not in answer.headers.get("content-type", ""):
        size, pieces = 0, []
        async for piece in answer.aiter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                raise WritingFailed("unreadable")
            pieces.append(piece)
        return _content(_object(b"".join(pieces).decode(errors="replace")), "message")
    text = ""
    async for event in _events(answer):
        if "error" in event:
            raise WritingFailed("failed")
        text += _content(event, "delta")
        if len(text) > MOST_BYTES:
            raise WritingFailed("unreadable")
        if enough(text):
            break
    return text


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The objects of an event stream, up to [DONE]."""
    async for line in answer.aiter_lines():
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        yield _object(data)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise WritingFailed("unreadable")
    return found


def _content(found: dict[str, Any], key: str) -> str:
    """The words of the first choice; what a model thinks apart from them is left where it is."""
    choices = found.get("choices")
    if choices == [] and key == "delta":
        # The last event of some servers only counts tokens.
        return ""
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise WritingFailed("unreadable")
    part = choices[0].get(key)
    text = part.get("content") if isinstance(part, dict) else choices[0].get("text", "")
    if text is not None and not isinstance(text, str):
        raise WritingFailed("unreadable")
    return text or ""
