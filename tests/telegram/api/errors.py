"""Refusals, in the words and the shape in which Telegram gives them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
"""An object as it goes over the wire."""


class ApiError(Exception):
    """A call that is refused: HTTP status, Telegram's description, and further parameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def answer(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


def bad_request(reason: str) -> ApiError:
    """400, for what the bot asked wrongly."""
    return ApiError(400, f"Bad Request: {reason}")


def conflict(reason: str) -> ApiError:
    """409, for two who want the updates of one bot."""
    return ApiError(409, f"Conflict: {reason}")


def blocked_by_user() -> ApiError:
    """403, for a private chat whose person blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def not_in_group() -> ApiError:
    """403, for a group that the bot has left."""
    return ApiError(403, "Forbidden: bot is not a member of the group chat")
