"""`/summary`: the figures so far, in the control room of everyone, in a unit's chat of that unit alone."""

from bot.messages import Message, Summary, UnitSummary
from bot.report.timeline import summary_pages, unit_pages
from bot.service import finding
from bot.store.log import entries
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request


async def summary(desk: Desk, request: Request) -> None:
    """`/summary`, any time."""

    def use_case(tx: Transaction) -> Replies:
        here = finding.standing(tx, request.place)
        exercise, unit = here.exercise, here.unit
        if exercise is None:
            raise finding.NoExercise
        require(Deed.SUMMARY, request, desk.owners, exercise, unit)
        pages: list[Message] = []
        if unit is None:
            count = len(summary_pages(exercise, exercise.language, entries(tx, exercise.number)))
            pages += [Summary(exercise=exercise.number, page=page) for page in range(count)]
        else:
            count = len(unit_pages(exercise, unit, exercise.language))
            pages += [UnitSummary(exercise=exercise.number, unit=unit, page=page) for page in range(count)]
        return pages

    await desk.answer(request, use_case)
