"""Reading a stranger's scenario file: in a process of its own, with limits, and never in the bot itself.

The process gets no environment (so no token), can open neither file nor connection once it reads, and is killed when
it takes too long. What it answers is data, and is checked as such.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import structlog

import scenarios
from bot.exercise.errors import Refusal
from scenarios import csv_form, guarded, xlsx_reader
from scenarios.examination import examine
from scenarios.guarded import READY, SECONDS, answer_of
from scenarios.problems import Severity
from scenarios.reading import FORMS, Checked
from scenarios.yaml_reader import UPLOADED

LARGEST: Final = {
    ".yaml": UPLOADED.size,
    ".yml": UPLOADED.size,
    ".xlsx": xlsx_reader.LARGEST_FILE,
    ".csv": csv_form.LARGEST_FILE,
}
"""Bytes of a file from a chat, by the end of its name."""
_START_SECONDS: Final = 30.0
"""For the process to come up; a busy machine with a cold disk takes its time."""
_LONGEST_ANSWER: Final = 16 * 1024 * 1024
_PLACES: Final = 2
"""Files that are read at the same time."""

COMMAND: Final = (sys.executable, "-sPB", "-m", guarded.__spec__.name)
ENVIRONMENT: Final = {
    "PYTHONPATH": str(Path(scenarios.__file__).parents[1]),
    "PYTHONUTF8": "1",
    # The spreadsheet library loads a numeric one; its threads would take address space.
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that the process knows of the bot's."""

log = structlog.get_logger(__name__)


class NoScenarioFile(Refusal):
    """The name of the file does not end as those of scenarios do."""

    key = "reply.file_form"


class FileTooLarge(Refusal):
    """The file has more bytes than one from a chat may have; ``most`` is in KiB."""

    key = "reply.file_large"


class FileTooCostly(Refusal):
    """Reading the file takes more time or memory than a scenario needs."""

    key = "reply.file_costly"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a reading may take, in real seconds, once the process is up."""

    seconds: float = SECONDS


class GuardedReader:
    """Reads files from chats, a few at a time."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._places = asyncio.Semaphore(_PLACES)

    async def read(self, data: bytes, name: str) -> Checked:
        """The scenario in ``data``, a file called ``name``, and everything wrong with it.

        Raises:
            NoScenarioFile: it is no file of a form that scenarios have.
            FileTooLarge: it has too many bytes.
            FileTooCostly: it was given up.
        """
        require_size(name, len(data))
        async with self._places:
            answer = await self._ask(data, name)
        try:
            document, problems = await asyncio.to_thread(answer_of, answer)
        except ValueError:
            log.warning("guarded_reading_failed", why="no answer that makes sense", bytes=len(answer))
            raise FileTooCostly from None
        if not isinstance(document, dict) or any(problem.severity is Severity.ERROR for problem in problems):
            return Checked(None, problems)
        return Checked((await asyncio.to_thread(examine, document)).scenario, problems)

    async def _ask(self, data: bytes, name: str) -> bytes:
        async with _process() as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("a process without pipes")
            async with asyncio.timeout(_START_SECONDS):
                ready = await process.stdout.readline()
            if ready != READY:
                raise RuntimeError("the guarded reader did not come up")
            try:
                async with asyncio.timeout(self._bounds.seconds):
                    answer = await _exchange(process.stdin, process.stdout, data, name)
                    status = await process.wait()
            except (TimeoutError, ConnectionError) as error:
                log.warning("guarded_reading_failed", why=type(error).__name__, file_bytes=len(data))
                raise FileTooCostly from None
        if status != 0 or len(answer) > _LONGEST_ANSWER:
            log.warning("guarded_reading_failed", status=status, file_bytes=len(data))
            raise FileTooCostly
        return answer


def require_size(name: str, size: int) -> None:
    """Refuse a file that need not even be fetched.

    Raises:
        NoScenarioFile: it is no file of a form that scenarios have.
        FileTooLarge: it has too many bytes.
    """
    suffix = PurePath(name).suffix.casefold()
    if suffix not in LARGEST:
        raise NoScenarioFile(forms=", ".join(form for form in FORMS if form != ".yml"))
    if size > LARGEST[suffix]:
        raise FileTooLarge(most=LARGEST[suffix] // 1024)


def request(data: bytes, name: str) -> bytes:
    """What the process is sent: a line about the file, and the file."""
    return json.dumps({"name": PurePath(name).name[-200:]}).encode() + b"\n" + data


@contextlib.asynccontextmanager
async def _process() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _exchange(stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader, data: bytes, name: str) -> bytes:
    stdin.write(request(data, name))
    await stdin.drain()
    stdin.close()
    answer = bytearray()
    while len(answer) <= _LONGEST_ANSWER and (piece := await stdout.read(1 << 16)):
        answer += piece
    return bytes(answer)
