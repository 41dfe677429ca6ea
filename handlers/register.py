"""Which update goes to which handler."""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.exercise.people import Role
from bot.wire.inbox import Receipt
from handlers import chats, checks, director, enrolling, everyone, observations, roles, script, summaries, turns, unit
from handlers.captions import CaptionCommand
from handlers.desk import Desk
from handlers.presses import press
from handlers.request import Request, of_message, of_press

Handle = Callable[[Desk, Request], Awaitable[None]]
HandleFile = Callable[[Desk, Request, Message], Awaitable[None]]
Context = CallbackContext[Any, Any, Any, Any]
AnyHandler = BaseHandler[Any, Any, Any]

RECEIPT: ContextVar[Receipt] = ContextVar("receipt")
"""The receipt of the update that is being handled."""


def _role(wanted: Role) -> Handle:
    async def handle(desk: Desk, request: Request) -> None:
        await roles.give(desk, request, wanted)

    return handle


COMMANDS: Mapping[tuple[str, ...], Handle] = {
    ("start",): everyone.start,
    ("help", "bantuan"): everyone.help_,
    ("whoami",): everyone.whoami,
    ("language", "bahasa"): everyone.language,
    ("join", "gabung"): enrolling.join,
    ("director",): _role(Role.DIRECTOR),
    ("controller",): _role(Role.CONTROLLER),
    ("observer",): _role(Role.OBSERVER),
    ("revoke",): roles.revoke,
    ("scenarios", "skenario"): director.scenarios,
    ("new", "baru"): director.new,
    ("units", "satuan"): enrolling.units,
    ("next", "berikut"): script.next_,
    ("code", "kode"): enrolling.code,
    ("commcheck", "cekkom"): checks.commcheck,
    ("startex", "mulai"): turns.startex,
    ("pausex", "jeda"): turns.pausex,
    ("resumex", "lanjut"): turns.resumex,
    ("status", "papan"): director.status,
    ("fire", "kirim"): script.fire,
    ("skip", "lewati"): script.skip,
    ("delay", "tunda"): script.delay,
    ("say", "pesan"): script.say,
    ("resend", "kirimulang"): script.resend,
    ("endex", "selesai"): turns.endex,
    ("abort", "batal"): turns.abort,
    ("summary", "ringkasan"): summaries.summary,
    ("ack", "terima"): unit.acknowledge,
    ("pending", "tugas"): unit.pending,
    ("leader", "pimpinan"): roles.leader,
    ("realworld", "nyata"): unit.realworld,
}
"""Every command with its Indonesian name; those that may be a file's caption are registered beside them."""


class Routes:
    """The handlers, bound to their desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Bind every handler to the application."""
        fresh = filters.UpdateType.MESSAGE
        # The application asks one after the other whose an update is: presses are the most, and in most haste.
        application.add_handler(CallbackQueryHandler(self._press))
        for names, handle in COMMANDS.items():
            application.add_handler(CommandHandler(list(names), partial(self._command, handle), filters=fresh))
        application.add_handlers(
            [
                *self._with_file(("sitrep", "lapor"), unit.sitrep),
                *self._with_file(("note", "catat"), observations.note),
                *self._with_file(("rate", "nilai"), observations.rate),
                # In a group an unknown command may be another bot's; in private it is a slip.
                MessageHandler(
                    fresh & filters.ChatType.PRIVATE & filters.COMMAND, partial(self._command, everyone.unknown)
                ),
                MessageHandler(filters.StatusUpdate.MIGRATE, self._migration),
                MessageHandler(fresh & filters.REPLY & ~filters.COMMAND, self._reply),
                ChatMemberHandler(self._bot_moved, ChatMemberHandler.MY_CHAT_MEMBER),
                ChatMemberHandler(self._person_moved, ChatMemberHandler.CHAT_MEMBER),
            ]
        )

    async def _command(self, handle: Handle, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is not None:
            await handle(self._desk, request)

    def _with_file(self, names: tuple[str, ...], handle: HandleFile) -> list[AnyHandler]:
        """A command that may be the caption of a file."""
        fresh = filters.UpdateType.MESSAGE
        callback = partial(self._command_with_file, handle)
        return [
            CommandHandler(list(names), callback, filters=fresh),
            MessageHandler(fresh & CaptionCommand(*names), callback),
        ]

    async def _command_with_file(self, handle: HandleFile, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is not None and update.effective_message is not None:
            await handle(self._desk, request, update.effective_message)

    async def _reply(self, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is not None and update.effective_message is not None:
            await unit.reply(self._desk, request, update.effective_message)

    async def _press(self, update: Update, _: Context) -> None:
        request = of_press(update, RECEIPT.get())
        if request is not None and update.callback_query is not None:
            await press(self._desk, request, update.callback_query)

    async def _migration(self, update: Update, _: Context) -> None:
        if update.effective_message is not None:
            await chats.became_supergroup(self._desk, RECEIPT.get(), update.effective_message)

    async def _bot_moved(self, update: Update, _: Context) -> None:
        if update.my_chat_member is not None:
            await chats.bot_moved(self._desk, RECEIPT.get(), update.my_chat_member)

    async def _person_moved(self, update: Update, _: Context) -> None:
        if update.chat_member is not None:
            chats.person_moved(self._desk.membership, update.chat_member)
