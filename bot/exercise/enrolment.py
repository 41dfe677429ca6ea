"""Who sits where: units bound to chats, leaders appointed, roles given. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.exercise.errors import ExerciseOver, Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise, Participant
from bot.exercise.people import SYSTEM, Person, Place, Role, UnitSeat

CODE_LIFE = timedelta(hours=24)
"""How long a join code can be used."""


class PlaceTaken(Refusal):
    """Another unit of the exercise sits in that chat; ``unit`` names it."""

    key = "refused.place_taken"


class SeatTaken(Refusal):
    """The unit sits in another chat already; ``chat`` names it."""

    key = "refused.seat_taken"


class CodeExpired(Refusal):
    """The join code is older than a day, or was withdrawn."""

    key = "refused.code_expired"


class NotSeated(Refusal):
    """The unit sits in no chat; ``unit`` names it."""

    key = "refused.not_seated"


class LastDirector(Refusal):
    """An exercise is never left without a director."""

    key = "refused.last_director"


class LastLeader(Refusal):
    """A unit that has leaders is never left without one."""

    key = "refused.last_leader"


class NoLeader(Refusal):
    """``name`` does not lead the unit."""

    key = "refused.no_leader"


class NoRole(Refusal):
    """``name`` has no role in the control of the exercise."""

    key = "refused.no_role"


def join(exercise: Exercise, unit: str, place: Place, chat_title: str, by: Person, at: datetime) -> Change:
    """Bind a unit to a chat or topic; who joins first becomes its first leader. Joining again changes nothing.

    Raises:
        CodeExpired: the unit's code is no longer good.
        ExerciseOver: ENDEX has been.
        PlaceTaken: another unit sits there.
        SeatTaken: the unit sits elsewhere.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    seat = exercise.seats[unit]
    there = exercise.seat_at(place)
    if there is not None and there.unit != unit:
        raise PlaceTaken(unit=exercise.scenario.units[there.unit].name.in_language(exercise.language))
    if seat.place == place:
        return Change(exercise)
    if seat.place is not None:
        raise SeatTaken(chat=seat.chat_title)
    if seat.code_expires_at is not None and at >= seat.code_expires_at:
        raise CodeExpired
    taken = replace(seat, place=place, chat_title=chat_title, leaders=seat.leaders or {by.id: by.name}, unreachable="")
    detail = {"chat_id": place.chat_id, "thread_id": place.thread_id, "chat": chat_title}
    fact = Fact(at, FactKind.JOINED, by, unit=unit, detail=detail)
    return Change(_with_seat(exercise, taken), (fact,))


def unbind(exercise: Exercise, unit: str, code_hash: str, by: Person, at: datetime) -> Change:
    """Take a unit out of its chat, leaders and all; the code by which it came there is replaced by another.

    Raises:
        ExerciseOver: ENDEX has been.
        NotSeated: it sits in none.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    seat = exercise.seats[unit]
    if seat.place is None:
        raise NotSeated(unit=unit)
    detail = {"chat_id": seat.place.chat_id, "thread_id": seat.place.thread_id, "chat": seat.chat_title}
    fact = Fact(at, FactKind.UNBOUND, by, unit=unit, detail=detail)
    return Change(_with_seat(exercise, UnitSeat(unit, code_hash, at + CODE_LIFE)), (fact,))


def renew_codes(exercise: Exercise, code_hashes: Mapping[str, str], by: Person, at: datetime) -> Change:
    """Fresh join codes for units that sit nowhere yet; the codes before them are good for nothing from now on.

    Raises:
        ExerciseOver: ENDEX has been.
        SeatTaken: one of the units sits in a chat.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    seats = dict(exercise.seats)
    for unit, code_hash in code_hashes.items():
        if seats[unit].place is not None:
            raise SeatTaken(chat=seats[unit].chat_title)
        seats[unit] = replace(seats[unit], code_hash=code_hash, code_expires_at=at + CODE_LIFE)
    facts = tuple(Fact(at, FactKind.CODE_RENEWED, by, unit=unit) for unit in code_hashes)
    return Change(exercise.evolve(seats=seats), facts)


def withdraw_code(exercise: Exercise, unit: str, by: Person, at: datetime) -> Change:
    """Have a unit's join code be good for nothing from now on.

    Raises:
        ExerciseOver: ENDEX has been.
        SeatTaken: the unit sits in a chat.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    seat = exercise.seats[unit]
    if seat.place is not None:
        raise SeatTaken(chat=seat.chat_title)
    withdrawn = replace(seat, code_expires_at=at)
    return Change(_with_seat(exercise, withdrawn), (Fact(at, FactKind.CODE_WITHDRAWN, by, unit=unit),))


def appoint_leader(exercise: Exercise, unit: str, leader: Person, by: Person, at: datetime) -> Change:
    """Make ``leader`` one of the unit's leaders."""
    seat = exercise.seats[unit]
    if leader.id in seat.leaders:
        return Change(exercise)
    led = replace(seat, leaders={**seat.leaders, leader.id: leader.name})
    fact = Fact(at, FactKind.LEADER_APPOINTED, by, unit=unit, detail={"id": leader.id, "name": leader.name})
    return Change(_with_seat(exercise, led), (fact,))


