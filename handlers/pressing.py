"""What answers to presses have in common."""

from dataclasses import replace
from typing import Literal, TypeVar

from bot.buttons import ButtonData
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.messages import Gap, Message, Said
from bot.store import exercises, outbox
from bot.store.transaction import Transaction
from handlers.request import Request

Question = TypeVar("Question", bound=Said)


class Stale(Refusal):
    """The button belongs to nothing that is here and open."""

    key = "toast.stale"


Answer = tuple[str, dict[str, Gap], Exercise | None]
"""The text that answers a press: its key, what fills its gaps, and the exercise it is about."""


def at_its_place(tx: Transaction, request: Request) -> tuple[Request, Message | None]:
    """A press with the place where its message was posted, and what that message says.

    Of an old message Telegram tells the chat alone, so the topic is read from the record. ``None``: the record knows
    no message there; it may be one whose sending got no answer, or gets it in this moment.
    """
    found = outbox.said(tx, request.place.chat_id, request.message_id) if request.message_id else None
    if found is None:
        return request, None
    place, said = found
    if request.place.thread_id not in {None, place.thread_id}:
        raise Stale
    return request if request.place == place else replace(request, place=place), said


def question(
    tx: Transaction, request: Request, kind: type[Question] | tuple[type[Question], ...], number: str
) -> tuple[Exercise, Question]:
    """The exercise of that number and its question, of that kind, under which a button was pressed.

    Raises:
        Stale: the button stands under no such question, or the control room is elsewhere by now.
    """
    _, asked = at_its_place(tx, request)
    exercise = exercises.get(tx, int(number)) if number.isdigit() else None
    if exercise is None or exercise.control != request.place:
        raise Stale
    if not isinstance(asked, kind) or getattr(asked, "exercise", None) != exercise.number:
        raise Stale
    return exercise, asked


def yes_or_no(data: ButtonData) -> Literal["yes", "no"]:
    """What a button under a question says.

    Raises:
        Stale: neither.
    """
    match data.choice:
        case "yes":
            return "yes"
        case "no":
            return "no"
        case _:
            raise Stale
