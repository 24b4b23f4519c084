"""The checks that Telegram makes on ``reply_markup``."""

from __future__ import annotations

from typing import Any

from tests.telegram.api.errors import ApiError, Json, bad_request
from tests.telegram.api.formatting import checked_url
from tests.telegram.api.params import Params

LONGEST_DATA = 64
"""Bytes of ``callback_data`` (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""

MOST_BUTTONS = 100
"""Buttons in one inline keyboard."""

ACTIONS = {
    "callback_data",
    "callback_game",
    "copy_text",
    "login_url",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "url",
    "web_app",
}
"""What an inline button can do; each must do one of them."""


def read_markup(params: Params) -> Json | None:
    """The parameter ``reply_markup``, checked; None if there is none or it is empty."""
    try:
        markup = params.json("reply_markup")
    except ApiError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        for button in _buttons(markup["keyboard"], "keyboard", "ReplyKeyboardMarkup"):
            if not _caption(button):
                raise bad_request("can't parse keyboard button: Text must be non-empty")
        return markup
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def read_inline_markup(params: Params) -> Json | None:
    """The same for an edit, where only an inline keyboard makes sense."""
    markup = read_markup(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _inline(markup: Json) -> Json | None:
    buttons = _buttons(markup["inline_keyboard"], "inline_keyboard", "InlineKeyboardMarkup")
    for button in buttons:
        _check_inline(button)
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    rows = [row for row in markup["inline_keyboard"] if row]
    return {"inline_keyboard": rows} if rows else None


def _check_inline(button: Any) -> None:
    unusable = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{unusable}: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f'{unusable}: Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad_request(f"{unusable}: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions:
        data = button["callback_data"]
        if not (isinstance(data, str) and 1 <= len(data.encode()) <= LONGEST_DATA):
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and checked_url(str(button["url"])) is None:
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong URL")


def _buttons(rows: Any, field: str, kind: str) -> list[Any]:
    if not (isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
        raise bad_request(f'field "{field}" of the {kind} should be an Array of Arrays')
    return [button for row in rows for button in row]


def _caption(button: Any) -> str:
    """The text of a button under the text field, which may be given as a bare string."""
    text = button.get("text") if isinstance(button, dict) else button
    return text if isinstance(text, str) else ""
