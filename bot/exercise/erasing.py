"""People erased from an exercise and its log: pseudonyms in the place of names, nothing in the place of words. Pure.

A pseudonym is one within the exercise: everything that a person did stays theirs, so figures and tables tell the same.
Whatever stands both in the exercise and in its log is changed alike in both.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Delivery, Exercise, InjectRun, Participant
from bot.exercise.people import Person, Place, UnitSeat
from bot.exercise.sealing import PERSONAL
from bot.exercise.timing import Stop
from scenarios.model import Text

OWN_REASONS: Final = frozenset({"late", "condition", "unbound", "endex"})
"""What the exercise itself gives as the reason for leaving an inject out; it names nobody."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Who is erased, and what stands in the place of names and words.

    ``everyone``: all that was written by hand goes. Otherwise what these people wrote goes, and in what others wrote
    their names (``spellings``, each with what takes its place) are replaced.
    """

    pseudonyms: Mapping[int, Person]
    gone: str
    everyone: bool
    spellings: Mapping[str, str]

    def person(self, person: Person) -> Person:
        """Who a person is from now on."""
        return self.pseudonyms.get(person.id, person)

    def place(self, place: Place) -> Place:
        """Where that is from now on: a private chat has the id of its person."""
        return replace(place, chat_id=self.chat(place.chat_id))

    def chat(self, chat_id: int) -> int:
        """The id of a chat from now on."""
        return self.pseudonyms[chat_id].id if chat_id in self.pseudonyms else chat_id

    def erases(self, person: Person | None) -> bool:
        """Whether what this person wrote goes, every word of it."""
        return self.everyone or (person is not None and person.id in self.pseudonyms)

    def words(self, words: str, by: Person | None) -> str:
        """What is left of words that somebody wrote."""
        if not words or words in OWN_REASONS:
            return words
        return self.gone if self.erases(by) else self.without_names(words)

    def without_names(self, words: str) -> str:
        """The words of others, with nobody in them who is erased."""
        for spelling, pseudonym in self.spellings.items():
            words = re.sub(rf"(?<!\w){re.escape(spelling)}(?!\w)", lambda _: pseudonym, words, flags=re.IGNORECASE)  # noqa: B023 - called at once
        return words

    def fact(self, fact: Fact) -> Fact:
        """A fact as the log tells it from now on."""
        detail = dict(fact.detail)
        for key in PERSONAL.get(fact.kind, frozenset()).intersection(detail):
            detail[key] = self._value(fact, key, detail[key])
        actor = self.person(fact.actor) if fact.actor else None
        return replace(fact, actor=actor, detail=detail)

    def _value(self, fact: Fact, key: str, value: object) -> object:
        left = value
        match key, value:
            case (("id" | "chat_id"), int()):
                left = self.chat(value)
            case "name", str():
                left = self.person(Person(_number(fact.detail.get("id")), value)).name
            case "chat", str():
                left = self.title(value, _number(fact.detail.get("chat_id")))
            case "file", str():
                left = "" if self.erases(fact.actor) else value
            case "owner", str():
                left = self.words(value, None)
            case _, str():
                left = self.words(value, fact.actor)
        return left

    def title(self, title: str, chat_id: int | None) -> str:
        """What a chat is called from now on; a private one is called like its person."""
        theirs = self.everyone or chat_id in self.pseudonyms
        return self.gone if theirs and title else self.without_names(title)


def erased(exercise: Exercise, facts: Iterable[Fact], erasure: Erasure) -> Exercise:
    """The exercise without these people; ``facts`` are those of its log, as it tells them from now on."""
    said = {(fact.kind, fact.inject): fact.detail for fact in facts if fact.kind in _SAID_OF_INJECTS}
    clock = replace(exercise.clock, stops=tuple(_stop(stop, erasure) for stop in exercise.clock.stops))
    participants = [Participant(erasure.person(p.person), p.role) for p in exercise.participants.values()]
    return exercise.evolve(
        control=erasure.place(exercise.control),
        clock=clock,
        participants={participant.person.id: participant for participant in participants},
        seats={unit: _seat(seat, erasure) for unit, seat in exercise.seats.items()},
        injects={inject: _run(run, said, erasure) for inject, run in exercise.injects.items()},
    )


def people_in(exercise: Exercise, facts: Iterable[Fact]) -> dict[int, list[str]]:
    """Everybody whom an exercise or its log names, by id, with every name that they had, in order of appearance.

    Pseudonyms (ids below 0) are among them; the bot itself (0) is not.
    """
    found: dict[int, list[str]] = {}
    for person in (*_in_log(facts), *_in_state(exercise)):
        names = found.setdefault(person.id, [])
        if person.name and person.name not in names:
            names.append(person.name)
    found.pop(0, None)
    return found


def pseudonyms(
    people: Mapping[int, Iterable[str]], named: Callable[[int], str], among: int | None = None
) -> dict[int, Person]:
    """A pseudonym for everybody who has none yet, or for one person ``among`` them; ``named`` gives the words for one.

    They are numbered in the order in which people appear; a number that is taken stays with whom it has.
    """
    taken = {-person_id for person_id in people if person_id < 0}
    free = (number for number in range(1, len(people) + len(taken) + 1) if number not in taken)
    wanted = [person_id for person_id in people if person_id > 0 and among in {None, person_id}]
    return {person_id: Person(-number, named(number)) for person_id, number in zip(wanted, free, strict=False)}


_SAID_OF_INJECTS = frozenset({FactKind.SKIPPED, FactKind.ADDED})


def _in_log(facts: Iterable[Fact]) -> Iterator[Person]:
    for fact in facts:
        if fact.actor is not None:
            yield fact.actor
        keys = PERSONAL.get(fact.kind, frozenset())
        if "id" in keys:
            yield Person(_number(fact.detail.get("id")), str(fact.detail.get("name", "")))
        if "chat_id" in keys and (chat := _number(fact.detail.get("chat_id"))) > 0:
            yield Person(chat, str(fact.detail.get("chat", "")))


def _in_state(exercise: Exercise) -> Iterator[Person]:
    places = [exercise.control, *(seat.place for seat in exercise.seats.values() if seat.place)]
    yield from (Person(place.chat_id, "") for place in places if place.chat_id > 0)
    yield from (participant.person for participant in exercise.participants.values())
    yield from (stop.by for stop in exercise.clock.stops)
    for seat in exercise.seats.values():
        yield from (Person(user_id, name) for user_id, name in seat.leaders.items())
    for run in exercise.injects.values():
        for delivery in run.deliveries.values():
            marks = (delivery.acknowledged, delivery.choice, *delivery.progress, *delivery.evidence)
            yield from (mark.by for mark in marks if mark is not None)


def _stop(stop: Stop, erasure: Erasure) -> Stop:
    return replace(stop, by=erasure.person(stop.by), why=erasure.words(stop.why, stop.by))


def _seat(seat: UnitSeat, erasure: Erasure) -> UnitSeat:
    leaders = [erasure.person(Person(user_id, name)) for user_id, name in seat.leaders.items()]
    return replace(
        seat,
        place=erasure.place(seat.place) if seat.place else None,
        chat_title=erasure.title(seat.chat_title, seat.place.chat_id if seat.place else None),
        leaders={leader.id: leader.name for leader in leaders},
    )


def _run(run: InjectRun, said: Mapping[tuple[FactKind, str | None], Mapping[str, Any]], erasure: Erasure) -> InjectRun:
    skipped, added = said.get((FactKind.SKIPPED, run.id)), said.get((FactKind.ADDED, run.id))
    return run.evolve(
        why=str(skipped["why"]) if skipped else run.why,
        inject=run.inject.model_copy(update={"text": Text(str(added["text"]))}) if added else run.inject,
        deliveries={unit: _delivery(delivery, erasure) for unit, delivery in run.deliveries.items()},
    )


def _delivery(delivery: Delivery, erasure: Erasure) -> Delivery:
    acknowledged, choice = delivery.acknowledged, delivery.choice
    return delivery.evolve(
        acknowledged=replace(acknowledged, by=erasure.person(acknowledged.by)) if acknowledged else None,
        progress=tuple(replace(mark, by=erasure.person(mark.by)) for mark in delivery.progress),
        choice=replace(choice, by=erasure.person(choice.by), reason=erasure.words(choice.reason, choice.by))
        if choice
        else None,
        evidence=tuple(replace(mark, by=erasure.person(mark.by)) for mark in delivery.evidence),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
