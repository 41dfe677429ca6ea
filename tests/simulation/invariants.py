"""What must hold whatever happened: the record held against the world's own ledger.

Each check gives a line for everything that it finds broken.
"""

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from bot.exercise.facts import FactKind
from bot.exercise.model import Delivery, DeliveryState, InjectState
from bot.exercise.sealing import first_broken
from bot.messages import InDoubt, InjectPart, InjectPost, Notice, Summary
from bot.store.inbox import InboxState
from bot.store.outbox import OF_THE_SCRIPT
from bot.store.outbox_row import OutboxState, Priority
from bot.texts.catalogue import say
from tests.simulation.acknowledging import acknowledgements
from tests.simulation.crowd import Crowd
from tests.simulation.ending import Ending, silence
from tests.simulation.ledger import Copies, copies, injects_of
from tests.simulation.pacing import pace
from tests.simulation.record import Record
from tests.simulation.telegram import Telegram
from tests.simulation.weather import Weather

_IN_FLIGHT: Final = 1.0
"""Seconds that a request may be on its way while another one brings news."""


def broken(record: Record, telegram: Telegram, crowd: Crowd, weather: Weather, ending: Ending) -> list[str]:
    """Every invariant that does not hold."""
    everything = copies(record, telegram)
    return [
        *at_rest(record),
        *chain(record),
        *injects(record, everything, crowd),
        *told(record, everything),
        *given_up(everything, telegram, crowd, weather),
        *messages(everything),
        *silence(ending, everything),
        *order(everything, telegram),
        *updates(record, telegram),
        *acknowledgements(record, telegram),
        *pace(telegram),
        *summary(record, everything),
    ]


def at_rest(record: Record) -> Iterator[str]:
    """Long after the last fault nothing is left to be done."""
    if not record.exercise.state.is_over:
        yield f"the exercise never ended: it is {record.exercise.state}"
    for row in record.outbox:
        if not row.state.is_final:
            yield f"message {row.id} ({row.message.type}) was left {row.state}"
        elif row.out_of_date:
            yield f"message {row.id} ({row.message.type}) was left out of date"
    for update_id, state in record.inbox.items():
        if state is not InboxState.DONE:
            yield f"update {update_id} was left {state}"


def chain(record: Record) -> Iterator[str]:
    """The log is whole."""
    first = first_broken(record.exercise.number, record.log)
    if first is not None:
        yield f"the log's chain is broken at entry {first}"


def injects(record: Record, everything: tuple[Copies, ...], crowd: Crowd) -> Iterator[str]:
    """No inject is lost, none is twice unless that is said, and the record says what became of each."""
    posts = {(post.inject, post.unit): one for post, one in injects_of(everything)}
    for run in record.exercise.injects.values():
        if run.open and run.inject.at is not None:
            yield f"inject {run.id} was left {run.state}"
        if run.state is not InjectState.ISSUED:
            continue
        for unit in record.exercise.scenario.units_of(run.inject):
            delivery = run.deliveries.get(unit)
            one = posts.get((run.id, unit))
            if delivery is None or one is None:
                yield f"inject {run.id} was issued and not to {unit}"
                continue
            unsure = [entry.fact for entry in record.log if _tells(entry.fact, FactKind.UNCERTAIN, delivery)]
            yield from _inject(delivery, one, len(unsure), was_kicked=unit in crowd.kicked)


def _tells(fact: object, kind: FactKind, delivery: Delivery) -> bool:
    return (getattr(fact, "kind", None), getattr(fact, "inject", None), getattr(fact, "unit", None)) == (
        kind,
        delivery.inject,
        delivery.unit,
    )


def _inject(delivery: Delivery, one: Copies, unsure: int, *, was_kicked: bool) -> Iterator[str]:
    name = f"inject {delivery.inject} to {delivery.unit}"
    yield from _state(name, delivery, one, unsure, was_kicked=was_kicked)
    yield from _repeats(name, delivery, one, unsure)
    yield from _moments(name, delivery, one)


def _state(name: str, delivery: Delivery, one: Copies, unsure: int, *, was_kicked: bool) -> Iterator[str]:
    there = len(one.posts)
    match delivery.state:
        case DeliveryState.PENDING:
            yield f"{name} was lost: it is pending still"
        case DeliveryState.SENT:
            if not there:
                yield f"{name} is on record as sent, and is not in the chat"
            elif delivery.message_id not in {post.message_id for post in one.posts}:
                yield f"{name} is on record under a message that is another's"
        case DeliveryState.UNCERTAIN:
            if not unsure or not delivery.possible_duplicate:
                yield f"{name} is uncertain, and its record does not say why"
        case DeliveryState.FAILED:
            if there:
                yield f"{name} is on record as failed, and is in the chat"
            if not was_kicked:
                yield f"{name} failed, and nobody had thrown the bot out: {delivery.why}"
        case DeliveryState.SKIPPED:
            if there:
                yield f"{name} is on record as withdrawn, and is in the chat"
        case _:
            assert_never(delivery.state)


def _repeats(name: str, delivery: Delivery, one: Copies, unsure: int) -> Iterator[str]:
    there = len(one.posts)
    if there > 1 + unsure:
        yield f"{name} is in the chat {there} times after {unsure} uncertain sends"
    if delivery.possible_duplicate and not unsure:
        yield f"{name} is on record as a possible repeat without a reason"
    if there > 1 and not delivery.possible_duplicate:
        yield f"{name} is twice in the chat, and the record does not say so"


