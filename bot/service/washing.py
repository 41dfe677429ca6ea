"""The hot wash: asked in every unit's chat after ENDEX, reminded of once, closed; its result kept current."""

from datetime import datetime, timedelta

from bot.exercise import hot_wash
from bot.exercise.facts import Change, Fact
from bot.exercise.hot_wash import HotWash, Question
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place
from bot.messages import HotWashPost, HotWashPrompt, HotWashResult, Moment, Notice
from bot.service.keys import hot_wash_key, hot_wash_prompt_key
from bot.service.recording import record
from bot.store import exercises, hot_washes, log, outbox
from bot.store.outbox import Priority
from bot.store.transaction import Transaction


def begin(tx: Transaction, exercise: Exercise, lasting: timedelta, at: datetime) -> Exercise:
    """Ask every unit, where that is wanted, and post the result that will be kept current."""
    if not hot_wash.wanted(exercise, lasting):
        return exercise
    number = exercise.number
    exercise = record(tx, hot_wash.open_up(exercise, lasting, at))
    hot_washes.begin(tx, number, at + lasting / 2, at + lasting)
    seated = [(unit, seat.place) for unit, seat in exercise.seats.items() if seat.place is not None]
    posts = [(HotWashPost(exercise=number, unit=unit), place) for unit, place in seated]
    outbox.add_to_each(tx, number, posts, at, keys=[hot_wash_key(number, unit) for unit, _ in seated])
    outbox.add(tx, HotWashResult(exercise=number), exercise.control, at, exercise=number, key=hot_wash_key(number))
    return exercise


def advance(tx: Transaction, number: int, at: datetime) -> datetime | None:
    """Let an open hot wash notice the time; gives the moment at which to look again."""
    waiting = hot_washes.find(tx, number)
    exercise = exercises.get(tx, number) if waiting else None
    if waiting is None or exercise is None:
        return None
    if at >= waiting.closes_at:
        _close(tx, exercise, at)
        return None
    if waiting.remind_at is None:
        return waiting.closes_at
    if at < waiting.remind_at:
        return waiting.remind_at
    hot_washes.reminded(tx, number)
    _remind(tx, exercise, waiting.closes_at, at)
    return waiting.closes_at


def rate(tx: Transaction, exercise: Exercise, unit: str, rating: int, by: Person, at: datetime) -> Exercise:
    """Take a unit's rating.

    Raises:
        HotWashOver: there is no hot wash, or its time has passed.
    """
    return _heard(tx, hot_wash.rate(exercise, current(tx, exercise), unit, rating, by, at), unit)


def without_names(tx: Transaction, exercise: Exercise, unit: str, at: datetime) -> Exercise:
    """Take a unit's answers without names from now on.

    Raises:
        Refusal: see :func:`bot.exercise.hot_wash.without_names`.
    """
    return _heard(tx, hot_wash.without_names(exercise, current(tx, exercise), unit, at), unit)


def answer(
    tx: Transaction, exercise: Exercise, unit: str, question: Question, text: str, by: Person, at: datetime
) -> Exercise:
    """Take a unit's answer to one question.

    Raises:
        Refusal: see :func:`bot.exercise.hot_wash.answer`.
    """
    change = hot_wash.answer(exercise, current(tx, exercise), unit, question, text, by, at)
    return _heard(tx, change, unit)


def ask(
    tx: Transaction,
    exercise: Exercise,
    unit: str,
    question: Question,
    by: Person,
    place: Place,
    at: datetime,
    reply_to: int | None,
) -> bool:
    """Put one question to a person, who is named only where the unit's answers are; false where it stands already.

    Raises:
        HotWashOver: there is no hot wash, or its time has passed.
    """
    wash = current(tx, exercise)
    if wash is None or unit not in wash.units or at >= wash.closes_at:
        raise hot_wash.HotWashOver
    named = unit not in wash.nameless
    prompt = HotWashPrompt(
        exercise=exercise.number,
        unit=unit,
        question=question,
        by_id=by.id if named else 0,
        by_name=by.name if named else "",
    )
    key = hot_wash_prompt_key(exercise.number, unit, question, prompt.by_id)
    asked = outbox.add(tx, prompt, place, at, exercise=exercise.number, reply_to=reply_to, key=key)
    return asked is not None


def current(tx: Transaction, exercise: Exercise) -> HotWash | None:
    """The hot wash of an exercise, open or closed."""
    return hot_wash.hot_wash_in(facts(tx, exercise.number))


def facts(tx: Transaction, number: int) -> list[Fact]:
    """What the log tells of the hot wash."""
    return [entry.fact for entry in log.entries(tx, number, hot_wash.KINDS)]


def _heard(tx: Transaction, change: Change, unit: str) -> Exercise:
    exercise = record(tx, change)
    outbox.mark_out_of_date(tx, hot_wash_key(exercise.number, unit))
    outbox.mark_out_of_date(tx, hot_wash_key(exercise.number))
    return exercise


def _remind(tx: Transaction, exercise: Exercise, closes_at: datetime, at: datetime) -> None:
    wash = current(tx, exercise)
    if wash is None:
        return
    change = hot_wash.remind(exercise, wash, at)
    record(tx, change)
    silent = [unit for unit in wash.units if unit not in wash.heard]
    for unit in silent:
        asked = outbox.find_key(tx, hot_wash_key(exercise.number, unit))
        if asked is not None:
            words = Notice(
                exercise=exercise.number, key="notice.hot_wash_reminder", params={"at": Moment(at=closes_at)}
            )
            number, under = exercise.number, asked.message_id
            outbox.add(tx, words, asked.place, at, exercise=number, priority=Priority.NOTICE, reply_to=under)


def _close(tx: Transaction, exercise: Exercise, at: datetime) -> None:
    number = exercise.number
    hot_washes.close(tx, number)
    wash = current(tx, exercise)
    if wash is None:
        return
    record(tx, hot_wash.close(exercise, at))
    for unit in wash.units:
        outbox.mark_out_of_date(tx, hot_wash_key(number, unit))
    outbox.mark_out_of_date(tx, hot_wash_key(number))
    said = Notice(
        exercise=number,
        key="notice.hot_wash_closed",
        params={"heard": len(wash.heard), "asked": len(wash.units)},
    )
    outbox.add(tx, said, exercise.control, at, exercise=number)
