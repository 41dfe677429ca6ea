"""Reports from a unit's chat: filed under the inject they answer, told to the control room, corrected by an edit."""

from telegram import Message as TelegramMessage

from bot.exercise import answers, reporting
from bot.exercise.facts import Change
from bot.exercise.model import Exercise
from bot.exercise.reporting import Brought, Filed
from bot.messages import InjectPost, Notice, UnitReport
from bot.service import finding
from bot.service.recording import record
from bot.store import log, outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage

_LONGEST = 4_000


def evidence_in(message: TelegramMessage) -> tuple[str, str]:
    """The kind of a report, and Telegram's id of its file (for a location: its degrees)."""
    if message.photo:
        return "photo", message.photo[-1].file_id
    if message.document:
        return "document", message.document.file_id
    if message.voice:
        return "voice", message.voice.file_id
    if message.video:
        return "video", message.video.file_id
    if message.location:
        return "location", f"{message.location.latitude},{message.location.longitude}"
    return "text", ""


def inject_replied_to(tx: Transaction, request: Request) -> str | None:
    """The inject whose message is replied to."""
    if request.reply_to is None:
        return None
    _, said = outbox.said(tx, request.place.chat_id, request.reply_to) or (None, None)
    return said.inject if isinstance(said, InjectPost) else None


async def sitrep(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/sitrep TEXT`: a report, filed under the inject that is replied to, if one is."""
    if not request.text and evidence_in(message)[0] == "text":
        await desk.refuse(request, WrongUsage(example="/sitrep ..."), reply=True)
        return
    await file(desk, request, message)


async def file(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """File a report; a further file of an album joins the report that its first has made, without a word more."""
    brought = what_is_brought(request, message)

    def use_case(tx: Transaction) -> Replies:
        exercise, unit = finding.unit_here(tx, request.place)
        require(Deed.REPORT, request, desk.owners, exercise, unit)
        begun = _of_album(tx, exercise, unit, brought.album)
        if begun is not None:
            change = reporting.grow(exercise, unit, begun, brought, request.person, request.at)
            if begun.real:
                # The control room has heard of the emergency: nothing of it is shown under the exercise's marking.
                record(tx, change)
            else:
                _told(tx, change, request, unit, brought, "more")
            return None
        inject = inject_replied_to(tx, request)
        _told(tx, answers.report(exercise, inject, unit, request.person, request.at, brought), request, unit, brought)
        return Notice(exercise=exercise.number, key="reply.reported", params={"inject": inject or "-"})

    await desk.answer(request, use_case)


async def is_further_file(desk: Desk, request: Request, message: TelegramMessage) -> bool:
    """Whether a message belongs to an album whose first file has been filed as a report."""
    album = message.media_group_id or ""

    def look(tx: Transaction) -> bool:
        here = finding.standing(tx, request.place)
        return bool(here.exercise and here.unit and _of_album(tx, here.exercise, here.unit, album))

    return await desk.store.perform(look)


async def is_report(desk: Desk, request: Request) -> bool:
    """Whether a message that was edited has been filed; people's other talk is their own."""

    def look(tx: Transaction) -> bool:
        here = finding.standing(tx, request.place)
        return bool(here.exercise and here.unit and _with_message(tx, here.exercise, here.unit, request.message_id))

    return await desk.store.perform(look)


async def correct(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """An edit of a report: filed as a correction, where it changes anything."""
    brought = what_is_brought(request, message)

    def use_case(tx: Transaction) -> Replies:
        exercise, unit = finding.unit_here(tx, request.place)
        report = _with_message(tx, exercise, unit, request.message_id)
        before = report.message(brought.message) if report else None
        # A link's preview, or a place that is shared as it moves, is an edit too.
        if report is None or before is None or (before.kind, before.text) == (brought.kind, brought.text):
            return None
        require(Deed.REPORT, request, desk.owners, exercise, unit)
        change = reporting.correct(exercise, unit, report, brought, request.person, request.at)
        _told(tx, change, request, unit, brought, "correction")
        return Notice(exercise=exercise.number, key="reply.corrected", params={"inject": report.inject or "-"})

    await desk.answer(request, use_case)


def what_is_brought(request: Request, message: TelegramMessage) -> Brought:
    """The words and the file of a message, as a report keeps them."""
    kind, file_id = evidence_in(message)
    return Brought(kind, request.text[:_LONGEST], file_id, message.message_id, message.media_group_id or "")


def _told(tx: Transaction, change: Change, request: Request, unit: str, brought: Brought, what: str = "") -> None:
    """Record a report, and show it to the control room."""
    exercise = record(tx, change)
    told = UnitReport(
        exercise=exercise.number,
        unit=unit,
        inject=change.facts[0].inject,
        by=request.person.name,
        at=request.at,
        kind=brought.kind,
        text=brought.text,
        file=brought.file,
        what=what,
    )
    outbox.add(tx, told, exercise.control, request.at, exercise=exercise.number)


def _filed(tx: Transaction, exercise: Exercise, unit: str) -> list[Filed]:
    entries = log.entries(tx, exercise.number, reporting.KINDS)
    return reporting.filed((entry.fact for entry in entries), unit)


def _of_album(tx: Transaction, exercise: Exercise, unit: str, album: str) -> Filed | None:
    if not album:
        return None
    return next((report for report in _filed(tx, exercise, unit) if report.messages[0].album == album), None)


def _with_message(tx: Transaction, exercise: Exercise, unit: str, message: int | None) -> Filed | None:
    if message is None:
        return None
    reports = (report for report in _filed(tx, exercise, unit) if not report.real)
    return next((report for report in reports if report.message(message)), None)
