"""What people write by habit or by slip: a command that there is not is answered with the nearest that there is."""

from collections.abc import Mapping
from difflib import get_close_matches

from bot.messages import Plain
from bot.service import finding
from bot.store.transaction import Transaction
from bot.texts.catalogue import find
from handlers.desk import Desk, Replies
from handlers.request import Request

_CLOSE = 0.5
_SURELY_MEANT = 0.75
"""How alike a command is to one of ours where, in a group, it may be another bot's."""


async def unknown(desk: Desk, request: Request, word: str, bot: str, names: Mapping[str, str]) -> None:
    """A command that there is not, with the command that may have been meant and how it goes.

    ``names`` holds every command with its English name. In a group a command without the bot's own name is answered
    only where an exercise is at home and the slip is plain.
    """
    written, _, addressee = word.removeprefix("/").partition("@")
    if addressee and addressee.casefold() != bot.casefold():
        return
    addressed = request.private or bool(addressee)
    if not addressed and not await desk.store.perform(lambda tx: _is_ours(tx, request)):
        return
    close = get_close_matches(written.casefold(), names, n=1, cutoff=_CLOSE if addressed else _SURELY_MEANT)
    if not close and not addressed:
        return

    def use_case(tx: Transaction) -> Replies:
        language = desk.language_at(tx, request.place.chat_id)
        usage = find(language, f"help.command.{names[close[0]]}") if close else None
        if usage is None:
            return Plain(key="reply.unknown_command")
        return Plain(key="reply.nearest_command", params={"command": f"/{written}", "usage": usage})

    await desk.answer(request, use_case)


def _is_ours(tx: Transaction, request: Request) -> bool:
    return finding.standing(tx, request.place).exercise is not None
