"""Who sits where: units bound to chats, leaders appointed, roles given. Pure."""

from dataclasses import replace
from datetime import datetime

from bot.exercise.errors import ExerciseOver, Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise, Participant
from bot.exercise.people import SYSTEM, Person, Place, Role


class PlaceTaken(Refusal):
    """Another unit of the exercise sits in that chat; ``unit`` names it."""

    key = "refused.place_taken"


class SeatTaken(Refusal):
    """The unit sits in another chat already; ``chat`` names it."""

    key = "refused.seat_taken"


def join(exercise: Exercise, unit: str, place: Place, chat_title: str, by: Person, at: datetime) -> Change:
    """Bind a unit to a chat or topic; who joins first becomes its first leader. Joining again changes nothing.

    Raises:
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
    taken = replace(seat, place=place, chat_title=chat_title, leaders=seat.leaders or {by.id: by.name}, unreachable="")
    detail = {"chat_id": place.chat_id, "thread_id": place.thread_id, "chat": chat_title}
    fact = Fact(at, FactKind.JOINED, by, unit=unit, detail=detail)
    return Change(exercise.evolve(seats={**exercise.seats, unit: taken}), (fact,))


def appoint_leader(exercise: Exercise, unit: str, leader: Person, by: Person, at: datetime) -> Change:
    """Make ``leader`` one of the unit's leaders."""
    seat = exercise.seats[unit]
    if leader.id in seat.leaders:
        return Change(exercise)
    led = replace(seat, leaders={**seat.leaders, leader.id: leader.name})
    fact = Fact(at, FactKind.LEADER_APPOINTED, by, unit=unit, detail={"id": leader.id, "name": leader.name})
    return Change(exercise.evolve(seats={**exercise.seats, unit: led}), (fact,))


def give_role(exercise: Exercise, person: Person, role: Role, by: Person, at: datetime) -> Change:
    """Give a person a role in the control of the exercise, in the place of any other."""
    if exercise.role_of(person.id) is role:
        return Change(exercise)
    participants = {**exercise.participants, person.id: Participant(person, role)}
    detail = {"id": person.id, "name": person.name, "role": role}
    return Change(exercise.evolve(participants=participants), (Fact(at, FactKind.ROLE_GIVEN, by, detail=detail),))


def take_role(exercise: Exercise, person: Person, by: Person, at: datetime) -> Change:
    """Take a person's role away."""
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


def unreachable(exercise: Exercise, chat_id: int, why: str, at: datetime) -> Change:
    """A chat has shut the bot out (``why``: Telegram's words), or let it in again (empty)."""
    seats = dict(exercise.seats)
    facts = []
    for unit, seat in exercise.seats.items():
        if seat.place and seat.place.chat_id == chat_id and seat.unreachable != why:
            seats[unit] = replace(seat, unreachable=why)
            kind = FactKind.UNREACHABLE if why else FactKind.REACHABLE
            facts.append(Fact(at, kind, SYSTEM, unit=unit, detail={"why": why}))
    return Change(exercise.evolve(seats=seats), tuple(facts))