def remove_leader(exercise: Exercise, unit: str, leader: Person, by: Person, at: datetime) -> Change:
    """Make ``leader`` a member of the unit like the others.

    Raises:
        LastLeader: the unit has no other.
        NoLeader: they do not lead it.
    """
    seat = exercise.seats[unit]
    if leader.id not in seat.leaders:
        raise NoLeader(name=leader.name)
    if len(seat.leaders) == 1:
        raise LastLeader
    led = replace(seat, leaders={user_id: name for user_id, name in seat.leaders.items() if user_id != leader.id})
    fact = Fact(at, FactKind.LEADER_REMOVED, by, unit=unit, detail={"id": leader.id, "name": leader.name})
    return Change(_with_seat(exercise, led), (fact,))


def give_role(exercise: Exercise, person: Person, role: Role, by: Person, at: datetime) -> Change:
    """Give a person a role in the control of the exercise, in the place of any other.

    Raises:
        LastDirector: they are the only director, and would be one no longer.
    """
    if exercise.role_of(person.id) is role:
        return Change(exercise)
    if role is not Role.DIRECTOR:
        _require_another_director(exercise, person)
    participants = {**exercise.participants, person.id: Participant(person, role)}
    detail = {"id": person.id, "name": person.name, "role": role}
    return Change(exercise.evolve(participants=participants), (Fact(at, FactKind.ROLE_GIVEN, by, detail=detail),))


def take_role(exercise: Exercise, person: Person, by: Person, at: datetime) -> Change:
    """Take a person's role away.

    Raises:
        LastDirector: they are the only director.
        NoRole: they have none.
    """
    if exercise.role_of(person.id) is None:
        raise NoRole(name=person.name)
    _require_another_director(exercise, person)
    participants = {user_id: p for user_id, p in exercise.participants.items() if user_id != person.id}
    detail = {"id": person.id, "name": person.name}
    return Change(exercise.evolve(participants=participants), (Fact(at, FactKind.ROLE_TAKEN, by, detail=detail),))


def move(exercise: Exercise, old_chat: int, new_chat: int, at: datetime) -> Change:
    """A group has become a supergroup: everyone who sat in it sits in the new chat."""
    seats = dict(exercise.seats)
    facts = []
    for unit, seat in exercise.seats.items():
        if seat.place and seat.place.chat_id == old_chat:
            seats[unit] = replace(seat, place=replace(seat.place, chat_id=new_chat))
            detail = {"chat_id": new_chat, "thread_id": seat.place.thread_id, "chat": seat.chat_title}
            facts.append(Fact(at, FactKind.JOINED, SYSTEM, unit=unit, detail=detail))
    control = exercise.control
    if control.chat_id == old_chat:
        control = replace(control, chat_id=new_chat)
        detail = {"chat_id": new_chat, "thread_id": control.thread_id}
        facts.append(Fact(at, FactKind.JOINED, SYSTEM, detail=detail))
    return Change(exercise.evolve(seats=seats, control=control), tuple(facts))


def unreachable(exercise: Exercise, chat_id: int, why: str, at: datetime, thread_id: int | None = None) -> Change:
    """A chat has shut the bot out (``why``: Telegram's words), or let it in again (empty).

    With ``thread_id`` that is so of that topic alone. What has been told once is not told again in other words.
    """
    seats = dict(exercise.seats)
    facts = []
    for unit, seat in exercise.seats.items():
        there = seat.place is not None and seat.place.chat_id == chat_id
        if thread_id is not None:
            there = seat.place == Place(chat_id, thread_id)
        if there and bool(seat.unreachable) != bool(why):
            seats[unit] = replace(seat, unreachable=why)
            kind = FactKind.UNREACHABLE if why else FactKind.REACHABLE
            facts.append(Fact(at, kind, SYSTEM, unit=unit, detail={"why": why}))
    return Change(exercise.evolve(seats=seats), tuple(facts))


def _with_seat(exercise: Exercise, seat: UnitSeat) -> Exercise:
    return exercise.evolve(seats={**exercise.seats, seat.unit: seat})


def _require_another_director(exercise: Exercise, person: Person) -> None:
    directors = {user_id for user_id, p in exercise.participants.items() if p.role is Role.DIRECTOR}
    if directors == {person.id}:
        raise LastDirector
