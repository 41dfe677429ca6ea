"""Urging a unit to answer, in steps: the whole chat, its leaders by name, then the control room."""

from bot.exercise.evidence import missing_evidence
from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Delivery, DeliveryState, Exercise, Timer
from bot.messages import Escalation, EvidenceReminder, InjectPart, Message, Reminder
from bot.service.keys import doubt_key
from bot.store import outbox
from bot.store.outbox import Priority
from bot.store.transaction import Transaction
from scenarios.model import EvidenceKind

_TOLD_AT = ((Timer.ESCALATE, False), (Timer.UNDECIDED, True))
"""When the control room is told that a unit is silent; whether about its decision."""


def remind(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """Say in the unit's chat what runs out, or has run out."""
    delivery = _delivery(exercise, fact)
    place = exercise.seats[delivery.unit].place
    if place is None:
        return
    where = {"exercise": exercise.number, "inject": delivery.inject, "unit": delivery.unit}
    message: EvidenceReminder | Reminder
    if fact.kind is FactKind.EVIDENCE_MISSING:
        message = EvidenceReminder(**where, kind=EvidenceKind(str(fact.detail["kind"])))
    else:
        decision = fact.kind is FactKind.UNDECIDED or delivery.acknowledged is not None
        message = Reminder(**where, decision=decision, overdue=fact.kind is not FactKind.REMINDED)
    number, asked = exercise.number, delivery.message_id
    outbox.add(tx, message, place, fact.at, exercise=number, priority=Priority.NOTICE, reply_to=asked)


def escalate(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """Tell the control room which unit is silent, with what can be done about it."""
    delivery = _delivery(exercise, fact)
    decision = fact.kind is FactKind.UNDECIDED
    message = Escalation(exercise=exercise.number, inject=delivery.inject, unit=delivery.unit, decision=decision)
    key = _escalation_key(exercise, delivery, decision=decision)
    outbox.add(tx, message, exercise.control, fact.at, exercise=exercise.number, key=key)


def answered(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """The unit has answered: what was said in the control room about its silence is brought up to date."""
    delivery = _delivery(exercise, fact)
    for timer, decision in _TOLD_AT:
        if timer in delivery.rung:
            outbox.mark_out_of_date(tx, _escalation_key(exercise, delivery, decision=decision))
    settled(tx, exercise, fact)


def settled(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    """What was in doubt about the sending may be so no more: the question about it is brought up to date."""
    if _delivery(exercise, fact).possible_duplicate:
        outbox.mark_out_of_date(tx, doubt_key(exercise.number, fact.inject or "", fact.unit or ""))


def is_moot(exercise: Exercise, message: Message) -> bool:
    """Whether a message that waits to be sent urges to what has been done meanwhile, or belongs to none that came."""
    match message:
        case Reminder(decision=False):
            return exercise.injects[message.inject].deliveries[message.unit].acknowledged is not None
        case Reminder():
            return exercise.injects[message.inject].deliveries[message.unit].choice is not None
        case EvidenceReminder():
            run = exercise.injects[message.inject]
            return message.kind not in missing_evidence(run, run.deliveries[message.unit])
        case InjectPart():
            delivery = exercise.injects[message.inject].deliveries[message.unit]
            gone = delivery.state in {DeliveryState.FAILED, DeliveryState.SKIPPED}
            return gone or message.edition < delivery.resent
        case _:
            return False


def _escalation_key(exercise: Exercise, delivery: Delivery, *, decision: bool) -> str:
    step = "undecided" if decision else "unanswered"
    return f"escalation:{exercise.number}:{delivery.inject}:{delivery.unit}:{step}"


def _delivery(exercise: Exercise, fact: Fact) -> Delivery:
    return exercise.injects[fact.inject or ""].deliveries[fact.unit or ""]
