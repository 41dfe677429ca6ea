"""The replay in the terminal: what it is, both clocks, the log's last lines, and how each unit stands."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bot.rehearsal.replay.replay import Replay
from bot.rehearsal.screen import Screen
from bot.texts.catalogue import say
from bot.texts.times import clock_time, exercise_time

_LINES = 12


class ReplayScreen(Screen):
    """Shows a replay while it is played; where there is no terminal, each line of the log as it is told."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        super().__init__(replay.scene.drill, live=True)
        if self._live is None:
            self._console.print(self._what(), soft_wrap=True)
            replay.on_line = self._print

    def _print(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)

    def _render(self) -> RenderableType:
        return Group(self._what(), self._clocks(), self._log(), self._units(), Text(self._marking(), style="bold"))

    def _marking(self) -> str:
        return say(self._replay.exercise.language, "marking")

    def _what(self) -> RenderableType:
        lines = [Text(self._marking(), style="bold"), Text(self._replay.title, style="bold reverse")]
        if self._replay.warning:
            lines.append(Text(self._replay.warning, style="bold red"))
        return Group(*lines)

    def _clocks(self) -> RenderableType:
        exercise, now = self._replay.exercise, self._replay.clock.now()
        elapsed, planned = exercise.clock.elapsed(now), self._drill.planned()
        passed = min(elapsed, planned)
        bar = ProgressBar(total=planned.total_seconds(), completed=passed.total_seconds(), width=40)
        line = Table.grid(padding=(0, 2))
        times = (exercise_time(elapsed, exercise.language), clock_time(now, exercise.timezone, exercise.language))
        line.add_row(*(Text(words, style="bold") for words in times), bar)
        return line

    def _log(self) -> RenderableType:
        lines = list(self._replay.lines)[-_LINES:]
        title = say(self._replay.exercise.language, "replay.log")
        return Panel(Text("\n".join(lines), no_wrap=True, overflow="ellipsis"), title=title, title_align="left")
