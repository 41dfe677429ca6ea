"""Writing a scenario as a file of any form, and an empty one for a planner to begin with."""

from collections.abc import Mapping, Sequence

from scenarios.csv_form import write_csv
from scenarios.model import Scenario
from scenarios.tables import Table, tables_of, template_tables
from scenarios.yaml_writer import write_yaml

_MARK = "\ufeff"
"""Tells spreadsheet programs that a CSV file is UTF-8."""
_TEMPLATE = """\
format: 1
id: {id}
title: {title}
duration: 1h
languages: [{language}]

units:
  posko:
    name: {unit}

injects:
  - id: I-01
    to: [all]
    text: {text}
    at: 0s
    acknowledge: 2m
"""
_TEMPLATE_WORDS = {
    "id": {"id": "gladi_baru", "title": "Gladi baru", "unit": "Posko", "text": "STARTEX. Tekan TERIMA."},
    "en": {"id": "new_exercise", "title": "New exercise", "unit": "Command post", "text": "STARTEX. Acknowledge."},
}


def write_scenario(
    scenario: Scenario, suffix: str, language: str, remarks: Mapping[int, Sequence[str]] | None = None
) -> bytes:
    """``scenario`` in the form that ``suffix`` (``.yaml``, ``.xlsx`` or ``.csv``) names.

    Headers and explanations of spreadsheets are in ``language``; ``remarks`` become comments at their injects, in
    YAML alone. Read back it is the same scenario.

    Raises:
        ValueError: no form has that suffix, or a text does not fit into a cell.
    """
    if suffix in {".yaml", ".yml"}:
        return commented(write_yaml(scenario), remarks or {}).encode()
    return _write_tables(tables_of(scenario), suffix, language)


def write_template(suffix: str, language: str) -> bytes:
    """A scenario to be filled in, in the form that ``suffix`` names.

    Raises:
        ValueError: no form has that suffix.
    """
    if suffix in {".yaml", ".yml"}:
        return _TEMPLATE.format(**_TEMPLATE_WORDS[language], language=language).encode()
    return _write_tables(template_tables((language,)), suffix, language)


def _write_tables(tables: Sequence[Table], suffix: str, language: str) -> bytes:
    match suffix:
        case ".xlsx":
            # Its library takes a quarter of a second to load, which the start of the bot does not need.
            from scenarios.xlsx_writer import write_xlsx  # noqa: PLC0415 - see above

            return write_xlsx(tables, language)
        case ".csv":
            return (_MARK + write_csv(tables, language)).encode()
        case _:
            raise ValueError(f"a scenario is written as .yaml, .xlsx or .csv, not as '{suffix}'")


def commented(text: str, remarks: Mapping[int, Sequence[str]]) -> str:
    """The YAML ``text`` of a scenario with each remark as a comment at its inject; those of ``-1`` at the top."""
    if not remarks:
        return text
    head, injects, rest = text.partition("\ninjects:\n")
    chunks = rest.split("\n  - id: ")
    # The first inject follows its list's key at once, every other one an empty line.
    chunks = [chunks[0].removeprefix("  - id: "), *chunks[1:]]
    lines = [_comment(remarks.get(-1, ()), ""), head, injects]
    for index, chunk in enumerate(chunks):
        lines.append(("\n" if index else "") + _comment(remarks.get(index, ()), "  ") + "  - id: " + chunk)
    return "".join(lines)


def _comment(remarks: Sequence[str], indent: str) -> str:
    return "".join(f"{indent}# {_printable(remark)}\n" for remark in remarks)


def _printable(remark: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in remark)
