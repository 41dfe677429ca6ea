"""Names are kept for as many days as is set, by the same erasure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.clock import WallClock
from bot.exercise import conduct
from bot.keeper import EVERY, SOON, Keeper
from bot.settings import BadSettingError, load_settings
from bot.store import exercises
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR, STARTEX, an_exercise
from tests.erasing.stage import EVERYBODY, WRITTEN, everything, rows_of, traces
from tests.erasing.test_erasing import verdict

ENDED = STARTEX + timedelta(seconds=2100)


@dataclass
class HandClock(WallClock):
    """A clock that a test sets; it notes how long somebody would sleep, and ends their sleep for good."""

    moment: datetime
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        if len(self.slept) > 2:
            raise _EnoughError


class _EnoughError(Exception):
    """The test has seen what it wanted."""


async def test_an_exercise_names_people_for_as_long_as_is_set_and_no_longer(store: Store, url: str) -> None:
    await store.perform(everything)
    clock = HandClock(ENDED + timedelta(days=30))
    keeper = Keeper(store, clock, timedelta(days=30))
    assert await keeper.look()
    assert traces(await rows_of(url), EVERYBODY) != []
    clock.moment += timedelta(seconds=1)
    assert await keeper.look()
    assert traces(await rows_of(url), EVERYBODY, WRITTEN) == []
    whole, lines = await verdict(store)
    assert whole, lines
    assert any("everybody was erased (retention" in line for line in lines)
    entries = len((await rows_of(url))["log"])
    await keeper.look()
    assert len((await rows_of(url))["log"]) == entries


async def test_it_looks_at_the_start_and_once_a_day_and_waits_for_an_exercise_to_end(store: Store, url: str) -> None:
    def another(tx: Transaction) -> None:
        ready = an_exercise(number=8)
        change = conduct.create(
            8, ready.scenario, "Lain", control=ready.control, language="id", timezone="Asia/Jakarta", by=DIRECTOR,
            at=STARTEX, code_hashes={unit: unit.ljust(64, "8") for unit in ready.scenario.units},
        )  # fmt: skip
        exercises.save(tx, change.then(conduct.startex(change.exercise, DIRECTOR, STARTEX)))

    await store.perform(everything)
    await store.perform(another)
    clock = HandClock(ENDED + timedelta(days=400))
    with pytest.raises(_EnoughError):
        await Keeper(store, clock, timedelta(days=30)).run()
    assert clock.slept == [SOON.total_seconds()] * 3
    assert traces(await rows_of(url), EVERYBODY) != []

    def end(tx: Transaction) -> None:
        running = exercises.get(tx, 8)
        assert running is not None
        exercises.save(tx, conduct.endex(running, DIRECTOR, clock.moment))

    await store.perform(end)
    clock.slept.clear()
    with pytest.raises(_EnoughError):
        await Keeper(store, clock, timedelta(days=30)).run()
    assert clock.slept == [EVERY.total_seconds()] * 3
    # The other, which has just ended, keeps its names; its director shares one with somebody here.
    assert traces(await rows_of(url), EVERYBODY[1:], WRITTEN) == []


def test_without_the_setting_names_are_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GELADI_KEEP_DAYS", raising=False)
    assert load_settings(_env_file=None).keep_days is None
    monkeypatch.setenv("GELADI_KEEP_DAYS", "")
    assert load_settings(_env_file=None).keep_days is None
    monkeypatch.setenv("GELADI_KEEP_DAYS", "365")
    assert load_settings(_env_file=None).keep_days == timedelta(days=365)


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999"])
def test_a_number_of_days_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GELADI_KEEP_DAYS", value)
    with pytest.raises(BadSettingError, match="GELADI_KEEP_DAYS: write a number of days"):
        load_settings(_env_file=None)
