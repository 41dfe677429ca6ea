"""Controllers: notes and ratings, with a photo or without."""

from telegram import Message as TelegramMessage

from bot.exercise import observing
from bot.exercise.observing import Observed
from bot.messages import Gap, Notice
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.reports import evidence_in
from handlers.request import Request
from handlers.steering import WrongUsage, steered

_LONGEST = 4_000


async def note(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/note [ID|UNIT] TEXT`: what a controller observes."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.NOTE, free_text=True)
        inject, unit, words = observing.about(exercise, text)
        observed = _observed(words, message)
        if not observed.text and not observed.file:
            raise WrongUsage(example="/note I-07 TEXT")
        record(tx, observing.note(exercise, inject, unit, observed, request.person, request.at))
        params: dict[str, Gap] = {"inject": inject or "", "unit": unit or "", "by": request.person.name}
        return Notice(exercise=exercise.number, key="notice.noted", params=params)

    await desk.answer(request, use_case)


async def rate(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/rate ID UNIT P|S|M|U [TEXT]`: how a unit did."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.RATE, free_text=True)
        parts = text.split(maxsplit=3)
        if len(parts) < 3:
            raise WrongUsage(example="/rate I-07 UNIT P")
        inject, unit, rating, *words = parts
        observed = _observed(words[0] if words else "", message)
        change = observing.rate(exercise, inject, unit, rating, observed, request.person, request.at)
        record(tx, change)
        fact = change.facts[0]
        letter = str(fact.detail["rating"])
        params: dict[str, Gap] = {
            "inject": fact.inject or "",
            "unit": fact.unit or "",
            "rating": letter,
            "by": request.person.name,
        }
        return Notice(exercise=exercise.number, key="notice.rated", params=params)

    await desk.answer(request, use_case)


def _observed(words: str, message: TelegramMessage) -> Observed:
    """The words, and the file that came with them or in the message they answer."""
    kind, file = evidence_in(message)
    if not file and message.reply_to_message is not None:
        kind, file = evidence_in(message.reply_to_message)
    return Observed(words[:_LONGEST], kind if file else "", file)
