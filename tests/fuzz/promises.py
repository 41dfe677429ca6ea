"""What every reader promises of any bytes at all, for the fuzzers to break."""

import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import PurePath

from openpyxl import Workbook

from scenarios.load import load_chart
from scenarios.model import Scenario
from scenarios.problems import Severity
from scenarios.reading import read_scenario
from scenarios.writing import write_scenario
from scenarios.xlsx_writer import TooLongForCellError

_PLACE = re.compile(r"[1-9]\d*:[1-9]\d*|.+![A-Z]{1,3}[1-9]\d*", re.DOTALL)
_SHEET = "xl/worksheets/sheet1.xml"


def hold(data: bytes, name: str) -> None:
    """Read ``data`` as the file ``name``: the answer is a usable scenario, or why there is none."""
    checked = read_scenario(data, name)
    for problem in checked.problems:
        assert _PLACE.fullmatch(problem.place), problem
        assert problem.message.strip(), problem
        assert "\n" not in problem.located(name), problem
    assert (checked.scenario is None) == any(problem.severity is Severity.ERROR for problem in checked.problems)
    if checked.scenario is not None:
        load_chart(checked.scenario)
        for suffix in {PurePath(name).suffix, ".yaml"}:
            _hold_round_trip(checked.scenario, suffix, checked.remarks)


def _hold_round_trip(scenario: Scenario, suffix: str, remarks: Mapping[int, tuple[str, ...]]) -> None:
    try:
        written = write_scenario(scenario, suffix, "id", remarks)
    except TooLongForCellError:
        return
    again = read_scenario(written, f"again{suffix}")
    assert again.scenario == scenario, again.problems


def in_a_workbook(sheet: bytes) -> bytes:
    """A workbook whose only sheet is the XML ``sheet``: a fuzzer would hardly find its way through the packing."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for part, body in _parts().items():
            target.writestr(part, sheet if part == _SHEET else body)
    return packed.getvalue()


@cache
def _parts() -> Mapping[str, bytes]:
    empty = BytesIO()
    Workbook().save(empty)
    with zipfile.ZipFile(empty) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


READERS: Mapping[str, Callable[[bytes], None]] = {
    "yaml": lambda data: hold(data, "fuzzed.yaml"),
    "csv": lambda data: hold(data, "fuzzed.csv"),
    "xlsx": lambda data: hold(data, "fuzzed.xlsx"),
    "sheet": lambda data: hold(in_a_workbook(data), "fuzzed.xlsx"),
}
"""What is made of a fuzzer's bytes, by the name of their corpus."""
