"""Injects on their way to the units: put into the outbox, sent again, kept true, taken back."""

from bot.exercise import delivering
from bot.exercise.facts import Fact
from bot.exercise.model import Delivery, DeliveryState, Exercise, InjectRun
from bot.exercise.people import Place
from bot.messages import InjectPart, InjectPost
from bot.service.keys import gate_key
from bot.store import exercises, outbox
from bot.store.transaction import Transaction


def post(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """Put an inject that has been issued into the outbox of each of its units."""
    run = exercise.injects[fact.inject or ""]
    posts: list[tuple[InjectPost | InjectPart, Place]] = []
    for delivery in run.deliveries.values():
        place = exercise.seats[delivery.unit].place
        if place is not None and delivery.state is DeliveryState.PENDING:
            posts += [(message, place) for message in _messages(exercise, run, delivery)]
    outbox.add_injects(tx, exercise.number, posts, fact.at)
    outbox.mark_out_of_date(tx, gate_key(exercise.number, run.id))


def post_again(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """A new message for a delivery; the one before it gives way, and is not repeated by itself any more."""
    run = exercise.injects[fact.inject or ""]
    delivery = run.deliveries[fact.unit or ""]
    place = exercise.seats[delivery.unit].place
    if place is None:
        return
    key = outbox.inject_key(exercise.number, delivery.inject, delivery.unit)
    former = outbox.inject_key(exercise.number, delivery.inject, delivery.unit, delivery.resent - 1)
    outbox.supersede(tx, key, former)
    posts = [(message, place) for message in _messages(exercise, run, delivery)]
    outbox.add_injects(tx, exercise.number, posts, fact.at)


def parts(exercise: Exercise, run: InjectRun, delivery: Delivery) -> list[InjectPart]:
    """What goes to a unit with an inject beside its words: the media but the first, and its place."""
    media: list[int | None] = list(range(1, len(run.inject.media)))
    return [
        InjectPart(
            exercise=exercise.number,
            inject=run.id,
            unit=delivery.unit,
            number=number,
            medium=medium,
            edition=delivery.resent,
        )
        for number, medium in enumerate(media + [None] * (run.inject.location is not None), 2)
    ]


def _messages(exercise: Exercise, run: InjectRun, delivery: Delivery) -> list[InjectPost | InjectPart]:
    post = InjectPost(exercise=exercise.number, inject=run.id, unit=delivery.unit, edition=delivery.resent)
    return [post, *parts(exercise, run, delivery)]


def show_answers(tx: Transaction, exercise: Exercise, inject: str, unit: str) -> None:
    """Have every message of an inject in a unit's chat show what has been answered."""
    outbox.mark_out_of_date(tx, outbox.inject_key(exercise.number, inject, unit))
    for edition in range(exercise.injects[inject].deliveries[unit].resent):
        outbox.mark_out_of_date(tx, outbox.inject_key(exercise.number, inject, unit, edition))


def withdraw(tx: Transaction, exercise: Exercise, fact: Fact, why: str) -> Exercise:
    """Take back what has not gone out when the exercise ends, or to a unit that has lost its seat."""
    for row in outbox.withdraw(tx, exercise.number, why, fact.unit):
        if isinstance(row.message, InjectPost) and _is_pending(exercise, row.message):
            change = delivering.not_sent(exercise, row.message.inject, row.message.unit, fact.at, why)
            exercises.save(tx, change)
            exercise = change.exercise
    return exercise


def _is_pending(exercise: Exercise, post: InjectPost) -> bool:
    return exercise.injects[post.inject].deliveries[post.unit].state is DeliveryState.PENDING
