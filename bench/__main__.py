"""`make bench`, or `python -m bench NAME...` for some of it."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import acknowledgements, broadcast, endex, growth, lateness, report, size
from bench.table import Table

MEASUREMENTS: dict[str, Callable[[Path], Table]] = {
    "acknowledgements": acknowledgements.measure,
    "broadcast": broadcast.measure,
    "lateness": lateness.measure,
    "growth": growth.measure,
    "size": size.measure,
    "report": report.measure,
    "endex": endex.measure,
}


def main() -> None:
    """Measure, and print each table as it is done."""
    parser = argparse.ArgumentParser(description="Measurements, each with its rivals in one run.")
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], metavar="NAME", help=", ".join(MEASUREMENTS))
    names = parser.parse_args().names or list(MEASUREMENTS)
    for name in names:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="geladi-bench-") as folder:
            table = MEASUREMENTS[name](Path(folder))
        busy = os.getloadavg()[0]
        print(
            f"{table.markdown()}\n\n({name}: {time.monotonic() - began:.0f} s; load average {busy:.1f})\n", flush=True
        )


if __name__ == "__main__":
    main()
