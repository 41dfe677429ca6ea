"""What is counted, and when."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from bot.exercise import answers, conduct, delivering, enrolment
from bot.exercise.facts import Change
from bot.exercise.people import Person, Place
from bot.exercise.ticking import tick
from bot.messages import Plain
from bot.service.recording import record
from bot.store import outbox
from bot.store.store import Store
from bot.wire.attempts import Outcome
from bot.wire.failures import Failure, FailureKind
from bot.wire.queue import Pick
from scenarios.model import load
from tests.web.conftest import Front, Line
from tests.web.test_health import StandingBy
from tests.wire.rows import waiting

START = datetime(2026, 4, 26, 3, 0, tzinfo=UTC)
DIRECTOR = Person(1, "Direktur")
SCENARIO = load(
    {
        "format": 1,
        "id": "uji",
        "title": "Uji",
        "units": {"a": {"name": "A"}},
        "injects": [{"id": "I-1", "at": "10s", "to": ["a"], "text": "satu", "acknowledge": "1m"}],
    }
)


async def play(store: Store) -> None:
    """An inject due after 10 s, sent 3 s later, acknowledged 20 s after that."""

    def at(seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)

    async def do(change: Change) -> Change:
        await store.perform(lambda tx: record(tx, change))
        return change

    change = await do(
        conduct.create(
            1,
            SCENARIO,
            "Uji",
            control=Place(-1),
            language="id",
            timezone="Asia/Jakarta",
            by=DIRECTOR,
            at=START,
            code_hashes={"a": "x"},
        )
    )
    change = await do(enrolment.join(change.exercise, "a", Place(-2), "A", DIRECTOR, START))
    change = await do(conduct.startex(change.exercise, DIRECTOR, START))
    change = await do(tick(change.exercise, at(10), lambda: "r1"))
    change = await do(
        delivering.sent(change.exercise, "I-1", "a", at(13), message_id=5, message_date=at(13), attempts=1)
    )
    await do(answers.acknowledge(change.exercise, "I-1", "a", DIRECTOR, at(33)))


async def test_lateness_and_acknowledgement_are_measured_on_the_exercise_clock(front: Front) -> None:
    await play(front.vitals.store)
    assert await front.metric("geladi_inject_lateness_seconds_sum") == 3.0
    assert await front.metric("geladi_acknowledgement_seconds_sum") == 20.0
    assert await front.metric('geladi_facts_total{kind="issued"}') == 1.0


async def test_commits_are_counted_with_what_they_hold(front: Front) -> None:
    before = await front.metric("geladi_writer_batch_size_sum")
    await front.vitals.store.perform(lambda _: None)
    # The scrape itself asks the database once.
    assert await front.metric("geladi_writer_batch_size_sum") == before + 2


async def test_attempts_are_counted_by_how_they_ended(front: Front) -> None:
    row = waiting(1, -1)
    front.metrics.attempted(Pick(row, edit=False), Outcome(row, reached=True))
    front.metrics.attempted(Pick(row, edit=False), Outcome(row, Failure(FailureKind.MAYBE_SENT, "reset")))
    front.metrics.attempted(Pick(row.evolve(attempts=1), edit=False), Outcome(row, Failure(FailureKind.FLOOD, "429")))
    assert await front.metric('geladi_attempts_total{action="send",outcome="done"}') == 1
    assert await front.metric('geladi_attempts_total{action="send",outcome="uncertain"}') == 1
    assert await front.metric('geladi_attempts_total{action="send",outcome="flood"}') == 1
    assert await front.metric("geladi_retries_total") == 1


@pytest.mark.parametrize("action", ["send", "edit"])
@pytest.mark.parametrize("outcome", ["done", "dropped", "uncertain", "flood", "not_sent", "refused", "migrated"])
async def test_every_way_to_end_is_counted_from_nothing(front: Front, action: str, outcome: str) -> None:
    """Who asks by how much a count has grown is told nothing of one that begins with its first."""
    assert await front.metric(f'geladi_attempts_total{{action="{action}",outcome="{outcome}"}}') == 0


async def test_no_figure_stands_where_this_process_has_heard_nothing_or_hears_no_more(front: Front) -> None:
    assert await front.metric("geladi_updates_last_good_seconds") >= 0
    front.vitals.intake = Line()
    assert math.isnan(await front.metric("geladi_updates_last_good_seconds"))
    front.vitals.intake = front.line
    assert await front.metric("geladi_updates_last_good_seconds") >= 0
    front.vitals.intake = None
    assert math.isnan(await front.metric("geladi_updates_last_good_seconds"))


async def test_one_that_another_leads_tells_of_an_answer_only_where_it_hears_all_the_same(front: Front) -> None:
    front.vitals.leadership = StandingBy()
    assert math.isnan(await front.metric("geladi_updates_last_good_seconds"))
    front.line.brought = True
    assert await front.metric("geladi_updates_last_good_seconds") >= 0


async def test_before_the_first_answer_no_time_since_it_is_told(front: Front) -> None:
    front.vitals.intake = None
    assert math.isnan(await front.metric("geladi_updates_last_good_seconds"))


async def test_the_queue_is_shown_with_the_age_of_its_oldest_message(front: Front) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=100)
    await front.vitals.store.perform(lambda tx: outbox.add(tx, Plain(key="test"), Place(-1), long_ago))
    assert 100 <= await front.metric("geladi_outbox_oldest_seconds") < 130


async def test_figures_are_given_also_while_the_database_is_out_of_reach(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.line.trouble = "Bad Gateway"
    monkeypatch.setattr("bot.web.vitals.DATABASE_PATIENCE", 0.05)
    await front.vitals.store.close()
    assert await front.metric("geladi_database_reachable") == 0
    assert await front.metric("geladi_updates_trouble") == 1
