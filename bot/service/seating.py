"""What is said when a unit takes or loses its seat, its code or its leaders."""

from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import SYSTEM, Place
from bot.messages import Gap, Message, Notice, UnitBound
from bot.service.keys import bound_key, card_key
from bot.service.turns import head
from bot.store import outbox
from bot.store.transaction import Transaction

_IN_THE_CHAT = {
    FactKind.JOINED: "notice.joined",
    FactKind.UNBOUND: "notice.unbound",
    FactKind.LEADER_APPOINTED: "notice.leader_appointed",
    FactKind.LEADER_REMOVED: "notice.leader_removed",
}
_IN_CONTROL = {FactKind.UNREACHABLE: "notice.unreachable", FactKind.REACHABLE: "notice.reachable"}


def announce_seat(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """Tell the unit's chat and the control room what has become of the unit's seat."""
    if fact.unit is None or (fact.actor == SYSTEM and fact.kind is FactKind.JOINED):
        return
    number, seat = exercise.number, exercise.seats[fact.unit]
    params: dict[str, Gap] = {
        **head(exercise, fact),
        "unit": seat.unit,
        "chat": seat.chat_title,
        "leader": ", ".join(seat.leaders.values()),
        "name": str(fact.detail.get("name", "")),
    }
    for key in (card_key(number, seat.unit), bound_key(number, seat.unit)):
        outbox.mark_out_of_date(tx, key)
    place = _place_of(fact) or seat.place
    if place is not None and fact.kind in _IN_THE_CHAT:
        message = Notice(exercise=number, key=_IN_THE_CHAT[fact.kind], params=params)
        outbox.add(tx, message, place, fact.at, exercise=number)
    if seat.place == exercise.control:
        return
    if fact.kind in _IN_CONTROL:
        _to_control(tx, exercise, fact, Notice(exercise=number, key=_IN_CONTROL[fact.kind], params=params))
    if fact.kind is FactKind.JOINED and seat.place is not None:
        key = bound_key(number, seat.unit)
        # An earlier seat's notice stays as it reads; its button finds that nothing is left to undo.
        outbox.retire(tx, key)
        bound = UnitBound(
            exercise=number,
            unit=seat.unit,
            chat=seat.chat_title,
            chat_id=seat.place.chat_id,
            thread_id=seat.place.thread_id,
            by=fact.actor.name if fact.actor else "",
        )
        _to_control(tx, exercise, fact, bound, key)


def _place_of(fact: Fact) -> Place | None:
    """The chat that a fact names: the one that has been left."""
    chat_id, thread_id = fact.detail.get("chat_id"), fact.detail.get("thread_id")
    if not isinstance(chat_id, int):
        return None
    return Place(chat_id, thread_id if isinstance(thread_id, int) else None)


def _to_control(tx: Transaction, exercise: Exercise, fact: Fact, message: Message, key: str | None = None) -> None:
    outbox.add(tx, message, exercise.control, fact.at, exercise=exercise.number, key=key)
