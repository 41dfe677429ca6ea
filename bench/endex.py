"""ENDEX of a large exercise: how soon its summary and its files are out, and how long the event loop stands still."""

import asyncio
import json
import sys
from pathlib import Path

from bench.report import INJECTS, UNITS, play
from bench.rig import Run, Work, run
from bench.stage import CONTROL, command
from bench.table import Table

AIM_MS = 50.0
_FILES = "pdf,xlsx"


def measure(folder: Path) -> Table:
    """From the command to the last of the files."""
    file, probe = folder / "large.db", folder / "probe"
    asyncio.run(play(file, ended=False))
    # The command comes to a bot that has the exercise in memory, as it is when somebody gives it.
    work = Work([command("/endex")], ("sendDocument", _FILES.count(",") + 1), rate=0.1, seconds=1_200)
    outcome = run(lambda _url, _file: [sys.executable, "-m", "bench.probed", str(probe)], file, work, FILES=_FILES)
    ended = outcome.handed["-"]
    stood = [json.loads(line) for line in probe.read_text(encoding="ascii").splitlines()]
    felt, own = zip(*((late, longest) for at, late, longest, _ in stood if at >= ended), strict=True)
    pages = [moment - ended for moment, chat, _ in outcome.sent if chat == CONTROL.chat_id]
    documents = [moment - ended for moment in outcome.files]
    rows = [
        ("first page of the summary, s", f"{_first_page(outcome, ended):.1f}"),
        ("last message in the control room, s", f"{max(pages):.1f}"),
        *((f"file {number}, s", f"{after:.1f}") for number, after in enumerate(documents, 1)),
        ("the loop at work in one callback, longest, ms", f"{max(own) * 1000:.0f}"),
        (f"callbacks of more than {AIM_MS:.0f} ms", str(sum(longest * 1000 > AIM_MS for longest in own))),
        ("late by, with all else on the machine, longest, ms", f"{max(felt) * 1000:.0f}"),
        ("memory of the bot at most, MiB", f"{outcome.memory:.0f}"),
    ]
    return Table(f"ENDEX of {UNITS:,} units x {INJECTS} injects, `geladi run`", ("", "measured"), rows)


def _first_page(outcome: Run, ended: float) -> float:
    return next(moment for moment, chat, text in outcome.sent if chat == CONTROL.chat_id and "Summary" in text) - ended
