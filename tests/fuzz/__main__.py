"""One fuzzer, for some seconds: `python -m tests.fuzz READER SECONDS`; `make fuzz` runs them all, one by one.

What it learns it keeps in `build/fuzz/READER`, and goes on from there the next time. A file that breaks a promise is
left in `build/fuzz`: it joins the corpus beside this file, where the test suite reads it for ever.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["scenarios", "openpyxl"]):
    from tests.fuzz.promises import READERS

_CORPUS = Path(__file__).with_name("corpus")
_LEARNT = Path("build") / "fuzz"


def main() -> None:
    """Feed one reader until the time is up, or until it breaks a promise."""
    program, reader, seconds = sys.argv
    learnt = _LEARNT / reader
    learnt.mkdir(parents=True, exist_ok=True)
    bounds = ["-max_len=16384", "-timeout=20", "-rss_limit_mb=1024", f"-max_total_time={seconds}"]
    folders = [f"-artifact_prefix={_LEARNT / reader}-", str(learnt), str(_CORPUS / reader)]
    atheris.Setup([program, *bounds, *folders], READERS[reader])
    atheris.Fuzz()


main()
