"""Several processes on one database, from outside: who may speak, whose writes count, who takes over when."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.leadership import Tenure
from tests.simulation.process import BotProcess
from tests.simulation.universe import EPOCH, Universe

TAKEOVER_SECONDS: Final = 15.0
_LOOK: Final = 0.5
_AS_A_STRANGER: Final = "getMe"
"""What a process may ask of Telegram before it knows whether it leads."""
_OPENING_A_PAGE: Final = 1
"""Rows that a writer changes when it begins, which tells nobody anything and is under no fence."""


class Terms:
    """Watches over the terms of ``processes``, and tells ``broken`` of what must not be."""

    def __init__(self, universe: Universe, processes: Sequence[BotProcess], broken: Callable[[str], None]) -> None:
        self._universe = universe
        self._processes = processes
        self._broken = broken
        self._led_at = 0.0
        self._ready_since: dict[BotProcess, float] = {}
        self._late = False
        self._look()

    def watch(self, process: BotProcess, number: int) -> None:
        """Look at what a process sends and commits."""

        def departs(method: str) -> int:
            owner, epoch, expires_at = process.loop.disk.lease()
            if method != _AS_A_STRANGER and not process.is_called(owner):
                self._broken(f"{method} of process {number} left while another led")
            elif method != _AS_A_STRANGER and expires_at <= self._universe.now().timestamp() * 1_000_000:
                self._broken(f"{method} of process {number} left when its term was over")
            return epoch

        def commits(changes: int) -> None:
            owner, _, _ = process.loop.disk.lease()
            if changes > _OPENING_A_PAGE and not process.is_called(owner):
                self._broken(f"process {number} changed {changes} rows while another led")

        process.loop.line.on_departure = departs
        process.loop.disk.on_commit = commits

    def _renewed_at(self, process: BotProcess) -> float:
        """The second at which the lease was last renewed, as a process finds it in the database."""
        _, _, expires_at = process.loop.disk.lease()
        return expires_at / 1_000_000 - EPOCH.timestamp() - Tenure().lasts

    def _look(self) -> None:
        """Whether somebody leads, or nobody has been there for long enough who could."""
        now = self._universe.seconds
        ready = [process for process in self._processes if process.is_able and process.stands_ready]
        self._ready_since = {process: self._ready_since.get(process, now) for process in ready}
        renewals = [self._renewed_at(process) for process in self._processes if process.alive]
        led_at = max([self._led_at, *renewals])
        if any(process.is_at_work for process in ready):
            led_at = now
        if led_at > self._led_at:
            self._led_at, self._late = led_at, False
        waited = now - max(self._led_at, min(self._ready_since.values(), default=now))
        if waited > TAKEOVER_SECONDS and not self._late:
            self._late = True
            self._broken(f"at second {now:.1f} nobody had led for {waited:.1f} s, and one stood ready")
        self._universe.after(_LOOK, self._look)
