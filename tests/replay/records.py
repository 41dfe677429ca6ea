"""Records to play back: of the exercise that the builders play, and of simulated drills with every trouble."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import orjson

from bot.clock import Pace
from bot.exercise.enrolment import join
from bot.exercise.facts import Change, Fact, FactKind, LogEntry
from bot.exercise.model import Exercise
from bot.exercise.observing import Observed, note, rate
from bot.exercise.people import SYSTEM, Person
from bot.exercise.sealing import FIRST, seal
from bot.rehearsal.replay.clock import ReplayClock
from bot.rehearsal.replay.replay import Replay
from bot.report.record import record_json
from bot.report.recorded import recorded
from tests.builders import DIRECTOR, Play, made_anew, played
from tests.simulation.laboratory import Laboratory


def replay_of(content: bytes, change: Callable[[dict[str, Any]], None] = lambda _: None) -> Replay:
    """The replay of a record, after ``change``, played to its end at once."""
    played_back = prepared(content, change)
    played_back.play_at_once()
    return played_back


def prepared(content: bytes, change: Callable[[dict[str, Any]], None] = lambda _: None, speed: float = 1.0) -> Replay:
    """The replay of a record, after ``change``; its clock begins at STARTEX."""
    document = orjson.loads(content)
    change(document)
    told = recorded(orjson.dumps(document))
    return Replay(told, ReplayClock(Pace.from_now(speed, told.startex_at)), speed)


@cache
def of_the_builders() -> bytes:
    """Pause, real event, failure, doubt, branch, silence, skip, note, rating and summary, all in one exercise."""
    play = played()
    at = play.facts[-1].at
    play.take(note(play.exercise, "I-03", "posko", Observed("Perintah jelas"), DIRECTOR, at))
    play.take(rate(play.exercise, "I-03", "posko", "S", Observed("Agak lambat"), DIRECTOR, at))
    play.take(Change(play.exercise.evolve(summarised=True), (Fact(at, FactKind.SUMMARISED, SYSTEM),)))
    return record_json(play.exercise, chained(play.exercise, [*_seating(play), *play.facts]), {})


@cache
def of_a_drill(seed: int) -> bytes:
    """A simulated drill, as the bot kept it."""
    with Laboratory.open() as laboratory:
        laboratory.run(seed)
        kept = laboratory.record()
    return record_json(kept.exercise, kept.log, {})


def chained(exercise: Exercise, facts: Sequence[Fact]) -> list[LogEntry]:
    """The facts as a log, sealed as the store seals it."""
    entries: list[LogEntry] = []
    for seq, fact in enumerate(facts, 1):
        elapsed = exercise.clock.elapsed(fact.at)
        head = seal(exercise.number, seq, entries[-1].hash if entries else FIRST, fact, elapsed)
        entries.append(LogEntry(seq, elapsed.total_seconds(), fact, head))
    return entries


def _seating(play: Play) -> list[Fact]:
    """How the exercise was made and the units came into their chats, which the builders leave out."""
    exercise = play.exercise
    made = made_anew(exercise)
    for seat in exercise.seats.values():
        assert seat.place is not None
        leader = Person(*next(iter(seat.leaders.items())))
        at = made.exercise.created_at
        made = made.then(join(made.exercise, seat.unit, seat.place, seat.chat_title, leader, at))
    return list(made.facts)
