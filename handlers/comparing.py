"""`/compare`: runs of the same scenario, or of the same units, side by side."""

import re
from dataclasses import replace

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.messages import Comparison, ComparisonChart
from bot.report.comparison import MOST_RUNS, compare, comparison_pages
from bot.store import exercises
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, Standing, standing_of
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage, steered

_MAY = {Standing.OWNER, Standing.DIRECTOR, Standing.CONTROLLER}
_NUMBER = re.compile(r"#?(\d{1,9})")


class NoSuchRun(Refusal):
    """There is no exercise of that ``number``, or none that this person may see."""

    key = "refused.no_such_run"


async def compare_(desk: Desk, request: Request) -> None:
    """`/compare [NUMBER ...]`: these runs, or bare the latest of this one's scenario in this control room."""

    def use_case(tx: Transaction) -> Replies:
        here, _ = steered(tx, desk, replace(request, text=""), Deed.COMPARE)
        words = request.text.replace(",", " ").split()
        matches = [_NUMBER.fullmatch(word) for word in words]
        numbers = [int(match[1]) for match in matches if match]
        if len(numbers) < len(words):
            raise WrongUsage(example="/compare 1 2")
        if not words:
            numbers = exercises.runs_of(tx, here.scenario.id, here.control, MOST_RUNS)
        elif len(set(numbers)) == 1 and numbers[0] != here.number:
            numbers = [*numbers, here.number]
        compared = compare([_seen(tx, desk, request, number, here) for number in numbers])
        pages = comparison_pages(compared, desk.language_at(tx, request.place.chat_id, here))
        about = {"exercise": here.number, "runs": tuple(run.number for run in compared.runs)}
        return [*(Comparison(**about, page=page) for page in range(len(pages))), ComparisonChart(**about)]

    await desk.answer(request, use_case)


def _seen(tx: Transaction, desk: Desk, request: Request, number: int, here: Exercise) -> Exercise:
    """A run that this person may see: of this control room, or one in whose control they are."""
    found = exercises.get(tx, number)
    if found is None:
        raise NoSuchRun(number=number)
    if found.control != here.control and standing_of(request, desk.owners, found) not in _MAY:
        raise NoSuchRun(number=number)
    return found
