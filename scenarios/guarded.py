"""Reading one stranger's file in a process that can do nothing else: `python -m scenarios.guarded`.

The process makes ready, gives up all it does not need (memory beyond a bound, time, new files and sockets, children),
says so, and only then reads what it is sent. Whoever started it and how the two speak: :mod:`bot.guarded_reading`.

On standard input: one line of JSON (``name``), then the file. On standard output: the line ``ready``, then an answer
as JSON: ``scenario`` (as :func:`scenarios.model.dump` makes it, or null) and ``problems`` (place, severity, wording).
"""

import json
import os
import resource
import sys
from pathlib import Path

from scenarios.grids import Told
from scenarios.model import Scenario, dump
from scenarios.problems import Severity
from scenarios.reading import Checked, read_scenario
from scenarios.wording import Wording
from scenarios.writing import write_template

READY = b"ready\n"
MEMORY = 176 * 1024 * 1024
"""Bytes that may be had on top of the interpreter's own, which makes less than 256 MiB together."""
SECONDS = 3
"""Of the processor, for one file."""
TOO_MUCH_MEMORY = 3
"""The exit status when the memory does not suffice."""
_HEADER = 64 * 1024


def main() -> int:
    """Read one file; gives the exit status."""
    _warm_up()
    _give_up()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    header = json.loads(sys.stdin.buffer.readline(_HEADER))
    data = sys.stdin.buffer.read()
    try:
        answer = _told(read_scenario(data, header["name"]))
    except MemoryError:
        return TOO_MUCH_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def answer_of(data: bytes) -> tuple[object, tuple[Told, ...]]:
    """The scenario's data, not yet looked at, and the problems in an answer.

    Raises:
        ValueError: it is no such answer.
    """
    try:
        told = json.loads(data)
        problems = tuple(Told(str(place), Severity(how), Wording.load(why)) for place, how, why in told["problems"])
        return told["scenario"], problems
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError("not an answer of a guarded reader") from error


def _told(checked: Checked) -> bytes:
    scenario: Scenario | None = checked.scenario
    told = {
        "scenario": None if scenario is None else dump(scenario),
        "problems": [(told.place, told.severity, told.message.dump()) for told in checked.problems],
    }
    return json.dumps(told).encode()


def _warm_up() -> None:
    """Have everything loaded that reading needs: later, no file can be opened."""
    for suffix in (".yaml", ".xlsx", ".csv"):
        read_scenario(write_template(suffix, "en"), f"x{suffix}")
    read_scenario(b"Seq,Time,To,Description\n1,J+5,A,B\n", "x.csv")
    read_scenario(b"no workbook", "x.xlsx")
    read_scenario(b"[", "x.yaml")


def _give_up() -> None:
    # Reads a file, so it comes before the door is shut.
    own = _address_space()
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    # What counts is the number of the next file or socket: there is none above standard error's.
    _limit(resource.RLIMIT_NOFILE, 3)
    if own is not None:
        _limit(resource.RLIMIT_AS, own + MEMORY)
    if hasattr(resource, "RLIMIT_NPROC"):
        _limit(resource.RLIMIT_NPROC, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _address_space() -> int | None:
    """Bytes of address space in use, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
