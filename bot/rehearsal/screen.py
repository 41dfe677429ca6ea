"""The drill in the terminal: clock, progress, what each chat shows last, who has not answered."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bot.rehearsal.drill import Drill
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from bot.texts.times import exercise_time

_FRAMES_PER_SECOND = 4
_LINES_OF_CONTROL = 8


class Screen:
    """Shows a drill while it is played, and what came of it; without ``live`` only the latter."""

    def __init__(self, drill: Drill, *, live: bool) -> None:
        self._drill = drill
        self._console = Console(highlight=False)
        self._live = (
            Live(get_renderable=self._render, console=self._console, refresh_per_second=_FRAMES_PER_SECOND)
            if live and self._console.is_terminal
            else None
        )

    async def __aenter__(self) -> Self:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last picture standing."""
        if self._live is not None:
            self._live.stop()

    def conclude(self, files: Sequence[Path]) -> None:
        """Print the summary as the control room reads it, and where the files are."""
        for message in self._drill.summary():
            self._console.print(Panel(Text(message.words), width=min(self._console.width, 72)))
        for path in files:
            self._console.print(str(path), soft_wrap=True)

    def _render(self) -> RenderableType:
        return Group(self._head(), self._control(), self._units())

    def _head(self) -> RenderableType:
        elapsed = self._drill.elapsed()
        planned = self._drill.planned()
        bar = ProgressBar(total=planned.total_seconds(), completed=min(elapsed, planned).total_seconds(), width=40)
        line = Table.grid(padding=(0, 2))
        line.add_row(
            Text(exercise_time(elapsed, self._drill.language), style="bold"),
            bar,
            Text(self._drill.scenario.title.in_language(self._drill.language)),
        )
        return line

    def _control(self) -> RenderableType:
        latest = _latest(self._drill.control)
        words = "\n".join(latest.words.splitlines()[:_LINES_OF_CONTROL]) if latest else ""
        return Panel(Text(words), title=self._drill.control.title, title_align="left")

    def _units(self) -> RenderableType:
        table = Table(expand=True, box=None, padding=(0, 1))
        table.add_column("", width=2)
        table.add_column("", ratio=2, no_wrap=True)
        table.add_column("", ratio=5, no_wrap=True)
        waiting = say(self._drill.language, "ack.button")
        for chat in self._drill.units.values():
            latest = _latest(chat)
            is_open = any(button.text == waiting for message in _tail(chat) for button in message.buttons)
            mark = Text("●", style="yellow") if is_open else Text("✓", style="green")
            table.add_row(mark, chat.title, _gist(latest) if latest else "")
        return table


def _latest(chat: Chat) -> Message | None:
    return next(reversed(chat.messages.values()), None)


def _tail(chat: Chat) -> list[Message]:
    return list(chat.messages.values())[-6:]


def _gist(message: Message) -> str:
    """A message on one line, without the marking that each of them carries."""
    lines = [line for line in message.words.splitlines() if line and not line.isupper()]
    return " · ".join(lines)[:200]
