"""What moves an exercise on without waiting for the next look."""

import asyncio

from bot.conductor import SAFETY_SECONDS, Conductor
from bot.exercise import answers
from bot.exercise.facts import Change
from bot.exercise.model import InjectState
from bot.service.recording import record
from bot.store import exercises
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import STARTEX, Play, a_scenario, an_exercise, leader_of
from tests.wire.clocks import ManualClock

INJECTS = [
    {
        "id": "I-01",
        "at": "0s",
        "to": ["dalmas"],
        "kind": "decision",
        "text": "Isi",
        "decision": {
            "by": "dalmas",
            "within": "9m",
            "options": [{"id": "a", "text": "A", "then": ["C-1"]}, {"id": "b", "text": "B"}],
        },
    },
    {"id": "C-1", "to": ["posko"], "text": "Isi"},
]


class StillClock(ManualClock):
    """Never moves; notes for how long somebody wants to sleep."""

    def __init__(self) -> None:
        super().__init__(STARTEX)
        self.wanted: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.wanted.append(seconds)
        await super().sleep(seconds)


async def test_what_a_decision_brings_about_goes_out_at_once(store: Store) -> None:
    prepared = an_exercise(a_scenario(injects=INJECTS))
    begun = Play(prepared).startex()
    leader, clock = leader_of(prepared, "dalmas"), StillClock()

    def put_in(tx: Transaction) -> None:
        exercises._insert_exercise(tx, prepared)
        exercises._update_seats(tx, prepared, prepared.seats)
        exercises.save(tx, Change(begun.exercise, tuple(begun.facts)))

    def decide(tx: Transaction) -> None:
        run = exercises.get(tx, prepared.number)
        assert run is not None
        record(tx, answers.decide(run, "I-01", "dalmas", "a", leader, STARTEX))

    def is_issued(tx: Transaction) -> bool:
        run = exercises.get(tx, prepared.number)
        return run is not None and run.injects["C-1"].state is InjectState.ISSUED

    await store.perform(put_in)
    conducting = asyncio.create_task(Conductor(store, clock).run())
    async with asyncio.timeout(20):
        # Until it has looked around, and would look again when the clock moves, which it does not.
        while SAFETY_SECONDS not in clock.wanted:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.005)
        await store.perform(decide)
        while not await store.perform(is_issued):  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.005)
    conducting.cancel()
    await asyncio.gather(conducting, return_exceptions=True)
