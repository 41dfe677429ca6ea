"""Updates brought by Telegram: refused without the secret, on record before they are confirmed."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from multidict import CIMultiDict

from bot.web.webhook import LARGEST_BODY, SECRET_HEADER
from bot.wire.inbox import Inbox
from tests.web.conftest import PATH, SECRET, Front

UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": -5, "type": "group"}}}


async def post(front: Front, body: object, headers: object = None) -> int:
    """Bring something to the door, with the secret unless said otherwise; gives the status of the answer."""
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    shown: Any = {SECRET_HEADER: SECRET} if headers is None else headers
    async with front.http.post(front.url + PATH, data=BytesIO(data), headers=shown) as response:
        return response.status


def recorded(tmp_path: Path) -> list[tuple[int, int, int]]:
    """Number, lane and backlog of what is on record, as another process would find it."""
    with closing(sqlite3.connect(tmp_path / "geladi.db")) as connection:
        return list(connection.execute("select update_id, lane, backlog from inbox order by update_id"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: SECRET[:-1]},
        {SECRET_HEADER: SECRET + "x"},
        {SECRET_HEADER: SECRET.lower()},
        {SECRET_HEADER: "ключ"},
        CIMultiDict([(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)]),
        CIMultiDict([(SECRET_HEADER, "wrong"), (SECRET_HEADER, SECRET)]),
    ],
)
async def test_without_the_one_right_secret_nothing_enters(front: Front, tmp_path: Path, headers: object) -> None:
    assert await post(front, UPDATE, headers) == 403
    assert recorded(tmp_path) == []


async def test_an_update_is_on_record_when_it_is_confirmed(front: Front, tmp_path: Path) -> None:
    front.vitals.catching_up = lambda: False
    assert await post(front, UPDATE) == 200
    assert recorded(tmp_path) == [(7, -5, 0)]


async def test_an_update_brought_twice_is_confirmed_twice_and_kept_once(front: Front, tmp_path: Path) -> None:
    assert await post(front, UPDATE) == 200
    assert await post(front, UPDATE) == 200
    assert len(recorded(tmp_path)) == 1


async def test_what_may_have_waited_is_marked_as_backlog(front: Front, tmp_path: Path) -> None:
    assert await post(front, UPDATE) == 200
    assert recorded(tmp_path) == [(7, -5, 1)]


async def test_an_update_of_a_kind_unknown_is_kept(front: Front, tmp_path: Path) -> None:
    assert await post(front, {"update_id": 8, "hologram": {"depth": 3}}) == 200
    assert [row[0] for row in recorded(tmp_path)] == [8]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"update_id": "x"}', b'{"message": {}}', b"\xff\xfe"])
async def test_what_is_no_update_is_refused(front: Front, tmp_path: Path, body: bytes) -> None:
    assert await post(front, body) == 400
    assert recorded(tmp_path) == []


async def test_json_nested_without_end_is_refused(front: Front) -> None:
    assert await post(front, b'{"update_id":1,"x":' + b"[" * 400_000) == 400


async def test_a_body_beyond_a_mebibyte_is_refused(front: Front, tmp_path: Path) -> None:
    assert await post(front, {"update_id": 9, "x": "a" * LARGEST_BODY}) == 413
    assert recorded(tmp_path) == []


async def test_an_update_that_cannot_be_stored_is_not_confirmed(front: Front, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "geladi.db")) as connection:
        connection.execute("drop table inbox")
    assert await post(front, UPDATE) == 503


async def test_new_updates_are_handed_on_and_old_ones_are_not(front: Front) -> None:
    async def handle(*_: object) -> None:
        """Never reached: this inbox does not run."""

    front.vitals.inbox = Inbox(None, front.vitals.store, front.vitals.clock, handle)  # type: ignore[arg-type]  # it does not run, so it speaks to nobody
    await post(front, UPDATE)
    await post(front, UPDATE)
    await post(front, {"update_id": 8})
    assert len(front.vitals.inbox) == 2
    assert await front.metric("geladi_inbox_length") == 2
