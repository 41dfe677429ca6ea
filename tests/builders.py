"""Exercises as values, played by the product's own pure functions, with every moment chosen by the test."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.exercise.answers import acknowledge, decide, mark_progress, report
from bot.exercise.conduct import abort, create, endex, fire, pause, realworld, resume, skip, startex
from bot.exercise.delivering import failed, sent, uncertain
from bot.exercise.enrolment import join
from bot.exercise.facts import Change, Fact, LogEntry
from bot.exercise.model import DeliveryState, Exercise
from bot.exercise.people import Person, Place
from bot.exercise.reporting import Brought
from bot.exercise.ticking import next_moment, tick
from scenarios.model import Scenario, load

STARTEX = datetime(2023, 10, 16, 2, 0, tzinfo=UTC)
"""09.00.00 WIB on the morning of the drill."""
DIRECTOR = Person(100, "Direktur Sari")
CONTROL = Place(-1000)

SCENARIO: Mapping[str, Any] = {
    "format": 1,
    "id": "unras-kpu",
    "title": {"id": "Unjuk rasa di KPU", "en": "Protest at KPU"},
    "languages": ["id", "en"],
    "units": {
        "posko": {"name": {"id": "Posko Ops", "en": "Ops post"}, "leader": {"id": "Kabag Ops", "en": "Ops chief"}},
        "dalmas": {"name": {"id": "Dalmas Lanjut", "en": "Follow-on"}, "leader": "Danki"},
        "medis": {"name": {"id": "Medis", "en": "Medical"}},
        "humas": {"name": {"id": "Sihumas", "en": "Information"}},
    },
    "groups": {"lapangan": ["dalmas", "medis"]},
    "situations": ["hijau", "kuning", "merah"],
    "phases": [
        {"id": "a", "title": {"id": "Pembukaan", "en": "Opening"}},
        {"id": "b", "title": {"id": "Unjuk rasa", "en": "Protest"}},
        {"id": "c", "title": {"id": "Akhir", "en": "End"}},
    ],
    "injects": [
        {"id": "I-01", "at": "0s", "to": ["all"], "phase": "a", "text": "STARTEX", "acknowledge": {"within": "60s"}},
        {"id": "I-02", "at": "5m", "to": ["lapangan"], "phase": "b", "text": "Siaga", "acknowledge": {"within": "60s"}},
        {
            "id": "I-03",
            "at": "10m",
            "to": ["posko", "dalmas"],
            "kind": "decision",
            "text": "Massa bertambah",
            "situation": "kuning",
            "acknowledge": {"within": "60s"},
            "decision": {
                "by": "posko",
                "within": "2m",
                "options": [
                    {"id": "lapis", "text": {"id": "Lapis ganti", "en": "Change layers"}, "then": ["C-01"]},
                    {"id": "pantau", "text": {"id": "Pantau saja", "en": "Only watch"}, "reason": "required"},
                ],
            },
        },
        {
            "id": "I-04",
            "at": "15m",
            "to": ["humas"],
            "text": "Tidak jadi",
            "requires": {"any": [{"inject": "I-03", "option": "pantau"}]},
        },
        {
            "id": "I-05",
            "at": "20m",
            "to": ["dalmas"],
            "phase": "c",
            "kind": "decision",
            "text": "Danki, tindakan berikutnya?",
            "acknowledge": {"within": "60s"},
            "progress": ["underway"],
            "decision": {
                "by": "dalmas",
                "within": "90s",
                "options": [{"id": "imbau", "text": "Ulangi imbauan"}, {"id": "awc", "text": "Minta AWC"}],
            },
            "if_silent": ["C-02"],
        },
        {"id": "I-06", "at": "25m", "to": ["medis", "humas"], "text": "Korban", "acknowledge": {"within": "60s"}},
        {"id": "I-07", "at": "26m", "to": ["humas"], "text": "Rilis"},
        {"id": "I-08", "at": "29m30s", "to": ["posko"], "text": "Akhir", "acknowledge": {"within": "60s"}},
        {"id": "I-09", "at": "50m", "to": ["all"], "text": "ENDEX", "acknowledge": {"within": "60s"}},
        {"id": "C-01", "to": ["dalmas"], "text": "Lapis ganti", "acknowledge": {"within": "60s"}},
        {"id": "C-02", "to": ["posko"], "text": "Massa anarkis", "acknowledge": {"within": "60s"}},
        {"id": "C-03", "to": ["humas"], "text": "Hoaks", "acknowledge": {"within": "60s"}},
        {"id": "C-04", "to": ["humas"], "text": "Tidak perlu"},
    ],
}
"""Four units, three phases: late, missed, decided, undecided, gated, branched and left out all have their place."""


def a_scenario(**parts: Any) -> Scenario:
    """The scenario above with ``parts`` in the place of its own."""
    return load({**SCENARIO, **parts})


def a_wide_scenario(units: int, injects: int, *, unit_name: str = "Satuan {n}", every: int = 60) -> Scenario:
    """Units by the number, and injects that go to all of them, one each ``every`` seconds."""
    return a_scenario(
        units={f"u{n}": {"name": unit_name.format(n=n)} for n in range(1, units + 1)},
        groups={},
        phases=[{"id": f"p{n}", "title": f"Tahap {n}"} for n in range(1, 5)],
        injects=[
            {
                "id": f"I-{n:03d}",
                "at": f"{n * every}s",
                "to": ["all"],
                "phase": f"p{1 + 4 * n // injects}",
                "text": "Perintah",
                "acknowledge": {"within": "60s"},
            }
            for n in range(injects)
        ],
    )


def leader_of(exercise: Exercise, unit: str) -> Person:
    """The first leader of a unit, as :func:`an_exercise` seats them."""
    user_id, name = next(iter(exercise.seats[unit].leaders.items()))
    return Person(user_id, name)


def an_exercise(
    scenario: Scenario | None = None,
    *,
    number: int = 7,
    name: str = "Sispamkota 2023",
    language: str = "id",
    timezone: str = "Asia/Jakarta",
    unbound: Sequence[str] = (),
) -> Exercise:
    """An exercise ready for STARTEX: each unit but the ``unbound`` in a chat of its own, with a leader."""
    scenario = scenario or a_scenario()
    early = STARTEX - timedelta(hours=1)
    exercise = create(
        number,
        scenario,
        name,
        control=CONTROL,
        language=language,
        timezone=timezone,
        by=DIRECTOR,
        at=early,
        code_hashes={unit: hashlib.sha256(unit.encode()).hexdigest() for unit in scenario.units},
    ).exercise
    for index, unit in enumerate(scenario.units, 1):
        if unit not in unbound:
            person = Person(1000 + index, f"Pimpinan {unit}")
            exercise = join(exercise, unit, Place(-2000 - index), f"Grup {unit}", person, early).exercise
    return exercise


@dataclass
class Play:
    """An exercise that a test plays step by step; each step names its second, by the wall, after STARTEX."""

    exercise: Exercise
    facts: list[Fact] = field(default_factory=list)
    travel: float = 0.5
    """Seconds from an inject's issue to Telegram's answer."""
    trouble: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What becomes of the sending of an inject to a unit, where it is not simply sent: failed or uncertain."""
    _references: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def take(self, change: Change) -> None:
        """Go on from ``change``."""
        self.exercise = change.exercise
        self.facts += change.facts

    def startex(self) -> "Play":
        """STARTEX at second 0, and what is due then."""
        self.take(startex(self.exercise, DIRECTOR, STARTEX))
        return self.to(0)

    def to(self, second: float) -> "Play":
        """Let time pass until ``second``: everything comes due and goes out at its moment."""
        end = STARTEX + timedelta(seconds=second)
        while (moment := next_moment(self.exercise)) is not None and moment <= end:
            self._tick(moment)
        self._tick(end)
        return self

    def acknowledge(self, second: float, inject: str, *units: str, exact: bool = True) -> "Play":
        """The units' leaders acknowledge."""
        at = self._moment(second)
        for unit in units:
            person = leader_of(self.exercise, unit)
            self.take(acknowledge(self.exercise, inject, unit, person, at, exact=exact))
        return self

    def decide(
        self, second: float, inject: str, unit: str, option: str, reason: str = "", *, exact: bool = True
    ) -> "Play":
        """The unit's leader decides; what the choice fires goes out at once."""
        at = self._moment(second)
        person = leader_of(self.exercise, unit)
        self.take(decide(self.exercise, inject, unit, option, person, at, reason, exact=exact))
        return self.to(second)

    def progress(self, second: float, inject: str, unit: str, step: str, *, exact: bool = True) -> "Play":
        """The unit's leader marks a step."""
        at = self._moment(second)
        person = leader_of(self.exercise, unit)
        self.take(mark_progress(self.exercise, inject, unit, step, person, at, exact=exact))
        return self

    def report(self, second: float, inject: str | None, unit: str, text: str, kind: str = "text") -> "Play":
        """The unit's leader reports."""
        at = self._moment(second)
        person = leader_of(self.exercise, unit)
        self.take(report(self.exercise, inject, unit, person, at, Brought(kind, text)))
        return self

    def stand_still(self, second: float, until: float, why: str = "", *, real: bool = False) -> "Play":
        """A pause, or a ``real`` event, from ``second`` until ``until``."""
        at = self._moment(second)
        if real:
            unit = next(iter(self.exercise.seats))
            self.take(realworld(self.exercise, leader_of(self.exercise, unit), at, why, unit))
        else:
            self.take(pause(self.exercise, DIRECTOR, at, why))
        self.take(resume(self.exercise, DIRECTOR, STARTEX + timedelta(seconds=until)))
        return self.to(until)

    def fire(self, second: float, inject: str) -> "Play":
        """The director fires an inject."""
        at = self._moment(second)
        self.take(fire(self.exercise, inject, DIRECTOR, at, self._reference))
        return self.to(second)

    def skip(self, second: float, inject: str, why: str = "") -> "Play":
        """The director leaves an inject out."""
        at = self._moment(second)
        self.take(skip(self.exercise, inject, DIRECTOR, at, why))
        return self

    def endex(self, second: float) -> "Play":
        """ENDEX."""
        at = self._moment(second)
        self.take(endex(self.exercise, DIRECTOR, at))
        return self

    def abort(self, second: float, why: str) -> "Play":
        """The director breaks off."""
        at = self._moment(second)
        self.take(abort(self.exercise, DIRECTOR, at, why))
        return self

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The log of what happened since the exercise was ready."""
        return log_of(self.facts, self.exercise)

    def _moment(self, second: float) -> datetime:
        self.to(second)
        return STARTEX + timedelta(seconds=second)

    def _tick(self, at: datetime) -> None:
        self.take(tick(self.exercise, at, self._reference))
        for run in tuple(self.exercise.injects.values()):
            for delivery in run.deliveries.values():
                if delivery.state is DeliveryState.PENDING:
                    self._send(run.id, delivery.unit, at)

    def _send(self, inject: str, unit: str, at: datetime) -> None:
        answered = at + timedelta(seconds=self.travel)
        match self.trouble.get((inject, unit)):
            case "failed":
                why = "Forbidden: bot was kicked from the supergroup chat"
                self.take(failed(self.exercise, inject, unit, at, why))
            case "uncertain":
                self.take(uncertain(self.exercise, inject, unit, answered, "no answer"))
            case _:
                date = at.replace(microsecond=0)
                number = self._references()
                change = sent(self.exercise, inject, unit, answered, message_id=number, message_date=date, attempts=1)
                self.take(change)

    def _reference(self) -> str:
        return f"r{self._references()}"


def made_anew(exercise: Exercise) -> Change:
    """How an exercise of the same script began: nobody is seated yet."""
    return create(
        exercise.number,
        exercise.scenario,
        exercise.name,
        control=exercise.control,
        language=exercise.language,
        timezone=exercise.timezone,
        by=DIRECTOR,
        at=exercise.created_at,
        code_hashes=dict.fromkeys(exercise.scenario.units, ""),
    )


def played(language: str = "id") -> Play:
    """The scenario above, whole: what each unit did is in the lines below.

    35 minutes by the wall; a pause of three minutes and a real event of two are taken out of the exercise's time.
    """
    trouble = {("I-06", "medis"): "failed", ("I-06", "humas"): "uncertain"}
    play = Play(an_exercise(language=language), trouble=trouble).startex()
    play.acknowledge(10.5, "I-01", "posko", "dalmas").acknowledge(30.5, "I-01", "medis")
    play.acknowledge(40.5, "I-01", "humas", exact=False)
    play.acknowledge(395.5, "I-02", "medis")
    play.acknowledge(620.5, "I-03", "posko").acknowledge(625.5, "I-03", "dalmas")
    play.decide(645.5, "I-03", "posko", "lapis")
    play.stand_still(660, 840, "Hujan deras")
    play.acknowledge(850.5, "C-01", "dalmas")
    play.report(870, "C-01", "dalmas", "Lapis ganti selesai")
    play.acknowledge(1400.5, "I-05", "dalmas").progress(1410, "I-05", "dalmas", "underway")
    play.acknowledge(1500.5, "C-02", "posko")
    play.stand_still(1560, 1680, "Anggota pingsan", real=True)
    play.fire(1700, "C-03").acknowledge(1712.5, "C-03", "humas")
    play.skip(1790, "I-07", "Waktu habis")
    return play.endex(2100)


def log_of(facts: Sequence[Fact], exercise: Exercise) -> tuple[LogEntry, ...]:
    """The log that these facts make, its hashes a chain as the store's is."""
    entries = []
    last = ""
    for seq, fact in enumerate(facts, 1):
        last = hashlib.sha256(f"{last}{seq}{fact.at}{fact.kind}{json.dumps(dict(fact.detail))}".encode()).hexdigest()
        entries.append(LogEntry(seq, exercise.clock.elapsed(fact.at).total_seconds(), fact, last))
    return tuple(entries)