def _moments(name: str, delivery: Delivery, one: Copies) -> Iterator[str]:
    for post in one.posts:
        if delivery.due_at > post.at:
            yield f"{name} went out before it was due"
    if delivery.sent_at is None or delivery.possible_duplicate:
        return
    if one.posts and delivery.sent_at < one.posts[0].at:
        yield f"{name} is on record as sent before it was"


def told(record: Record, everything: tuple[Copies, ...]) -> Iterator[str]:
    """Of an inject that is in no chat of its unit the control room has been told, unless the end took it back."""
    names = {unit.name.in_language("id"): key for key, unit in record.exercise.scenario.units.items()}
    known = set()
    for one in everything:
        match one.row.message:
            case InDoubt(inject=inject, unit=unit) if one.posts:
                known.add((inject, unit))
            case Notice(key="notice.failed" | "notice.lost", params=params) if one.posts:
                known.add((str(params["inject"]), names[str(params["unit"])]))
    for post, one in injects_of(everything):
        # What was held or left out, or was never to go out after ENDEX, is skipped.
        if one.posts or one.row.state is OutboxState.SKIPPED or (post.inject, post.unit) in known:
            continue
        yield f"inject {post.inject} never came to {post.unit}, and the control room does not know"


def given_up(everything: tuple[Copies, ...], telegram: Telegram, crowd: Crowd, weather: Weather) -> Iterator[str]:
    """Where nothing but outages befell the line, no message was given up but those about which somebody is asked.

    That a group has moved, or shut the bot out, is an answer of Telegram's in the middle of an outage.
    """
    if weather.share or telegram.moved or crowd.kicked:
        return
    for one in everything:
        asked_about = isinstance(one.row.message, InjectPost | InjectPart)
        unsure = one.row.state is OutboxState.FAILED and one.row.possible_duplicate
        if unsure and not one.posts and not asked_about:
            yield f"message {one.row.id} ({one.row.message.type}) was given up, and nothing else told of it"


def messages(everything: tuple[Copies, ...]) -> Iterator[str]:
    """Every message is on record as what became of it."""
    for one in everything:
        row, there = one.row, len(one.posts)
        name = f"message {row.id} ({row.message.type})"
        if row.state is OutboxState.SENT and row.message_id not in {post.message_id for post in one.posts}:
            yield f"{name} is on record as sent, and is not in the chat"
        if there > 1 and not row.possible_duplicate:
            yield f"{name} is {there} times in the chat, and the record does not say so"
        if any(say("id", "inject.repeat") not in post.words for post in one.posts[1:]):
            yield f"{name} was repeated, and the message does not say so"


def order(everything: tuple[Copies, ...], telegram: Telegram) -> Iterator[str]:
    """Each chat sees its messages in the order in which they were decided; urgent ones may overtake.

    What a real emergency has kept back comes after what did not have to wait for its end. What went to a supergroup
    before Telegram had told that another chat had become it may overtake what waited for that chat.
    """
    told = _told_of_moves(telegram)
    emergencies = [(one.row.id, one.posts[0].second) for one in everything if one.posts and _alarms(one)]
    last: dict[tuple[int, bool], tuple[float, int]] = {}
    for one in everything:
        if not one.posts or _kept_back(one, emergencies):
            continue
        first = one.posts[0]
        chat = telegram.chat_now(first.chat_id or 0), one.row.priority is Priority.URGENT
        before = last.get(chat)
        if before is not None and first.second < before[0]:
            if first.second <= told.get(chat[0], 0.0) + _IN_FLIGHT:
                continue
            yield f"message {one.row.id} came before message {before[1]}, which was decided earlier"
        last[chat] = (first.second, one.row.id)


def _told_of_moves(telegram: Telegram) -> Mapping[int, float]:
    """When a message was last refused because its chat had become the supergroup of that id: no other goes there."""
    return {
        telegram.chat_now(arrival.chat_id): arrival.second
        for arrival in telegram.arrivals
        if arrival.status == 400 and arrival.row is not None and arrival.chat_id in telegram.moved
    }


def _alarms(one: Copies) -> bool:
    return one.row.message.type == "realworld"


def _kept_back(one: Copies, emergencies: list[tuple[int, float]]) -> bool:
    """Whether an emergency that was decided after it was told of before it."""
    first = one.posts[0].second
    return one.row.message.type in OF_THE_SCRIPT and any(
        row > one.row.id and second <= first for row, second in emergencies
    )


def updates(record: Record, telegram: Telegram) -> Iterator[str]:
    """What Telegram was told to forget is on record."""
    for update_id in sorted(telegram.confirmed - record.inbox.keys()):
        yield f"update {update_id} was confirmed and is not on record"


def summary(record: Record, everything: tuple[Copies, ...]) -> Iterator[str]:
    """An exercise that is over has its summary, in its control room."""
    if not record.exercise.state.is_over or record.exercise.clock.startex_at is None:
        return
    pages = [one for one in everything if isinstance(one.row.message, Summary)]
    if not record.exercise.summarised or not pages:
        yield "the exercise is over without a summary"
    for one in pages:
        if not one.posts and not one.row.possible_duplicate:
            yield "a page of the summary never came"
