"""Alive, ready, and what each check says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.exercise.people import Place
from bot.messages import Plain
from bot.settings import BadSettingError
from bot.store import outbox
from bot.web.server import application, serving
from bot.wire.rendering.view import Deaf
from tests.web.conftest import Front


@dataclass
class StandingBy:
    """The part in leadership of a process that another one leads."""

    leads: bool = False
    trouble: str = ""

    def may_speak(self) -> bool:
        return True


async def ready(front: Front) -> tuple[int, dict[str, Any]]:
    async with front.http.get(f"{front.url}/readyz") as response:
        body = await response.json()
    return response.status, body["checks"]


async def test_a_running_process_is_alive_whatever_else_is_wrong(front: Front) -> None:
    await front.vitals.store.close()
    async with front.http.get(f"{front.url}/healthz") as response:
        assert response.status == 200
        assert (await response.json())["name"] == "geladi"


async def test_a_bot_at_work_is_ready_and_says_why(front: Front) -> None:
    status, checks = await ready(front)
    assert status == 200
    assert set(checks) == {"database", "lease", "updates", "delivery"}
    assert all(check["ok"] for check in checks.values())


async def test_a_bot_that_has_not_reached_telegram_is_not_ready(front: Front) -> None:
    front.vitals.intake = None
    status, checks = await ready(front)
    assert status == 503
    assert checks["updates"] == {"ok": False, "detail": "starting"}


async def test_a_line_that_has_been_dead_for_long_is_told_with_its_cause(front: Front) -> None:
    front.line.last_good_at = datetime.now(UTC) - timedelta(minutes=2)
    front.line.trouble = "Bad Gateway"
    status, checks = await ready(front)
    assert status == 503
    assert "Bad Gateway" in checks["updates"]["detail"]
    assert "120 s ago" in checks["updates"]["detail"]


async def test_a_bot_that_hears_nothing_is_not_ready_however_good_the_last_answer(front: Front) -> None:
    front.line.trouble, front.line.trouble_since = "Conflict: other", datetime.now(UTC) - timedelta(seconds=20)
    status, checks = await ready(front)
    assert status == 503
    assert not checks["updates"]["ok"]
    assert "Conflict: other" in checks["updates"]["detail"]


async def test_trouble_that_has_only_begun_does_not_make_the_bot_not_ready(front: Front) -> None:
    front.line.trouble, front.line.trouble_since = "Bad Gateway", datetime.now(UTC)
    status, checks = await ready(front)
    assert status == 200
    assert checks["updates"]["ok"]


@pytest.mark.parametrize("ever", [True, False])
async def test_a_webhook_that_brings_nothing_is_told_and_does_not_close_the_way_to_it(front: Front, ever: bool) -> None:
    """A proxy sends updates to those who are ready alone: none would ever arrive again."""
    front.line.brought = True
    front.line.trouble, front.line.trouble_since = "Connection refused", datetime.now(UTC) - timedelta(seconds=20)
    if not ever:
        front.line.last_good_at = None
    status, checks = await ready(front)
    assert status == 200
    assert not checks["updates"]["ok"]
    assert "Connection refused" in checks["updates"]["detail"]


async def test_a_message_that_has_waited_for_long_makes_the_bot_not_ready(front: Front) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    await front.vitals.store.perform(lambda tx: outbox.add(tx, Plain(key="test"), Place(-1), long_ago))
    status, checks = await ready(front)
    assert status == 503
    assert not checks["delivery"]["ok"]


async def test_a_message_that_waits_does_not_close_the_way_of_what_people_press(front: Front) -> None:
    front.line.brought = True
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    await front.vitals.store.perform(lambda tx: outbox.add(tx, Plain(key="test"), Place(-1), long_ago))
    status, checks = await ready(front)
    assert status == 200
    assert not checks["delivery"]["ok"]


async def test_one_that_stands_by_needs_its_database_alone(front: Front) -> None:
    front.vitals.leadership = StandingBy()
    front.vitals.intake = None
    status, checks = await ready(front)
    assert status == 200
    assert checks["lease"]["detail"] == "standing by"
    assert "updates" not in checks


async def test_one_that_cannot_ask_for_the_lease_says_so(front: Front) -> None:
    front.vitals.leadership = StandingBy(trouble="connection refused")
    status, checks = await ready(front)
    assert status == 503
    assert checks["lease"] == {"ok": False, "detail": "standing by; connection refused"}


async def test_a_database_out_of_reach_is_told(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that was closed answers no more, as one behind a dead line does."""
    monkeypatch.setattr("bot.web.vitals.DATABASE_PATIENCE", 0.05)
    await front.vitals.store.close()
    status, checks = await ready(front)
    assert status == 503
    assert not checks["database"]["ok"]


async def test_a_port_that_is_taken_is_told_in_one_line(front: Front) -> None:
    address = front.url.removeprefix("http://")
    with pytest.raises(BadSettingError, match=rf"GELADI_LISTEN: cannot listen at {address}: ") as caught:
        async with serving(address, application(front.vitals, front.metrics)):
            pass
    assert "\n" not in str(caught.value)


async def test_a_blip_is_not_worth_telling_people_and_lasting_trouble_is(front: Front) -> None:
    front.line.trouble, front.line.trouble_since = "Bad Gateway", datetime.now(UTC)
    assert front.vitals.deaf() is None
    front.line.trouble_since = datetime.now(UTC) - timedelta(seconds=20)
    assert front.vitals.deaf() == Deaf(front.line.trouble_since, "Bad Gateway")
