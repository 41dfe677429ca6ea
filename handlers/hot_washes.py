"""The hot wash in a unit's chat: ratings and questions by buttons, answers by replies."""

from bot.buttons import ButtonData
from bot.exercise.errors import Refusal
from bot.exercise.hot_wash import RATINGS, Question
from bot.exercise.model import Exercise
from bot.messages import HotWashPost, HotWashPrompt, Message, Notice
from bot.service import washing
from bot.service.finding import NotAUnitChat
from bot.store import exercises
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.pressing import Answer, Stale
from handlers.request import Request

_LONGEST = 1_000


class QuestionFirst(Refusal):
    """The answer belongs to no question: one of them has to be chosen first."""

    key = "refused.question_first"


class WordsNeeded(Refusal):
    """A question of the hot wash is answered in words."""

    key = "refused.words_needed"


def press(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """A rating is taken; a question is put to whoever chose it; names are left out from now on."""
    exercise, unit = _seated(tx, request, int(data.target) if data.target.isdigit() else 0)
    # The record may not have heard of a message so new; a message of another kind it knows.
    if said is not None and said != HotWashPost(exercise=exercise.number, unit=unit):
        raise Stale
    require(Deed.HOT_WASH, request, desk.owners, exercise, unit)
    if data.choice == "nameless":
        return "toast.nameless", {}, washing.without_names(tx, exercise, unit, request.at)
    if data.choice in set(Question):
        question = Question(data.choice)
        asked = washing.ask(tx, exercise, unit, question, request.person, request.place, request.at, request.message_id)
        return ("toast.wash_asked" if asked else "toast.wash_asked_already"), {}, exercise
    if data.choice.isdigit() and int(data.choice) in RATINGS:
        rated = washing.rate(tx, exercise, unit, int(data.choice), request.person, request.at)
        return "toast.wash_rated", {"rating": data.choice}, rated
    raise Stale


async def reply(desk: Desk, request: Request, prompt: HotWashPrompt | HotWashPost) -> None:
    """An answer to one question."""

    def use_case(tx: Transaction) -> Replies:
        try:
            return _answer(tx, desk, request, prompt)
        except Refusal as refusal:
            if not _nameless(tx, prompt):
                raise
            # A refusal is logged with its words and its name; here it was promised that neither is written down.
            return Notice(exercise=prompt.exercise, key=refusal.key, params=dict(refusal.params))

    await desk.answer(request, use_case)


def _answer(tx: Transaction, desk: Desk, request: Request, prompt: HotWashPrompt | HotWashPost) -> Replies:
    exercise, unit = _seated(tx, request, prompt.exercise)
    require(Deed.HOT_WASH, request, desk.owners, exercise, unit)
    if isinstance(prompt, HotWashPost):
        raise QuestionFirst
    if not request.text:
        raise WordsNeeded
    washing.answer(tx, exercise, unit, Question(prompt.question), request.text[:_LONGEST], request.person, request.at)
    return Notice(exercise=exercise.number, key="reply.wash_heard")


def _nameless(tx: Transaction, prompt: HotWashPrompt | HotWashPost) -> bool:
    exercise = exercises.get(tx, prompt.exercise)
    wash = washing.current(tx, exercise) if exercise else None
    return wash is not None and prompt.unit in wash.nameless


def _seated(tx: Transaction, request: Request, number: int) -> tuple[Exercise, str]:
    """The exercise of that number, and the unit that sat here: the chat may be seated in a newer one by now."""
    exercise = exercises.get(tx, number)
    seat = exercise.seat_at(request.place) if exercise else None
    if exercise is None or seat is None:
        raise NotAUnitChat
    return exercise, seat.unit
