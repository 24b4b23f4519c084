"""The methods about the bot itself: who it is, its commands, its chats, files, webhook."""

from __future__ import annotations

import copy
import re
from urllib.parse import urlsplit

from tests.telegram.api.errors import Json, bad_request, conflict, not_in_group
from tests.telegram.api.params import Params
from tests.telegram.api.world import Webhook, World, scope_key

MOST_COMMANDS = 100
"""Commands in one list (https://core.telegram.org/bots/api#setmycommands)."""

SCOPES = {
    "all_chat_administrators": set[str](),
    "all_group_chats": set[str](),
    "all_private_chats": set[str](),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
    "default": set[str](),
}
"""Type of a scope to what else it must say."""

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def get_me(world: World, _params: Params) -> Json:
    """Who the bot is."""
    return world.bot | {
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "supports_inline_queries": False,
    }


def set_commands(world: World, params: Params) -> bool:
    """Set the commands of one scope and language."""
    commands = [
        {"command": str(item.get("command", "")).removeprefix("/").lower(), **_described(item)}
        for item in params.objects("commands")
    ]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if not all(re.fullmatch(r"[a-z0-9_]{1,32}", item["command"]) for item in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    if not all(1 <= len(item["description"]) <= 256 for item in commands):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, params)] = commands
    return True


def get_commands(world: World, params: Params) -> list[Json]:
    """The commands of one scope and language, and of no other."""
    return copy.deepcopy(world.commands.get(_scope(world, params), []))


def delete_commands(world: World, params: Params) -> bool:
    """Delete the commands of one scope and language."""
    world.commands.pop(_scope(world, params), None)
    return True


def get_chat(world: World, params: Params) -> Json:
    """The object ``ChatFullInfo``."""
    chat = world.find(params.text("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return {
        **chat.data,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys([*gifts, "gifts_from_channels"], False),
    }


def leave_chat(world: World, params: Params) -> bool:
    """Leave a group."""
    chat = world.open(params)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.refusal = not_in_group()
    world.notify_membership(chat, world.bot, "member", "left")
    return True


def get_file(world: World, params: Params) -> Json:
    """Where a file can be downloaded."""
    return world.files.described(params.text("file_id"))


def set_webhook(world: World, params: Params) -> bool:
    """Have the updates posted to an address; an empty one stops that."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    parts = urlsplit(url)
    # Telegram insists on https; a test has no certificate, and needs none on its own machine.
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.allow(params.json("allowed_updates"))
    world.webhook = Webhook(url, secret, params.integer("max_connections", 40))
    _drop_if_asked(world, params)
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """Go back to getUpdates."""
    world.webhook = Webhook()
    _drop_if_asked(world, params)
    return True


def get_webhook_info(world: World, _params: Params) -> Json:
    """The object ``WebhookInfo``."""
    hook = world.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting()),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if hook.last_error:
        info["last_error_date"] = hook.last_error_date
        info["last_error_message"] = hook.last_error
    return info


async def get_updates(world: World, params: Params) -> list[Json]:
    """Confirm what lies below ``offset``, and hand out what waits, or wait for it."""
    limit = params.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    with world.changes.changing():
        if world.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        world.updates.allow(params.json("allowed_updates"))
        world.updates.confirm_below(params.integer("offset"))
        world.updates.poller += 1
        mine = world.updates.poller

    def look() -> list[Json] | None:
        if world.updates.poller != mine:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        if world.webhook.url:
            raise conflict("terminated by setWebhook request")
        return copy.deepcopy(world.updates.hand_out(limit)) or None

    return await world.changes.until(look, min(max(params.integer("timeout"), 0), 50)) or []


def _drop_if_asked(world: World, params: Params) -> None:
    if params.boolean("drop_pending_updates"):
        world.updates.drop_all()


def _described(item: Json) -> Json:
    return {"description": str(item.get("description", "")).strip()}


def _scope(world: World, params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chosen = {"type": kind}
    for name in sorted(SCOPES[kind]):
        if name not in scope:
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
        chosen[name] = scope[name]
    if "chat_id" in chosen:
        chosen["chat_id"] = world.find(str(chosen["chat_id"])).id
    return scope_key(chosen), params.text("language_code")
