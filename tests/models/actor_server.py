"""A server with OpenAI's API on this machine, which does what a test wants of it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request, and what can be done with it."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]
    over: threading.Event

    def send(self, content: bytes, kind: str = "application/json", status: int = 200) -> None:
        """A whole answer."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(content)))
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def begin_stream(self) -> None:
        """The head of an event stream."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.handler.end_headers()

    def event(self, data: str) -> None:
        """One event of a stream."""
        self.handler.wfile.write(f"data: {data}\n\n".encode())
        self.handler.wfile.flush()

    def piece(self, text: str) -> None:
        """An event with a piece of the answer, in the form that was asked for."""
        choice = {"delta": {"content": text}} if "messages" in self.body else {"text": text}
        self.event(json.dumps({"choices": [choice]}))


@dataclass
class FakeServer:
    """What it has, does, and was asked. ``headers``: those of each request, by small name."""

    url: str
    answers: list[Behaviour] = field(default_factory=list)
    models: Any = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)


def says(*pieces: str) -> Behaviour:
    """Stream these pieces, as vLLM, Ollama and llama.cpp do."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in pieces:
            exchange.piece(piece)
        exchange.event("[DONE]")

    return behave


def says_at_once(text: str) -> Behaviour:
    """Answer with one JSON object, whatever was asked for."""

    def behave(exchange: Exchange) -> None:
        choice = {"message": {"content": text}} if "messages" in exchange.body else {"text": text}
        exchange.send(json.dumps({"choices": [choice]}).encode())

    return behave


def answers_with(content: bytes, status: int = 200, kind: str = "application/json") -> Behaviour:
    """Answer with these bytes."""

    def behave(exchange: Exchange) -> None:
        exchange.send(content, kind, status)

    return behave


def sleeps(exchange: Exchange) -> None:
    """Say nothing until the test is over."""
    exchange.over.wait(30)


def drips(exchange: Exchange) -> None:
    """Send a little again and again, and never come to an end."""
    exchange.begin_stream()
    while not exchange.over.is_set():
        exchange.piece("a ")
        time.sleep(0.05)


def dies(exchange: Exchange) -> None:
    """Break off in the middle of an answer."""
    exchange.handler.send_response(200)
    exchange.handler.send_header("Content-Type", "text/event-stream")
    exchange.handler.send_header("Content-Length", "100000")
    exchange.handler.end_headers()
    exchange.piece("It's 402")
    exchange.handler.close_connection = True


@contextlib.contextmanager
def serving(*answers: Behaviour, models: Any = ("small",)) -> Iterator[FakeServer]:
    """A server with these answers, one for each request to write; the last one stays.

    ``models``: names that it lists; anything else is sent as it is.
    """
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.headers.append({k.lower(): v for k, v in self.headers.items()})
            listed = fake.models
            if isinstance(listed, tuple):
                listed = {"data": [{"id": name} for name in listed]}
            status = 404 if listed is None else 200
            Exchange(self, {}, over).send(json.dumps(listed).encode(), status=status)

        def do_POST(self) -> None:
            fake.headers.append({k.lower(): v for k, v in self.headers.items()})
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append((self.path, body))
            behave = fake.answers[min(len(fake.asked), len(fake.answers)) - 1]
            # Whoever asks may have stopped listening, as they should.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                behave(Exchange(self, body, over))
                fake.sent.append("all")

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake = FakeServer(f"http://127.0.0.1:{server.server_port}/v1", list(answers), models)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
