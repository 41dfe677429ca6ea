"""Recording a change: the state, the facts that explain it, and the messages that follow from them."""

from datetime import datetime
from typing import assert_never

from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.lateness import held
from bot.exercise.model import Exercise
from bot.exercise.reporting import picture_in
from bot.messages import (
    Board,
    Gap,
    GateQuestion,
    HeldQuestion,
    Message,
    Notice,
    RealWorld,
)
from bot.service import asking, posting, urging
from bot.service.keys import board_key, commcheck_key, gate_key, held_key, realworld_key
from bot.service.seating import announce_seat
from bot.service.turns import alarm, out_of_realworld, turn
from bot.store import exercises, outbox, pictures
from bot.store.outbox import Priority
from bot.store.transaction import Transaction


def record(tx: Transaction, change: Change) -> Exercise:
    """Store a change with its facts, and put into the outbox what is to be said about it."""
    exercises.save(tx, change)
    exercise = change.exercise
    for fact in change.facts:
        _announce(tx, exercise, fact)
        if file := picture_in(fact):
            pictures.expect(tx, exercise.number, file, fact.actor.id if fact.actor else 0)
        if fact.kind in {FactKind.ENDEX, FactKind.ABORTED}:
            exercise = posting.withdraw(tx, exercise, fact, "endex")
        elif fact.kind is FactKind.UNBOUND:
            exercise = posting.withdraw(tx, exercise, fact, "unbound")
    _ask_about_held(tx, exercise, change)
    return exercise


def post_board(tx: Transaction, exercise: Exercise, at: datetime) -> None:
    """Post the live board below everything said so far; an older one is let rest, and says so."""
    key = board_key(exercise.number)
    if former := outbox.retire(tx, key):
        outbox.reword(tx, former, Board(exercise=exercise.number, at_rest=True))
    outbox.add(tx, Board(exercise=exercise.number), exercise.control, at, exercise=exercise.number, key=key)


def to_control(tx: Transaction, exercise: Exercise, message: Message, fact: Fact, key: str | None = None) -> None:
    """Say something in the control room."""
    urgent = message.type == "realworld"
    priority = Priority.URGENT if urgent else Priority.REPLY
    outbox.add(tx, message, exercise.control, fact.at, exercise=exercise.number, priority=priority, key=key)


def to_units(
    tx: Transaction, exercise: Exercise, message: Message, fact: Fact, priority: Priority = Priority.NOTICE
) -> None:
    """Say something in the chat of every unit."""
    places = (seat.place for seat in exercise.seats.values())
    posts = [(message, place) for place in places if place is not None and place != exercise.control]
    outbox.add_to_each(tx, exercise.number, posts, fact.at, priority=priority)


