"""Methods about the bot itself and its updates."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.rehearsal.standin.bots import Webhook
from bot.rehearsal.standin.calls import Call, Handler, Result
from bot.rehearsal.standin.chats import unix
from bot.rehearsal.standin.errors import bad_request, webhook_active
from bot.rehearsal.standin.journal import WebhookChanged

MOST_COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


async def get_me(call: Call) -> Result:
    """``getMe``."""
    return call.bot.payload()


async def get_updates(call: Call) -> Result:
    """``getUpdates``."""
    if call.bot.webhook is not None:
        raise webhook_active()
    updates = call.bot.updates
    updates.allow(call.parameters.get("allowed_updates"))
    return await updates.poll(
        call.parameters.get("offset", 0), call.parameters.get("limit", 100), max(0, call.parameters.get("timeout", 0))
    )


async def set_webhook(call: Call) -> Result:
    """``setWebhook``: plain HTTP is taken for loopback addresses alone."""
    url = call.parameters["url"]
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.parameters.get("secret_token") or ""
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    call.bot.updates.allow(call.parameters.get("allowed_updates"))
    if call.parameters.get("drop_pending_updates"):
        call.bot.updates.clear()
    call.bot.updates.end_polls()
    connections = min(100, max(1, call.parameters.get("max_connections") or 40))
    call.bot.webhook = Webhook(url, secret or None, connections)
    call.world.changes.emit(WebhookChanged(call.world.clock.now(), call.bot.id, url))
    return True


async def delete_webhook(call: Call) -> Result:
    """``deleteWebhook``."""
    if call.parameters.get("drop_pending_updates"):
        call.bot.updates.clear()
    if call.bot.webhook is not None:
        call.bot.webhook = None
        call.world.changes.emit(WebhookChanged(call.world.clock.now(), call.bot.id, ""))
    return True


async def get_webhook_info(call: Call) -> Result:
    """``getWebhookInfo``."""
    webhook, updates = call.bot.webhook, call.bot.updates
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates),
    }
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    if webhook is not None:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
        if webhook.last_error_at is not None:
            info |= {
                "last_error_date": unix(webhook.last_error_at),
                "last_error_message": webhook.last_error,
            }
    return info


def _audience(call: Call) -> tuple[str, str]:
    """The scope and language of a command menu; a scope that names a chat is checked.

    Raises:
        ApiError: 400 or 403, the chat is none of the bot's, or the language is no two-letter code.
    """
    language = call.parameters.get("language_code") or ""
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    scope = dict(call.parameters.get("scope") or {"type": "default"})
    if "chat_id" in scope:
        scope["chat_id"] = call.world.chat_for(call.bot, scope["chat_id"]).id
    return orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode(), language


async def set_my_commands(call: Call) -> Result:
    """``setMyCommands``."""
    commands = call.parameters["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_audience(call)] = commands
    return True


async def get_my_commands(call: Call) -> Result:
    """``getMyCommands``."""
    return call.bot.commands.get(_audience(call), [])


async def delete_my_commands(call: Call) -> Result:
    """``deleteMyCommands``."""
    call.bot.commands.pop(_audience(call), None)
    return True


def _words(kind: str, longest: int) -> dict[str, Handler]:
    """The set and get methods of one of the texts by which a bot introduces itself."""
    field = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[kind]

    async def put(call: Call) -> Result:
        words = call.parameters.get(field) or ""
        if len(words) > longest:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        call.bot.descriptions[field, call.parameters.get("language_code") or ""] = words
        return True

    async def get(call: Call) -> Result:
        known, language = call.bot.descriptions, call.parameters.get("language_code") or ""
        fallback = call.bot.user.first_name if field == "name" else ""
        return {field: known.get((field, language)) or known.get((field, ""), fallback)}

    return {f"setMy{kind}": put, f"getMy{kind}": get}


HANDLERS: dict[str, Handler] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    **_words("Name", 64),
    **_words("Description", 512),
    **_words("ShortDescription", 120),
}
