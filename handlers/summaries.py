"""`/summary`: the figures so far, in the control room of everyone or of one unit, in a unit's chat of that unit alone.

`/export`: the record in a file.
"""

from bot.accounts import told_in_summary
from bot.exercise.addressing import one_unit
from bot.exercise.errors import NotStarted, Refusal
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.messages import Message, RecordFile, SentFiles, Summary, SummaryChart, UnitSummary
from bot.report.timeline import summary_pages, unit_pages
from bot.service import finding
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import steered

SENT = "zip"
"""What asks for the files that were sent in."""


class UnknownForm(Refusal):
    """The record has no such form; ``form`` is what was written."""

    key = "refused.unknown_form"


class NotOverYet(Refusal):
    """What was sent in is handed out after ENDEX."""

    key = "refused.not_over_yet"


async def summary(desk: Desk, request: Request) -> None:
    """`/summary [unit]`, any time."""

    def use_case(tx: Transaction) -> Replies:
        here = finding.standing(tx, request.place)
        if here.exercise is not None and here.unit is not None:
            require(Deed.SUMMARY, request, desk.owners, here.exercise, here.unit)
            return _of_unit(here.exercise, here.unit)
        exercise, text = steered(tx, desk, request, Deed.SUMMARY)
        if text:
            return _of_unit(exercise, one_unit(exercise, text))
        count = len(summary_pages(exercise, exercise.language, told_in_summary(tx, exercise.number)))
        return [Summary(exercise=exercise.number, page=page) for page in range(count)]

    await desk.answer(request, use_case)


async def export(desk: Desk, request: Request) -> None:
    """`/export [form]`, any time after STARTEX: the record in that form, or (`zip`) the files sent in."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.EXPORT)
        form = text.casefold() or Form.PDF.value
        if form not in {*Form, SENT}:
            raise UnknownForm(form=text)
        if exercise.clock.startex_at is None:
            raise NotStarted
        # Fetching them takes its time, and nothing urgent may have to wait for it.
        if form == SENT and not exercise.state.is_over:
            raise NotOverYet
        return _file(exercise.number, form)

    await desk.answer(request, use_case)


def _file(exercise: int, form: str) -> Message:
    match form:
        case _ if form == SENT:
            return SentFiles(exercise=exercise)
        case Form.PNG | Form.SPREAD_PNG:
            return SummaryChart(exercise=exercise, spread=form == Form.SPREAD_PNG)
        case _:
            return RecordFile(exercise=exercise, form=Form(form))


def _of_unit(exercise: Exercise, unit: str) -> list[Message]:
    count = len(unit_pages(exercise, unit, exercise.language))
    return [UnitSummary(exercise=exercise.number, unit=unit, page=page) for page in range(count)]
