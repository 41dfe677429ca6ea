"""Acknowledgements, choices and steps: none lost, none counted twice, none with a time that is made up."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.buttons import ButtonData, Verb
from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Acknowledgement, Choice, Delivery, Exercise, ProgressMark
from bot.rehearsal.standin.presses import Press
from bot.store.inbox import InboxState
from tests.simulation.record import Record
from tests.simulation.telegram import Telegram

_PROMPT: Final = timedelta(seconds=5)
"""Within which an exact answer is on record: the longest silence that is no interruption, and the trip."""
_WHOLE_SECOND: Final = timedelta(seconds=1)
"""A command out of a backlog has Telegram's own time, which is cut to the second."""


def acknowledgements(record: Record, telegram: Telegram) -> Iterator[str]:
    """What was answered as accepted is on record, what is on record was pressed, and each counts once."""
    deliveries = {
        delivery.reference: delivery for run in record.exercise.injects.values() for delivery in run.deliveries.values()
    }
    yield from _counted_once(record)
    for press in telegram.presses:
        data = ButtonData.unpack(press.data)
        delivery = deliveries.get(data.target) if data else None
        if data is None or delivery is None:
            continue
        if data.verb is Verb.ACKNOWLEDGE:
            yield from _answered(press, delivery)
        elif data.verb is Verb.DECIDE:
            yield from _decided(press, delivery, record.exercise, int(data.choice))
    yield from _handled(record, telegram, deliveries)
    said = _commands(telegram)
    for delivery in deliveries.values():
        yield from _times(delivery, telegram, said)


def _commands(telegram: Telegram) -> Mapping[int, list[datetime]]:
    """When each person has sent `/ack`."""
    said: Mapping[int, list[datetime]] = defaultdict(list)
    for chat in telegram.world.chats.values():
        for message in chat.messages.values():
            if message.sender is not None and message.words.startswith("/ack"):
                said[message.sender.id].append(message.date)
    return said


def _counted_once(record: Record) -> Iterator[str]:
    facts = Counter(
        (entry.fact.kind, entry.fact.inject, entry.fact.unit, str(entry.fact.detail.get("step")))
        for entry in record.log
        if entry.fact.kind in {FactKind.ACKNOWLEDGED, FactKind.DECIDED, FactKind.PROGRESSED}
    )
    for (kind, inject, unit, _), times in facts.items():
        if times > 1:
            yield f"{inject} was {kind} by {unit} {times} times"
    for run in record.exercise.injects.values():
        for delivery in run.deliveries.values():
            known = facts[FactKind.ACKNOWLEDGED, delivery.inject, delivery.unit, "None"]
            if known != (delivery.acknowledged is not None):
                yield f"the log and the state differ over the acknowledgement of {run.id} by {delivery.unit}"


def _answered(press: Press, delivery: Delivery) -> Iterator[str]:
    answer = press.answer
    if answer is None or answer.show_alert:
        return
    name = f"{delivery.inject} by {delivery.unit}"
    if delivery.acknowledged is None:
        yield f"an acknowledgement of {name} was answered as accepted and lost"


def _decided(press: Press, delivery: Delivery, exercise: Exercise, option: int) -> Iterator[str]:
    answer = press.answer
    decision = exercise.injects[delivery.inject].inject.decision
    if answer is None or answer.show_alert or decision is None:
        return
    if delivery.choice is None or delivery.choice.option != decision.options[option].id:
        yield f"a decision of {delivery.inject} was answered as accepted and is not on record"


def _handled(record: Record, telegram: Telegram, deliveries: dict[str, Delivery]) -> Iterator[str]:
    """A press that came in while the exercise was under way, where its unit sits, has counted."""
    refusals = [entry.fact for entry in record.log if entry.fact.kind is FactKind.REFUSED]
    for update_id, press in telegram.pressed_by.items():
        data = ButtonData.unpack(press.data)
        delivery = deliveries.get(data.target) if data and data.verb is Verb.ACKNOWLEDGE else None
        if delivery is None or record.inbox.get(update_id) is not InboxState.DONE or delivery.acknowledged:
            continue
        if not any(_refused(fact, press) for fact in refusals):
            yield f"an acknowledgement of {delivery.inject} by {delivery.unit} came in and was lost"


def _refused(fact: Fact, press: Press) -> bool:
    return fact.actor is not None and fact.actor.id == press.user.id and fact.detail.get("text") == press.data


def _times(delivery: Delivery, telegram: Telegram, said: Mapping[int, list[datetime]]) -> Iterator[str]:
    marks: list[tuple[Verb, Acknowledgement | Choice | ProgressMark | None]] = [
        (Verb.ACKNOWLEDGE, delivery.acknowledged),
        (Verb.DECIDE, delivery.choice),
        *((Verb.PROGRESS, mark) for mark in delivery.progress),
    ]
    for verb, known in marks:
        if known is None:
            continue
        name = f"{verb.name} of {delivery.inject} by {delivery.unit} at {known.at:%H:%M:%S.%f}"
        made = [
            press.at
            for press in telegram.presses
            if press.user.id == known.by.id and press.data.startswith(f"{verb}:{delivery.reference}:")
        ]
        if verb is Verb.ACKNOWLEDGE:
            made += said.get(known.by.id, ())
        if not any(at - _WHOLE_SECOND <= known.at for at in made):
            yield f"{name} is from before it was given"
        elif known.exact and not any(at - _WHOLE_SECOND <= known.at <= at + _PROMPT for at in made):
            yield f"{name} is told as exact, and was not given then"