def _announce(tx: Transaction, exercise: Exercise, fact: Fact) -> None:  # noqa: C901, PLR0912, PLR0915 - one case for each kind of fact
    number = exercise.number
    match fact.kind:
        case FactKind.STARTEX | FactKind.PAUSED | FactKind.RESUMED | FactKind.ENDEX | FactKind.ABORTED:
            _announce_turn(tx, exercise, fact)
        case FactKind.REALWORLD:
            outbox.hold(tx, number)
            stopped = alarm(exercise, fact)
            to_units(tx, exercise, stopped, fact, Priority.URGENT)
            former = outbox.retire(tx, realworld_key(number))
            if former and isinstance(former.message, RealWorld):
                # The way on is under the newest alarm alone.
                outbox.reword(tx, former, former.message.model_copy(update={"to_director": False}))
            told = stopped.model_copy(update={"to_director": True})
            to_control(tx, exercise, told, fact, realworld_key(number))
        case FactKind.REALWORLD_AGAIN:
            to_control(tx, exercise, alarm(exercise, fact).model_copy(update={"again": True}), fact)
        case FactKind.ISSUED:
            posting.post(tx, exercise, fact)
        case FactKind.SKIPPED | FactKind.DELAYED:
            outbox.mark_out_of_date(tx, gate_key(number, fact.inject or ""))
        case FactKind.ASKED:
            question = GateQuestion(exercise=number, inject=fact.inject or "")
            to_control(tx, exercise, question, fact, gate_key(number, question.inject))
        case FactKind.ACKNOWLEDGED | FactKind.PROGRESSED | FactKind.DECIDED | FactKind.UNCERTAIN:
            posting.show_answers(tx, exercise, fact.inject or "", fact.unit or "")
            urging.answered(tx, exercise, fact)
        case FactKind.SITUATION:
            level: dict[str, Gap] = {"situation": str(fact.detail["situation"])}
            changed = Notice(exercise=number, key="notice.situation", params=level)
            to_units(tx, exercise, changed, fact)
            to_control(tx, exercise, changed, fact)
        case FactKind.RESENT:
            posting.post_again(tx, exercise, fact)
            urging.settled(tx, exercise, fact)
        case FactKind.SENT:
            urging.settled(tx, exercise, fact)
        case FactKind.REMINDED | FactKind.SILENT | FactKind.EVIDENCE_MISSING:
            urging.remind(tx, exercise, fact)
        case FactKind.UNDECIDED:
            urging.remind(tx, exercise, fact)
            urging.escalate(tx, exercise, fact)
        case FactKind.ESCALATED:
            urging.escalate(tx, exercise, fact)
        case FactKind.REPORTED | FactKind.CORRECTED if fact.inject and exercise.injects[fact.inject].inject.evidence:
            posting.show_answers(tx, exercise, fact.inject, fact.unit or "")
        case (
            FactKind.JOINED
            | FactKind.UNBOUND
            | FactKind.CODE_RENEWED
            | FactKind.CODE_WITHDRAWN
            | FactKind.UNREACHABLE
            | FactKind.REACHABLE
            | FactKind.LEADER_APPOINTED
            | FactKind.LEADER_REMOVED
        ):
            outbox.mark_out_of_date(tx, commcheck_key(number))
            announce_seat(tx, exercise, fact)
        case FactKind.FAILED:
            name = exercise.scenario.units[fact.unit or ""].name.in_language(exercise.language)
            params: dict[str, Gap] = {"unit": name, "inject": fact.inject or "", "why": str(fact.detail["why"])}
            words = "notice.lost" if fact.detail.get("lost") else "notice.failed"
            to_control(tx, exercise, Notice(exercise=number, key=words, params=params), fact)
        case (
            FactKind.CREATED
            | FactKind.ROLE_GIVEN
            | FactKind.ROLE_TAKEN
            | FactKind.LANGUAGE
            | FactKind.SCHEDULED
            | FactKind.PHASE
            | FactKind.TRIGGERED
            | FactKind.ADDED
            | FactKind.HELD
            | FactKind.RELEASED
            | FactKind.NOT_SENT
            | FactKind.REPORTED
            | FactKind.REPORT_GREW
            | FactKind.CORRECTED
            | FactKind.COMMCHECK
            | FactKind.COMMCHECK_ANSWERED
            | FactKind.NOTED
            | FactKind.RATED
            | FactKind.REFUSED
            | FactKind.SUMMARISED
            | FactKind.HOT_WASH
            | FactKind.HOT_WASH_REMINDED
            | FactKind.HOT_WASH_NAMELESS
            | FactKind.HOT_WASH_RATED
            | FactKind.HOT_WASH_ANSWERED
            | FactKind.HOT_WASH_CLOSED
            | FactKind.IMPROVEMENT
            | FactKind.IMPROVEMENT_WITHDRAWN
            | FactKind.ERASED
        ):
            # Said by the reply to whoever did it, or shown on the board and in the messages concerned.
            pass
        case _:
            assert_never(fact.kind)


_OF_WHAT_IS_HELD = {FactKind.ISSUED, FactKind.SKIPPED, FactKind.DELAYED, FactKind.RELEASED}


def _ask_about_held(tx: Transaction, exercise: Exercise, change: Change) -> None:
    """One question for all that is held, a new one where more comes to it; and kept true."""
    kinds = {fact.kind for fact in change.facts}
    key = held_key(exercise.number)
    if FactKind.HELD in kinds:
        former = outbox.retire(tx, key)
        if former and isinstance(former.message, HeldQuestion):
            outbox.reword(tx, former, former.message.model_copy(update={"asked_again": True}))
        question = HeldQuestion(exercise=exercise.number, injects=tuple(run.id for run in held(exercise)))
        to_control(tx, exercise, question, change.facts[-1], key)
    elif kinds & _OF_WHAT_IS_HELD:
        outbox.mark_out_of_date(tx, key)


def _announce_turn(tx: Transaction, exercise: Exercise, fact: Fact) -> None:
    if fact.kind in {FactKind.STARTEX, FactKind.ENDEX, FactKind.ABORTED}:
        asking.withdraw(tx, exercise.number)
    priority = Priority.NOTICE
    if out_of_realworld(fact):
        priority = Priority.URGENT
        outbox.mark_out_of_date(tx, realworld_key(exercise.number))
        if fact.kind is FactKind.RESUMED:
            asking.withdraw(tx, exercise.number)
            outbox.let_go(tx, exercise.number, fact.at)
    units, control = turn(exercise, fact)
    to_units(tx, exercise, units, fact, priority)
    to_control(tx, exercise, control, fact)
    if fact.kind is FactKind.STARTEX:
        post_board(tx, exercise, fact.at)
