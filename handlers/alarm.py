"""A real emergency: one tap or one command by anybody stops the exercise; the director alone goes on from there."""

from telegram import Message as TelegramMessage

from bot.buttons import ButtonData
from bot.exercise import conduct, reporting
from bot.exercise.errors import StoppedAlready
from bot.exercise.facts import Change, FactKind
from bot.exercise.model import Exercise, ExerciseState
from bot.messages import ConfirmEnd, Notice, RealWorld
from bot.service import asking, finding
from bot.service.recording import record
from bot.store import exercises, log
from bot.store.transaction import Transaction
from bot.texts.catalogue import say
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.pressing import Answer, Stale, question
from handlers.reports import what_is_brought
from handlers.request import Request

_LONGEST = 1_000
_ALARMS = (FactKind.REALWORLD, FactKind.REALWORLD_AGAIN)


async def command(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/realworld [TEXT]`, as the caption of a picture too: anybody here, at once.

    What a unit sends with it is kept on record, and everybody is told that it is there to be looked at.
    """
    brought = what_is_brought(request, message)

    def use_case(tx: Transaction) -> Replies:
        here = finding.standing(tx, request.place)
        if here.exercise is None:
            raise finding.NoExercise
        require(Deed.REALWORLD, request, desk.owners, here.exercise, here.unit)
        again = here.exercise.state is ExerciseState.REALWORLD
        text = request.text[:_LONGEST]
        if brought.file:
            language = here.exercise.language
            kind = say(language, f"report_kind.{brought.kind}")
            text = f"{text} {say(language, 'realworld.file', kind=kind)}"
        change = _raised(tx, here.exercise, request, here.unit, text.strip(), anew=bool(brought.file))
        if brought.file and here.unit is not None:
            kept = reporting.of_emergency(change.exercise, here.unit, brought, request.person, request.at)
            change = change.then(kept)
        record(tx, change)
        return Notice(exercise=here.exercise.number, key="toast.realworld_again") if again else None

    await desk.answer(request, use_case)


def realworld(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """Stop at once. Nobody is asked whether they are sure: a false alarm costs a resumption, a late one more."""
    exercise = exercises.get(tx, int(data.target)) if data.target.isdigit() else None
    if exercise is None:
        raise Stale
    seat = exercise.seat_at(request.place)
    if seat is None and exercise.control != request.place:
        raise Stale
    unit = seat.unit if seat else None
    require(Deed.REALWORLD, request, desk.owners, exercise, unit)
    key = "toast.realworld_again" if exercise.state is ExerciseState.REALWORLD else "toast.realworld"
    return key, {}, record(tx, _raised(tx, exercise, request, unit, ""))


def go_on(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """The director's two ways on, each asked about once more: a slip of the finger must not end an emergency."""
    exercise, alarm = question(tx, request, RealWorld, data.target)
    if data.choice == "resume":
        require(Deed.RESUMEX, request, desk.owners, exercise)
        ask = ConfirmEnd(exercise=exercise.number, turn="resumex")
    elif data.choice == "abort":
        require(Deed.ABORT, request, desk.owners, exercise)
        why = alarm.text or say(exercise.language, "realworld.why")
        ask = ConfirmEnd(exercise=exercise.number, turn="abort", why=why[:_LONGEST])
    else:
        raise Stale
    if exercise.state is not ExerciseState.REALWORLD:
        raise Stale
    asking.ask(tx, ask, exercise.control, request.at, request.message_id)
    return "toast.asked", {}, exercise


def _raised(
    tx: Transaction, exercise: Exercise, request: Request, unit: str | None, text: str, *, anew: bool = False
) -> Change:
    """The emergency on record; ``anew``: it tells something new, even in words that were said before."""
    stop = exercise.clock.stopped
    if exercise.state is not ExerciseState.REALWORLD or stop is None:
        return conduct.realworld(exercise, request.person, request.at, text, unit)
    for entry in log.entries(tx, exercise.number, _ALARMS):
        fact = entry.fact
        # The same finger on the same button tells nothing new.
        same = fact.actor == request.person and str(fact.detail.get("why", "")) == text
        if same and not anew and fact.at >= stop.began_at:
            raise StoppedAlready
    return conduct.realworld_again(exercise, request.person, request.at, text, unit)
