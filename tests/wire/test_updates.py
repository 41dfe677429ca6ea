"""Updates on their way into the inbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.codec import dump, load
from bot.wire.updates import lane_of, received
from tests.wire.faulty import message
from tests.wire.rows import START

INTEGERS = st.integers(-(2**63), 2**64 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

PRESS = {
    "update_id": 5,
    "callback_query": {
        "id": "77",
        "from": {"id": 50},
        "message": {"message_id": 2, "chat": {"id": -9}},
        "data": "a:b:",
    },
}


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        (message(1, -7), -7),
        (PRESS, -9),
        ({"update_id": 5, "callback_query": {"id": "77", "from": {"id": 50}}}, 50),
        ({"update_id": 5, "my_chat_member": {"chat": {"id": -3}, "from": {"id": 50}}}, -3),
        ({"update_id": 5, "something_new": {"from": {"id": 50}}}, 50),
        ({"update_id": 5, "something_new": {"chat": "odd"}}, 0),
        ({"update_id": 5, "something_new": 7}, 0),
        ({"update_id": 5, "something_new": {"chat": {"id": 10**30}}}, 0),
        ({"update_id": 5}, 0),
    ],
)
def test_an_update_belongs_to_its_chat_else_to_its_person(update: object, lane: int) -> None:
    assert lane_of(update) == lane


def test_an_update_is_kept_as_it_came() -> None:
    (row,) = received([PRESS], START, backlog=True)
    assert (row.update_id, row.lane, row.at, row.backlog) == (5, -9, START, True)
    assert load(row.payload) == PRESS


@pytest.mark.parametrize("odd", [None, [], 7, "text", {}, {"update_id": "5"}, {"update_id": 10**30}, {"message": {}}])
def test_what_has_no_number_is_left_out(odd: object) -> None:
    assert received([odd, message(2, 1)], START, backlog=False)[0].update_id == 2


@given(content=st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_shape_with_a_number_is_kept_whole(content: dict[str, object]) -> None:
    update = {**content, "update_id": 9}
    (row,) = received([update], START, backlog=False)
    assert load(row.payload) == update
    assert -(2**63) <= row.lane < 2**63


@given(number=st.integers(2**64, 2**90) | st.integers(-(2**90), -(2**63) - 1))
def test_a_number_that_no_id_can_be_is_kept_as_far_as_a_float_goes(number: int) -> None:
    (row,) = received([{"update_id": 9, "odd": number}], START, backlog=False)
    assert load(row.payload) == {"update_id": 9, "odd": float(number)}


@pytest.mark.parametrize("text", ['{"name":"\\ud83d"}', '{"n":123456789012345678901234567890}'])
def test_odd_json_goes_in_and_out(text: str) -> None:
    value = load(text)
    assert load(dump(value)) == value
    dump(value).encode()
