"""Reading a scenario from a file of any form: YAML, XLSX or CSV, in our own layout or somebody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from scenarios.csv_form import WHOLE, read_csv
from scenarios.examination import examine
from scenarios.foreign import read_foreign
from scenarios.grids import MOST_TOLD, Grid, Told, UnreadableFileError
from scenarios.media_files import media_findings
from scenarios.model import Scenario
from scenarios.planning import ANSWERS_PER_MINUTE, plan_findings
from scenarios.problems import Finding, Severity, not_listed
from scenarios.table_reader import Document, is_ours, read_tables
from scenarios.wording import Wording
from scenarios.xlsx_reader import read_xlsx
from scenarios.yaml_reader import UPLOADED, read_yaml

FORMS = (".yaml", ".yml", ".xlsx", ".csv")
"""How the names of scenario files end."""


@dataclass(frozen=True)
class Check:
    """What to look for beyond the format: the folder of the media, where known, and how much is too much."""

    folder: Path | None = None
    answers_per_minute: int = ANSWERS_PER_MINUTE

    def inspect(self, scenario: Scenario) -> Sequence[Finding]:
        """Everything found in a scenario that is valid."""
        found = list(plan_findings(scenario, self.answers_per_minute))
        if self.folder is not None:
            found += media_findings(scenario, self.folder)
        return found


@dataclass(frozen=True)
class Checked:
    """A scenario, or ``None`` when any problem is an error, and the problems in the order of the file."""

    scenario: Scenario | None
    problems: tuple[Told, ...]
    remarks: Mapping[int, tuple[Wording, ...]] = field(default_factory=dict)
    """What a foreign sheet says that has no place here, by the index of the inject; ``-1``: of the whole."""

    @property
    def has_errors(self) -> bool:
        """Whether the scenario cannot be used."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_scenario(data: bytes, name: str, check: Check | None = None) -> Checked:
    """The scenario in ``data``, whose form the end of the file's ``name`` tells, and everything wrong with it."""
    check = check or Check()
    suffix = PurePath(name).suffix.casefold()
    if suffix in {".yaml", ".yml"}:
        reading = read_yaml(data, UPLOADED, check.inspect)
        return Checked(reading.scenario, tuple(map(Told.of, reading.problems)))
    if suffix not in FORMS:
        return _refused("1:1", Wording("a scenario is a file that ends in {forms}", forms=", ".join(FORMS)))
    try:
        grids = read_csv(data) if suffix == ".csv" else read_xlsx(data)
        return _read_grids(grids, PurePath(name).stem, check)
    except UnreadableFileError as error:
        return _refused(f"{WHOLE if suffix == '.csv' else 'workbook'}!A1", error.why)


def _refused(place: str, message: Wording) -> Checked:
    return Checked(None, (Told(place, Severity.ERROR, message),))


def _read_grids(grids: Sequence[Grid], stem: str, check: Check) -> Checked:
    if is_ours(grids):
        return _examined(read_tables(grids), {}, check)
    foreign = read_foreign(grids, stem)
    return _examined(foreign.document, foreign.remarks, check)


def _examined(document: Document, remarks: Mapping[int, tuple[Wording, ...]], check: Check) -> Checked:
    found = list(document.problems)
    failed = any(problem.severity is Severity.ERROR for problem in found)
    examination = examine(document.data, check.inspect)
    if document.data.get("injects") or not failed:
        found += [Told(document.place(f.path), f.severity, f.message) for f in examination.findings]
    if len(found) > MOST_TOLD:
        more = not_listed(len(found) - MOST_TOLD)
        found = [*found[:MOST_TOLD], Told(found[MOST_TOLD].place, Severity.ERROR, more)]
    unique = tuple(dict.fromkeys(found))
    return Checked(None if failed else examination.scenario, unique, remarks)
