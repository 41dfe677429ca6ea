"""The menus of commands that Telegram shows: for everybody, and for each chat what its people may do.

The store knows which chat shows which menu, so that a start sets nothing anew and an end that was missed is made
up for. That Telegram refuses a menu is logged and delays nothing else.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.clock import Clock
from bot.exercise.facts import FactKind
from bot.store import directory, exercises, menus
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.texts.catalogue import LANGUAGES, find
from bot.wire.rendering.guidance import COMMANDS

log = structlog.get_logger(__name__)

_BETWEEN_SECONDS: Final = 0.1
_AGAIN_SECONDS: Final = 60.0
_MOVE_MENUS: Final = {
    FactKind.CREATED,
    FactKind.JOINED,
    FactKind.UNBOUND,
    FactKind.ENDEX,
    FactKind.ABORTED,
    FactKind.LANGUAGE,
}


def menu_of(standings: Iterable[str], language: str) -> list[BotCommand]:
    """The commands for people of these standings, each by its name in the language."""
    names = dict.fromkeys(name for standing in standings for name in COMMANDS[standing])
    commands = []
    for name in names:
        command, _, meaning = (find(language, f"help.command.{name}") or f"/{name}").partition(" - ")
        commands.append(BotCommand(command.split()[0].removeprefix("/"), meaning or name))
    return commands


class Menus:
    """Keeps what the chats show in step with the exercises."""

    def __init__(self, bot: Bot, store: Store, clock: Clock, language: str) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._language = language
        self._work = asyncio.Event()

    async def run(self) -> None:
        """Set what is missing and take away what is over, until cancelled."""
        self._store.subscribe(self._hear)
        self._work.set()
        everybody = False
        while True:
            await self._work.wait()
            self._work.clear()
            everybody = everybody or await self._for_everybody()
            if not (await self._bring_up_to_date() and everybody):
                await self._clock.sleep(_AGAIN_SECONDS)
                self._work.set()

    def _hear(self, transaction: Transaction) -> None:
        if transaction.languages or any(fact.kind in _MOVE_MENUS for _, fact in transaction.facts):
            self._work.set()

    async def _for_everybody(self) -> bool:
        """What is shown wherever no exercise is at home: in the language of each reader's app, else in the bot's.

        Gives whether nothing more is to be done about it.
        """
        try:
            await self._bot.set_my_commands(menu_of(["stranger"], self._language))
            for language in LANGUAGES:
                await self._bot.set_my_commands(menu_of(["stranger"], language), language_code=language)
        except (BadRequest, Forbidden) as error:
            log.warning("menu_refused", why=str(error))
        except TelegramError as error:
            log.warning("menu_delayed", why=str(error))
            return False
        return True

    async def _bring_up_to_date(self) -> bool:
        """Whether every chat shows what it should now."""
        wanted, shown = await self._store.perform(self._menus)
        for chat_id in sorted(wanted.keys() | shown.keys()):
            menu = wanted.get(chat_id, "")
            if menu == shown.get(chat_id, ""):
                continue
            try:
                await self._show(chat_id, menu)
            except (BadRequest, ChatMigrated, Forbidden) as error:
                # The chat is gone, closed to the bot, or has another id by now; should it come back, it comes with
                # another binding. What has moved gets its menu once its seats have moved with it.
                log.info("menu_refused", chat=chat_id, why=str(error))
            except RetryAfter as error:
                log.info("menu_delayed", chat=chat_id, why=str(error))
                return False
            except TelegramError as error:
                log.warning("menu_delayed", chat=chat_id, why=str(error))
                return False
            await self._store.perform(lambda tx, chat_id=chat_id, menu=menu: menus.shows(tx, chat_id, menu))  # type: ignore[misc]  # mypy does not infer a lambda's defaults
            await self._clock.sleep(_BETWEEN_SECONDS)
        return True

    async def _show(self, chat_id: int, menu: str) -> None:
        scope = BotCommandScopeChat(chat_id)
        if not menu:
            await self._bot.delete_my_commands(scope=scope)
            return
        language, *standings = menu.split(",")
        await self._bot.set_my_commands(menu_of(standings, language), scope=scope)

    def _menus(self, tx: Transaction) -> tuple[dict[int, str], dict[int, str]]:
        """Which menu each chat is to show, and which it shows: its language and whose commands, by comma."""
        standings: dict[int, dict[str, str]] = {}
        for exercise in exercises.not_over(tx):
            if exercise.state.is_over:
                continue
            places = [(exercise.control, "director")]
            places += [(seat.place, "leader") for seat in exercise.seats.values() if seat.place is not None]
            for place, standing in places:
                standings.setdefault(place.chat_id, {})[standing] = exercise.language
        wanted = {}
        for chat_id, whose in standings.items():
            language = directory.language_of(tx, chat_id) or next(iter(whose.values()))
            wanted[chat_id] = ",".join((language, *sorted(whose)))
        return wanted, menus.shown(tx)
