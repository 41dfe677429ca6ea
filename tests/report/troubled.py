"""One recorded run with every kind of trouble, kept in a real database and read back from it."""

from datetime import timedelta
from pathlib import Path

from bot.accounts import account_of
from bot.exercise.answers import told_by_radio
from bot.exercise.delivering import sent
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise
from bot.report.account import Account
from bot.store import exercises
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR, SCENARIO, STARTEX, Play, a_scenario, an_exercise

UNITS = {
    **SCENARIO["units"],
    "dishub": {"name": {"id": "Dinas Perhubungan", "en": "Traffic office"}},
}
_TROUBLE = {("I-06", "medis"): "failed", ("I-06", "humas"): "uncertain", ("C-03", "humas"): "uncertain"}


def ready(language: str) -> Exercise:
    """The builders' exercise with a fifth unit, which never joins."""
    return an_exercise(a_scenario(units=UNITS), language=language, unbound=("dishub",))


def troubled(language: str) -> Play:
    """Forty minutes in which everything goes wrong that can; what each unit did is in the lines below."""
    play = Play(ready(language), trouble=_TROUBLE).startex()
    play.acknowledge(10.5, "I-01", "posko", "dalmas").acknowledge(30.5, "I-01", "medis")
    # Heard after an interruption, in a backlog.
    play.acknowledge(40.5, "I-01", "humas", exact=False)
    play.acknowledge(395.5, "I-02", "medis")
    play.acknowledge(620.5, "I-03", "posko").acknowledge(625.5, "I-03", "dalmas")
    play.decide(645.5, "I-03", "posko", "lapis")
    play.stand_still(660, 840, "Hujan deras")
    play.acknowledge(850.5, "C-01", "dalmas")
    play.report(870, "C-01", "dalmas", "Lapis ganti selesai")
    play.acknowledge(1400.5, "I-05", "dalmas").progress(1410, "I-05", "dalmas", "underway")
    play.to(1500)
    play.take(told_by_radio(play.exercise, "C-02", "posko", DIRECTOR, STARTEX + timedelta(seconds=1500)))
    play.stand_still(1560, 1680, "Anggota pingsan", real=True)
    play.fire(1700, "C-03").to(1705)
    _sent_again(play, "C-03", "humas", 1705)
    play.acknowledge(1712.5, "C-03", "humas")
    play.skip(1790, "I-07", "Waktu habis")
    return play.endex(2100)


async def recorded(folder: Path, language: str) -> Account:
    """That run, as a process reads it that has never seen the exercise before."""
    store = Store(f"sqlite+aiosqlite:///{folder / f'{language}.db'}")
    await store.open()
    await store.perform(lambda tx: _keep(tx, language))
    await store.close()
    other = Store(store.url)
    told = await other.read(lambda tx: account_of(tx, 7))
    await other.close()
    assert told is not None
    return told


def _keep(tx: Transaction, language: str) -> None:
    begun, play = ready(language), troubled(language)
    facts = [Fact(begun.created_at, FactKind.CREATED, DIRECTOR)]
    facts += [
        Fact(begun.created_at, FactKind.JOINED, DIRECTOR, unit=seat.unit) for seat in begun.seats.values() if seat.place
    ]
    exercises.save(tx, Change(begun, tuple(facts)))
    exercises.save(tx, Change(play.exercise, tuple(play.facts)))
    summarised = Fact(STARTEX + timedelta(seconds=2115), FactKind.SUMMARISED, DIRECTOR)
    exercises.save(tx, Change(play.exercise.evolve(summarised=True), (summarised,)))


def _sent_again(play: Play, inject: str, unit: str, second: float) -> None:
    """Telegram takes the repeat of what may have arrived already."""
    at = STARTEX + timedelta(seconds=second)
    play.take(sent(play.exercise, inject, unit, at, message_id=9_000, message_date=at, attempts=2))
