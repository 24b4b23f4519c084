"""A learning record store on this machine: takes statements all or none, and misbehaves if told.

What it takes has to have the shape of xAPI 1.0.3 (part 2, 2.2 to 2.4 and 4), told here as a JSON
Schema of its own, so that it owes nothing to the models that make the statements.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jsonschema

KEY, SECRET = "a-key", "a-secret-nobody-may-see"

_IRI = {"type": "string", "pattern": '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$'}
_UUID = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
_WORDS = {"type": "object", "patternProperties": {"^[a-z]{2}$": {"type": "string"}},
          "additionalProperties": False, "minProperties": 1}  # fmt: skip
_EXTENSIONS = {"type": "object", "propertyNames": _IRI}


def _thing(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_ACTIVITY = _thing(
    ["id"],
    objectType={"const": "Activity"},
    id=_IRI,
    definition=_thing([], name=_WORDS, description=_WORDS, type=_IRI, extensions=_EXTENSIONS),
)
STATEMENT = _thing(
    ["id", "actor", "verb", "object"],
    id=_UUID,
    actor=_thing(
        ["account"],
        objectType={"const": "Agent"},
        account=_thing(["homePage", "name"], homePage=_IRI, name={"type": "string"}),
    ),
    verb=_thing(["id"], id=_IRI, display=_WORDS),
    object=_ACTIVITY,
    result=_thing(
        [],
        success={"type": "boolean"},
        completion={"type": "boolean"},
        duration={"type": "string", "pattern": "^PT[0-9]+(\\.[0-9]{1,2})?S$"},
        score=_thing(
            [],
            scaled={"type": "number", "minimum": -1, "maximum": 1},
            raw={"type": "number"},
            min={"type": "number"},
            max={"type": "number"},
        ),
        extensions=_EXTENSIONS,
    ),
    context=_thing(
        [],
        registration=_UUID,
        platform={"type": "string"},
        language={"type": "string", "pattern": "^[a-z]{2}$"},
        contextActivities=_thing(
            [],
            parent={"type": "array", "items": _ACTIVITY},
            category={"type": "array", "items": _ACTIVITY},
        ),
        extensions=_EXTENSIONS,
    ),
    timestamp={
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
    },
    version={"const": "1.0.3"},
)

Statement = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Lrs:
    """A running store. ``answers``: asked with each batch; None: it takes the batch as it should.

    ``delay``: seconds before each answer. ``batches``: how many statements came in each request.
    ``versions``: what it says it speaks; None: it doesn't say. ``reading``: what it answers to
    whoever asks for statements with the right key; None: those that it has. ``asked``: for what.
    """

    url: str
    answers: Callable[[list[Statement]], Answer | None] = lambda _batch: None
    delay: float = 0.0
    statements: dict[str, Statement] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    versions: tuple[str, ...] | None = ("1.0.3",)
    reading: Answer | None = None
    asked: list[str] = field(default_factory=list)

    def give(self, headers: dict[str, str], path: str) -> Answer:
        """Answer a question as the specification says."""
        self.asked.append(path)
        time.sleep(self.delay)
        if path == "/xapi/about" and self.versions is not None:
            return 200, {}, json.dumps({"version": self.versions}).encode()
        if path != "/xapi/statements?limit=1":
            return 404, {}, b"no"
        if (refusal := self._refusal(headers)) is not None:
            return refusal
        found = {"statements": list(self.statements.values())[:1], "more": ""}
        return self.reading or (200, {}, json.dumps(found).encode())

    def _refusal(self, headers: dict[str, str]) -> Answer | None:
        given = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if headers.get("authorization") != f"Basic {given}":
            return 401, {}, b"no"
        if headers.get("x-experience-api-version") != "1.0.3":
            return 400, {}, b"no"
        return None

    def take(self, headers: dict[str, str], path: str, body: bytes) -> Answer:
        """Answer a request as the specification says."""
        if (refusal := self._refusal(headers)) is not None:
            return refusal
        if path != "/xapi/statements":
            return 400, {}, b"no"
        batch: list[Statement] = json.loads(body)
        self.batches.append(len(batch))
        time.sleep(self.delay)
        answer = self.answers(batch)
        if answer is not None:
            return answer
        for one in batch:
            try:
                jsonschema.validate(one, STATEMENT)
            except jsonschema.ValidationError as error:
                self.problems.append(error.message)
                return 400, {}, b"no"
            if self.statements.get(one["id"], one) != one:
                return 409, {}, b"no"
        self.statements |= {one["id"]: one for one in batch}
        return 200, {}, json.dumps([one["id"] for one in batch]).encode()


@contextmanager
def running_lrs() -> Iterator[Lrs]:
    """A store on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(lrs.give(self._headers(), self.path))

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            self._answer(lrs.take(self._headers(), self.path, self.rfile.read(length)))

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _answer(self, answer: Answer) -> None:
            status, extra, body = answer
            try:
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # Who asked has lost patience.
                return

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    lrs = Lrs(f"http://127.0.0.1:{server.server_address[1]}/xapi")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield lrs
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
