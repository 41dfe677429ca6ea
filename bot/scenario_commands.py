"""The commands about scenario files: `geladi check`, `geladi convert` and `geladi schema`."""

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.texts.findings import located, worded
from scenarios.load import can_forecast, delivery_table, load_chart
from scenarios.planning import ANSWERS_PER_MINUTE
from scenarios.reading import Check, Checked, read_scenario
from scenarios.schema import schema_text
from scenarios.writing import write_scenario, write_template

CLEAN, PROBLEMS, UNUSABLE = 0, 1, 2
_LARGEST = 16 * 1024 * 1024
"""Bytes; anything larger is not even read."""


class Language(StrEnum):
    """The languages of headers, explanations and messages."""

    ID = "id"
    EN = "en"


def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files: YAML, XLSX or CSV.")],
    *,
    load: Annotated[
        bool, typer.Option("--load", help="Show how many answers each unit owes over time, and what pacing delays.")
    ] = False,
    per_minute: Annotated[
        int, typer.Option(min=1, help="Warn of more answers than this that a unit owes within a minute.")
    ] = ANSWERS_PER_MINUTE,
    language: Annotated[Language, typer.Option(help="Of what is said.")] = Language.EN,
) -> None:
    """Check scenarios. Every problem is on a line of its own.

    FILE:LINE:COLUMN: severity: message; in a spreadsheet FILE:SHEET!CELL: severity: message.
    Exit status: 0 clean (warnings allowed), 1 errors, 2 a file cannot be read at all.
    """
    worst = CLEAN
    for file in files:
        checked = _read(file, Check(file.parent, per_minute))
        if checked is None:
            worst = UNUSABLE
            continue
        for problem in checked.problems:
            typer.echo(located(problem, str(file), language.value))
        if checked.has_errors:
            worst = max(worst, PROBLEMS)
        if load and checked.scenario is not None:
            say = partial(worded, language=language.value)
            typer.echo(load_chart(checked.scenario, say))
            if can_forecast(checked.scenario):
                typer.echo(delivery_table(checked.scenario, say))
    raise typer.Exit(worst)


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A scenario; with --template: the file to make.")],
    target: Annotated[Path | None, typer.Argument(metavar="OUT", help="The file to write.")] = None,
    *,
    template: Annotated[bool, typer.Option("--template", help="Write an empty scenario to fill in.")] = False,
    language: Annotated[
        Language | None, typer.Option(help="Of spreadsheets, else id, and of messages and remarks, else en.")
    ] = None,
) -> None:
    """Convert between YAML, XLSX and CSV; nothing is lost on a round trip.

    Somebody else's spreadsheet is met half-way: what could not be mapped is told row by row, and stands in the YAML
    as a comment at its inject.
    """
    written_in, told_in = language or Language.ID, language or Language.EN
    if template:
        _write(target or source, lambda suffix: write_template(suffix, written_in.value))
        return
    if target is None:
        _fail("convert needs two files, IN and OUT (or --template and one)")
    checked = _read(source, Check())
    if checked is None:
        raise typer.Exit(UNUSABLE)
    for problem in checked.problems:
        typer.echo(located(problem, str(source), told_in.value), err=True)
    scenario = checked.scenario
    if scenario is None:
        raise typer.Exit(PROBLEMS)
    remarks = {
        index: [worded(remark, told_in.value) for remark in of_inject] for index, of_inject in checked.remarks.items()
    }
    _write(target, lambda suffix: write_scenario(scenario, suffix, written_in.value, remarks))


def schema() -> None:
    """Print the JSON Schema of the scenario format, for editors."""
    sys.stdout.write(schema_text())


def _read(file: Path, check: Check) -> Checked | None:
    """The scenario in ``file``; ``None``, and a line on stderr, when it cannot be read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST)
    except OSError as error:
        typer.echo(f"{file}: cannot be read: {error.strerror}", err=True)
        return None
    return read_scenario(data, file.name, check)


def _write(target: Path, make: Callable[[str], bytes]) -> None:
    try:
        target.write_bytes(make(target.suffix.casefold()))
    except OSError as error:
        _fail(f"{target}: cannot be written: {error.strerror}")
    except ValueError as error:
        _fail(f"{target}: {error}")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(UNUSABLE)
