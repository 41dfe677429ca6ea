"""Making the files of the report: in a process of their own, so that the bot goes on sending and hearing meanwhile.

The process is this very program's `export`. It reads the database itself and is told nothing but where that is.
"""

import asyncio
import contextlib
import os
import sys
from typing import Final

import structlog

from bot.exercise.forms import Form
from bot.settings import PREFIX

LONGEST_SECONDS: Final = 300.0
"""Real seconds that a file may take."""
_NICENESS: Final = 10
_LONGEST_COMPLAINT: Final = 500

log = structlog.get_logger(__name__)


class Printer:
    """A :class:`~bot.wire.press.Press` that prints one file after another from the database at ``url``."""

    def __init__(self, url: str, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest = longest_seconds
        self._one_at_a_time = asyncio.Semaphore(1)
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._environment[f"{PREFIX}DATABASE_URL"] = url

    async def __call__(self, exercise: int, form: Form, language: str) -> bytes | None:
        """See :class:`~bot.wire.press.Press`."""
        async with self._one_at_a_time:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "export", str(exercise), "--format", form.value, "--language", language),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=self._environment,
            )
            try:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
                async with asyncio.timeout(self._longest):
                    file, complaint = await process.communicate()
            except TimeoutError:
                log.warning("printing_failed", exercise=exercise, form=form.value, why="took too long")
                return None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0 or not file:
            why = complaint.decode(errors="replace")[-_LONGEST_COMPLAINT:]
            log.warning("printing_failed", exercise=exercise, form=form.value, status=process.returncode, why=why)
            return None
        return file
