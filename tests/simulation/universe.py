"""Virtual time, and everything that happens in it, in one order that the seed alone decides.

There is one clock for all. Each process of the bot has an event loop of its own on it, run one callback at a time,
so a process can be killed between any two of them, as by SIGKILL: not one line of its code runs afterwards. A
frozen process is just not run for a while, as by SIGSTOP. Nothing waits for real time, a thread or a socket.
"""

import asyncio
import contextvars
import heapq
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, Protocol

EPOCH: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""When every run begins."""
_SECOND: Final = 1_000_000
_NEVER: Final = 2**62
_TURNS_AT_ONE_MOMENT: Final = 200_000
"""Callbacks without time passing after which something is taken to run in circles."""


class StuckError(Exception):
    """Work goes on and on and time does not pass."""


class Actor(Protocol):
    """Something that has work to do at moments."""

    def next_at(self) -> int:
        """The moment of its next work, in microseconds."""
        ...

    def turn(self) -> None:
        """Do the one thing that is next."""
        ...


class Universe:
    """The clock, and who acts on it. Moments are whole microseconds since :data:`EPOCH`."""

    def __init__(self) -> None:
        self.moment = 0
        self._actors: list[Actor] = []
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return self.moment / _SECOND

    def now(self) -> datetime:
        """The present moment."""
        return EPOCH + timedelta(microseconds=self.moment)

    @property
    def julian_day(self) -> float:
        """The present moment as SQLite counts it."""
        return self.now().timestamp() / 86_400 + 2_440_587.5

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Have ``act`` called when so many seconds have passed."""
        heapq.heappush(self._events, (self.moment + microseconds(seconds), next(self._order), act))

    def admit(self, actor: Actor) -> None:
        """Let somebody act from now on."""
        self._actors.append(actor)

    def dismiss(self, actor: Actor) -> None:
        """Let somebody act no more."""
        self._actors.remove(actor)

    def run(self, until: float, finished: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until that second, or until ``finished``, which is asked after every event of the world.

        Raises:
            StuckError: something runs in circles.
        """
        end = microseconds(until)
        turns = 0
        while True:
            actor = min(self._actors, key=lambda one: one.next_at(), default=None)
            at = actor.next_at() if actor else _NEVER
            event_at = self._events[0][0] if self._events else _NEVER
            coming = min(at, event_at)
            if coming > end:
                self.moment = max(self.moment, end)
                return
            turns = turns + 1 if coming <= self.moment else 0
            if turns > _TURNS_AT_ONE_MOMENT:
                raise StuckError(f"nothing but work at second {self.seconds:.6f}")
            self.moment = max(self.moment, coming)
            if event_at <= at or actor is None:
                heapq.heappop(self._events)[2]()
                if finished():
                    return
            else:
                actor.turn()


def microseconds(seconds: float) -> int:
    """Seconds as whole microseconds, never fewer."""
    return max(0, -int(-seconds * _SECOND // 1))


class VirtualLoop(asyncio.AbstractEventLoop):
    """An asyncio event loop on the universe's clock, without threads and without a network."""

    def __init__(self, universe: Universe, on_turn: Callable[[], None], on_failure: Callable[[str], None]) -> None:
        self.universe = universe
        self._on_turn = on_turn
        self._on_failure = on_failure
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._order = count()
        self.frozen_until = 0
        self.tasks: dict[asyncio.Task[Any], None] = {}
        """Those that have not ended, oldest first: a set would have no order that holds from run to run."""

    def next_at(self) -> int:
        """The moment of its next callback."""
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        if self._ready:
            at = self.universe.moment
        elif self._timers:
            at = self._timers[0][0]
        else:
            return _NEVER
        return max(at, self.frozen_until)

    def turn(self) -> None:
        """Run one callback."""
        if not self._ready:
            # As asyncio does: what has come due lines up behind what is ready.
            while self._timers and self._timers[0][0] <= self.universe.moment:
                self._ready.append(heapq.heappop(self._timers)[2])
        while self._ready:
            handle = self._ready.popleft()
            if handle.cancelled():
                continue
            self._run(handle)
            self._on_turn()
            return

    def drain(self) -> None:
        """Run what is ready, without time passing, and stop when nothing is."""
        for _ in range(_TURNS_AT_ONE_MOMENT):
            if not self._ready:
                return
            handle = self._ready.popleft()
            if not handle.cancelled():
                self._run(handle)

    def _run(self, handle: asyncio.Handle) -> None:
        asyncio._set_running_loop(self)
        try:
            handle._run()
        finally:
            asyncio._set_running_loop(None)

    def time(self) -> float:
        return self.universe.seconds

    def call_soon(  # type: ignore[override]  # what its callback takes is typed by none of those who wait
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # the same

    def call_later(  # type: ignore[override]  # the same
        self, delay: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        return self._at(self.universe.moment + microseconds(delay), callback, args, context)

    def call_at(  # type: ignore[override]  # the same
        self, when: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        return self._at(microseconds(when), callback, args, context)

    def _at(
        self, moment: int, callback: Callable[..., object], args: tuple[Any, ...], context: contextvars.Context | None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(moment / _SECOND, callback, args, self, context)
        heapq.heappush(self._timers, (moment, next(self._order), handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are passed over when their moment comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]  # nobody hands it a bare generator
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: contextvars.Context | None = None
    ) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, name=name, context=context)
        self.tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.pop(task, None)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self._on_failure(f"{context.get('message')}: {context.get('exception')!r}")
