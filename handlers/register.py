"""Which update goes to which handler."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Bot, Message, Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackContext,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.exercise.people import Role
from bot.wire.inbox import Receipt
from handlers import (
    alarm,
    chats,
    checks,
    comparing,
    director,
    enrolling,
    everyone,
    habits,
    improvements,
    library,
    observations,
    reports,
    roles,
    script,
    summaries,
    turns,
    unit,
)
from handlers.captions import CaptionCommand, OfAlbum
from handlers.desk import Desk
from handlers.membership import NotMember
from handlers.presses import press
from handlers.request import Request, of_message, of_press

Handle = Callable[[Desk, Request], Awaitable[None]]
HandleFile = Callable[[Desk, Request, Message], Awaitable[None]]
Context = CallbackContext[Any, Any, Any, Any]
AnyHandler = BaseHandler[Any, Any, Any]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]

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
    ("export", "ekspor"): summaries.export,
    ("compare", "bandingkan"): comparing.compare_,
    ("improve", "perbaikan"): improvements.improve,
    ("ack", "terima"): unit.acknowledge,
    ("pending", "tugas"): unit.pending,
    ("leader", "pimpinan"): roles.leader,
}
"""Every command that is words alone, with its Indonesian name."""


WITH_FILE: Mapping[tuple[str, ...], HandleFile] = {
    ("sitrep", "lapor"): reports.sitrep,
    ("note", "catat"): observations.note,
    ("rate", "nilai"): observations.rate,
    ("scenarios", "skenario"): library.scenarios,
    ("realworld", "nyata"): alarm.command,
}
"""Commands that take the file whose caption they are, if they are one."""

_OF_MEMBERS = {unit.acknowledge, roles.leader}
"""What counts from people of the chat alone; a real emergency is heard from anybody who can write there."""

NAMES: Mapping[str, str] = {
    **{name: names[0] for names in COMMANDS for name in names},
    **{name: names[0] for names in WITH_FILE for name in names},
}
"""Every command as it may be written, with its English name."""


class Routes:
    """The handlers, bound to their desk."""

    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk = desk
        self._bot = bot

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Bind every handler to the application; presses have a door of their own."""
        fresh = filters.UpdateType.MESSAGE
        any_command = filters.COMMAND | CaptionCommand()
        for names, handle in COMMANDS.items():
            application.add_handlers(self._written(names, partial(self._command, handle)))
        for names, handle_file in WITH_FILE.items():
            application.add_handlers(self._written(names, partial(self._command_with_file, handle_file)))
        application.add_handlers(
            [
                # In a group only what is said to be for the library is read; in private a file can be nothing else.
                MessageHandler(
                    fresh & filters.ChatType.PRIVATE & filters.Document.ALL & ~filters.REPLY & ~any_command,
                    partial(self._command_with_file, library.scenarios),
                ),
                MessageHandler(fresh & any_command, self._unknown),
                MessageHandler(filters.StatusUpdate.MIGRATE, self._migration),
                MessageHandler(filters.StatusUpdate.LEFT_CHAT_MEMBER, self._person_left),
                MessageHandler(fresh & filters.REPLY & ~any_command, self._reply),
                MessageHandler(fresh & OfAlbum() & ~any_command, self._further_file),
                MessageHandler(filters.UpdateType.EDITED_MESSAGE, self._edited),
                ChatMemberHandler(self._bot_moved, ChatMemberHandler.MY_CHAT_MEMBER),
                ChatMemberHandler(self._person_moved, ChatMemberHandler.CHAT_MEMBER),
            ]
        )

    async def press(self, query: Mapping[str, Any], receipt: Receipt) -> None:
        """Handle a press as Telegram sent it."""
        request = of_press(query, receipt)
        if request is not None:
            await press(self._desk, request, self._bot, query["id"])

    @staticmethod
    def _written(names: tuple[str, ...], callback: Callback) -> list[AnyHandler]:
        """A command, in a message of its own or as the caption of a file."""
        fresh = filters.UpdateType.MESSAGE
        return [
            CommandHandler(list(names), callback, filters=fresh),
            MessageHandler(fresh & CaptionCommand(*names), callback),
        ]

    async def _command(self, handle: Handle, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is None or update.effective_message is None:
            return
        if handle not in _OF_MEMBERS or await self._may_answer(request):
            aside = update.effective_message.caption is not None
            await handle(self._desk, replace(request, file_aside=aside))

    async def _unknown(self, update: Update, context: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is not None and update.effective_message is not None:
            words = update.effective_message.text or update.effective_message.caption or ""
            word = words.split(maxsplit=1)[0]
            await habits.unknown(self._desk, request, word, context.bot.username, NAMES)

    async def _command_with_file(self, handle: HandleFile, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is None or update.effective_message is None:
            return
        if handle is not reports.sitrep or await self._may_answer(request):
            await handle(self._desk, request, update.effective_message)

    async def _reply(self, update: Update, _: Context) -> None:
        request = of_message(update, RECEIPT.get())
        if request is None or update.effective_message is None:
            return
        if await unit.is_answer(self._desk, request) and await self._may_answer(request):
            await unit.reply(self._desk, request, update.effective_message)

    async def _further_file(self, update: Update, _: Context) -> None:
        request, message = of_message(update, RECEIPT.get()), update.effective_message
        if request is not None and message is not None and await reports.is_further_file(self._desk, request, message):
            await reports.file(self._desk, request, message)

    async def _edited(self, update: Update, _: Context) -> None:
        request, message = of_message(update, RECEIPT.get()), update.effective_message
        if request is None or message is None or not await reports.is_report(self._desk, request):
            return
        if await self._may_answer(request):
            await reports.correct(self._desk, request, message)

    async def _may_answer(self, request: Request) -> bool:
        """Whether somebody who answers for a unit is in its chat; who is not is told so.

        Anonymous administrators are told something else, by whatever they asked for.
        """
        if request.private or request.anonymous:
            return True
        if await self._desk.membership.is_member(request.place.chat_id, request.person.id):
            return True
        await self._desk.refuse(request, NotMember(), reply=True)
        return False

    async def _migration(self, update: Update, _: Context) -> None:
        if update.effective_message is not None:
            await chats.became_supergroup(self._desk, RECEIPT.get(), update.effective_message)

    async def _bot_moved(self, update: Update, _: Context) -> None:
        if update.my_chat_member is not None:
            await chats.bot_moved(self._desk, RECEIPT.get(), update.my_chat_member)

    async def _person_left(self, update: Update, _: Context) -> None:
        message = update.effective_message
        if message is not None and message.left_chat_member is not None:
            self._desk.membership.forget(message.chat.id, message.left_chat_member.id)

    async def _person_moved(self, update: Update, _: Context) -> None:
        if update.chat_member is not None:
            chats.person_moved(self._desk.membership, update.chat_member)
