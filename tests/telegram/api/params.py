"""The parameters of a call, however they were sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.api.errors import Json, bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    filename: str
    content: bytes


class Params:
    """Values by name: text from a form or a query, anything from a JSON body."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> None:
        self._values = values
        self._uploads = uploads

    @classmethod
    async def read(cls, request: web.Request) -> Params:
        """Read the query and the body: JSON, form-encoded or multipart."""
        values: dict[str, Any] = dict(request.query)
        uploads: dict[str, Upload] = {}
        if request.content_type == "application/json":
            try:
                body = await request.json()
            except ValueError:
                body = None
            if not isinstance(body, dict):
                raise bad_request("can't parse request JSON object")
            values |= body
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    with value.file as file:
                        uploads[name] = Upload(value.filename, file.read())
                else:
                    values[name] = value
        return cls(values, uploads)

    def as_logged(self) -> Json:
        """Everything but the files; lists and objects are decoded."""
        logged: Json = {}
        for name, value in self._values.items():
            logged[name] = value
            if isinstance(value, str) and value[:1] in {"[", "{"} and name != "text":
                try:
                    logged[name] = json.loads(value)
                except ValueError:
                    continue
        return logged

    def given(self, name: str) -> bool:
        """Whether there is such a parameter at all."""
        return name in self._values or name in self._uploads

    def text(self, name: str) -> str:
        """A string; empty if it isn't there."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as 0, as with Telegram."""
        if self._values.get(name) in (None, ""):
            return default
        try:
            return int(self._values[name])
        except (TypeError, ValueError):
            return 0

    def boolean(self, name: str) -> bool:
        """``true``, ``yes`` and ``1`` are true in any case; everything else is false."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:
        """A list or an object, None if it isn't there. Raises ApiError if it can't be read."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            what = name.replace("_", " ")
            raise bad_request(f"can't parse {what} JSON object") from None

    def objects(self, name: str) -> list[Json]:
        """A list of objects; empty if it isn't there."""
        value = self.json(name)
        if value is None:
            return []
        if not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
            raise bad_request(f"expected an Array of Objects in {name}")
        return value

    def upload(self, name: str) -> Upload | None:
        """The file sent under ``name``, or the one that ``attach://`` points to."""
        reference = self.text(name)
        if reference.startswith("attach://"):
            return self._uploads.get(reference.removeprefix("attach://"))
        return self._uploads.get(name)
