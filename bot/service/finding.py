"""Which exercise, which unit: what a person in a chat means."""

from dataclasses import dataclass

from bot.exercise.answers import unanswered
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise, InjectRun
from bot.exercise.people import Person, Place
from bot.store import directory, exercises, outbox
from bot.store.transaction import Transaction


class NoExercise(Refusal):
    """This chat is the control room of no exercise (or not of that ``number``)."""

    key = "reply.no_exercise"


class NotAUnitChat(Refusal):
    """No unit sits in this chat."""

    key = "reply.in_unit_chat_only"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in a chat: the exercise it is about, and the unit that sits there, if one does."""

    exercise: Exercise | None
    unit: str | None
    is_control: bool


def control_exercise(tx: Transaction, place: Place, number: int | None = None) -> Exercise:
    """The exercise that commands in a control room act on: its latest, or the one of that number.

    Raises:
        NoExercise: there is none.
    """
    if number is None:
        found = exercises.latest_at(tx, place) or exercises.latest_at(tx, directory.where_now(tx, place))
    else:
        found = exercises.get(tx, number)
        if found is not None and found.control not in {place, directory.where_now(tx, place)}:
            found = None
    if found is None:
        raise NoExercise
    return found


def unit_here(tx: Transaction, place: Place) -> tuple[Exercise, str]:
    """The newest exercise in which a unit sits in a chat, and that unit.

    Raises:
        NotAUnitChat: there is none.
    """
    # What was written before its group became a supergroup may come after that is known.
    found = exercises.seated_at(tx, place) or exercises.seated_at(tx, directory.where_now(tx, place))
    if found is None:
        raise NotAUnitChat
    return found


def unanswered_here(tx: Transaction, exercise: Exercise, unit: str) -> list[InjectRun]:
    """The injects that a unit may be looking at and has still to acknowledge, oldest first.

    What was issued and has certainly not gone out is none of them: nobody has answered what nobody has seen.
    """
    return [
        run
        for run in unanswered(exercise, unit)
        if run.deliveries[unit].state.may_have_arrived
        or not outbox.all_unsent(tx, [outbox.inject_key(exercise.number, run.id, unit)])
    ]


def standing(tx: Transaction, place: Place) -> Standing:
    """What a chat is: a control room, a unit's chat, or (both ``None``) neither."""
    control = exercises.latest_at(tx, place)
    seated = exercises.seated_at(tx, place)
    if control is None and seated is None and (now := directory.where_now(tx, place)) != place:
        return standing(tx, now)
    if seated is not None and (control is None or not seated[0].state.is_over):
        return Standing(seated[0], seated[1], is_control=False)
    return Standing(control, None, is_control=control is not None)


def leads(exercise: Exercise, unit: str, person: Person) -> bool:
    """Whether a person leads a unit."""
    return person.id in exercise.seats[unit].leaders
