"""The queue under any load: order, pace, and nobody waiting for anybody else's chat."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count, pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.outbox_row import OutboxRow, OutboxState, Priority
from bot.wire.pacing import Pacer, Rate, Rates
from bot.wire.queue import EDIT_EVERY, Pick, SendQueue
from tests.wire.rows import START, after, waiting

RATES = Rates(overall=Rate(5, 1), group=Rate(8, 10), chat=Rate(1, 1))
CHATS = [-1, -2, -3, 4]


class Order(NamedTuple):
    """A message of the test: when it is put in, how its attempts go, and how long each takes."""

    chat_id: int
    priority: Priority
    at: float
    edits: int
    """How often it changes after it was sent."""
    fails: tuple[str, ...]
    took: float
    arrives: float
    """Where between start and end it reaches Telegram, 0 to 1."""
    dawdles: float = 0.0
    """Seconds from its turn until its request is to leave."""


orders = st.lists(
    st.builds(
        Order,
        chat_id=st.sampled_from(CHATS),
        priority=st.sampled_from(list(Priority)),
        at=st.floats(0, 20),
        edits=st.integers(0, 2),
        fails=st.lists(st.sampled_from(["retry", "uncertain", "flood"]), max_size=2).map(tuple),
        took=st.floats(0, 1),
        arrives=st.floats(0, 1),
        dawdles=st.just(0.0) | st.floats(0, 4),
    ),
    min_size=1,
    max_size=40,
)


@dataclass
class Drill:
    """Runs a queue on a made-up clock to its end, and keeps what Telegram saw."""

    orders: list[Order]
    rates: Rates = RATES
    arrivals: list[tuple[datetime, int]] = field(default_factory=list)
    starts: list[tuple[datetime, Pick]] = field(default_factory=list)
    waiting_then: list[list[OutboxRow]] = field(default_factory=list)
    sent: dict[int, datetime] = field(default_factory=dict)
    record: dict[int, OutboxRow] = field(default_factory=dict)
    """The messages that were sent, as a store would have them."""
    agenda: list[tuple[datetime, int, Pick | OutboxRow]] = field(default_factory=list)
    serial: "count[int]" = field(default_factory=count)
    left: set[int] = field(default_factory=set)
    """What is under way."""
    wakes: int = 0

    def run(self) -> "Drill":
        queue = SendQueue(Pacer(self.rates))
        fails = {row_id: list(order.fails) for row_id, order in enumerate(self.orders, 1)}
        present: dict[int, OutboxRow] = {}
        for row_id, order in enumerate(self.orders, 1):
            row = waiting(row_id, order.chat_id, priority=order.priority, at=order.at)
            self._plan(row.created_at, row)
        now = START
        while True:
            while self.agenda and self.agenda[0][0] <= now:
                moment = heappop(self.agenda)[2]
                if isinstance(moment, Pick):
                    self._go_on(queue, moment, now, fails, present)
                elif moment.id in self.record:
                    self._change(queue, moment.id)
                else:
                    present[moment.id] = moment
                    queue.put(moment)
            while self._let_go(queue, now, present):
                pass
            wake = queue.wake_at()
            assert wake is None or wake > now, "the queue would spin"
            moments = [moment for moment in (wake, self.agenda[0][0] if self.agenda else None) if moment]
            if not moments:
                assert len(queue) == 0
                return self
            now = min(moments)
            self.wakes += 1

    def _plan(self, at: datetime, what: Pick | OutboxRow) -> None:
        heappush(self.agenda, (at, next(self.serial), what))

    def _let_go(self, queue: SendQueue, now: datetime, present: dict[int, OutboxRow]) -> bool:
        """Begin with the next message, or have the next one leave; gives whether there was one."""
        if pick := queue.pick(now):
            self.starts.append((now, pick))
            self.waiting_then.append([row for row in present.values() if row.place.chat_id == pick.chat_id])
            dawdles = timedelta(seconds=self.orders[pick.row.id - 1].dawdles)
            if dawdles:
                self._plan(now + dawdles, pick)
            elif queue.leave(pick, now):
                self._leave(pick, now)
        elif pick := queue.depart(now):
            self._leave(pick, now)
        return pick is not None

    def _leave(self, pick: Pick, now: datetime) -> None:
        order = self.orders[pick.row.id - 1]
        self.left.add(pick.row.id)
        self.arrivals.append((now + timedelta(seconds=order.took * order.arrives), pick.chat_id))
        self._plan(now + timedelta(seconds=order.took), pick)

    def _go_on(
        self,
        queue: SendQueue,
        pick: Pick,
        now: datetime,
        fails: dict[int, list[str]],
        present: dict[int, OutboxRow],
    ) -> None:
        """The request leaves, or has ended."""
        if pick.row.id not in self.left:
            if queue.leave(pick, now):
                self._leave(pick, now)
            return
        self.left.remove(pick.row.id)
        row = pick.row
        if pick.edit:
            self.record[row.id] = self.record[row.id].evolve(shown=row.wanted, edited_at=now)
            queue.finished(pick, now, self.record[row.id])
            return
        if fails[row.id]:
            fault = fails[row.id].pop()
            if fault == "flood":
                queue.flooded(pick.chat_id, now, 7)
            state = OutboxState.UNCERTAIN if fault == "uncertain" else OutboxState.RETRY
            queue.finished(pick, now, row.evolve(state=state, not_before=now + timedelta(seconds=2)))
            return
        self.sent[row.id] = now
        del present[row.id]
        self.record[row.id] = row.evolve(state=OutboxState.SENT, message_id=row.id)
        queue.finished(pick, now, self.record[row.id])
        for change in range(self.orders[row.id - 1].edits):
            self._plan(now + timedelta(seconds=change * 3), row)

    def _change(self, queue: SendQueue, row_id: int) -> None:
        row = self.record[row_id]
        self.record[row_id] = row.evolve(wanted=row.wanted + 1)
        queue.put(self.record[row_id])


@settings(max_examples=150, deadline=None)
@given(orders=orders)
def test_everything_is_sent_in_order_within_the_rates(orders: list[Order]) -> None:
    drill = Drill(orders).run()
    assert set(drill.sent) == set(range(1, len(orders) + 1))
    for (_, pick), present in zip(drill.starts, drill.waiting_then, strict=True):
        head = min(present, key=lambda row: (row.priority is not Priority.URGENT, row.id), default=None)
        assert pick.edit is (head is None)
        assert head is None or pick.row.id == head.id
    assert_within([at for at, _ in drill.arrivals], RATES.overall)
    for chat_id in CHATS:
        own = [at for at, chat in drill.arrivals if chat == chat_id]
        assert_within(own, RATES.chat)
        if chat_id < 0:
            assert_within(own, RATES.group)


@settings(max_examples=100, deadline=None)
@given(orders=orders)
def test_no_message_is_edited_more_often_than_every_five_seconds(orders: list[Order]) -> None:
    drill = Drill(orders).run()
    edits: dict[int, list[datetime]] = defaultdict(list)
    for at, pick in drill.starts:
        if pick.edit:
            edits[pick.row.id].append(at)
    for moments in edits.values():
        assert all(later - earlier >= EDIT_EVERY for earlier, later in pairwise(moments))


@settings(max_examples=100, deadline=None)
@given(orders=orders)
def test_trouble_in_one_chat_never_delays_another(orders: list[Order]) -> None:
    """With room overall, every other chat's messages go at the same moments as if that chat had no trouble."""
    roomy = Rates(overall=Rate(10_000, 1), group=RATES.group, chat=RATES.chat)
    fine = [order._replace(fails=() if order.chat_id != -1 else ("flood", "retry")) for order in orders]
    without = [order._replace(fails=()) for order in orders]
    others = {row_id for row_id, order in enumerate(orders, 1) if order.chat_id != -1}
    troubled, calm = Drill(fine, roomy).run().sent, Drill(without, roomy).run().sent
    assert {i: troubled[i] for i in others} == {i: calm[i] for i in others}


def test_a_flood_of_urgent_chats_ends_and_the_rest_follows() -> None:
    """Nobody starves: 200 chats with one message each take no longer than the overall rate makes them."""
    orders = [Order(-row, Priority(row % len(Priority)), 0.0, 0, (), 0.0, 0.0) for row in range(1, 201)]
    drill = Drill(orders, Rates(overall=Rate(20, 1))).run()
    assert max(drill.sent.values()) == after(9)
    assert drill.wakes <= 20


def assert_within(moments: list[datetime], rate: Rate) -> None:
    moments = sorted(moments)
    for earlier, later in zip(moments, moments[rate.count :], strict=False):
        assert (later - earlier).total_seconds() >= rate.seconds
