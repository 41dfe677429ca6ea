"""The tutorial as a planner follows it: what to type into which sheet, and what to type into the terminal.

`python -m tests.docs.tutorial` fills in the workbooks in docs/example as the pages say.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import app
from bot.texts.catalogue import LANGUAGES

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "example"
FILES = {"id": "banjir.xlsx", "en": "flood.xlsx"}
"""The workbook of the tutorial, by its language."""
MISTAKE, MENDED = "trcc", "trc"
_TABLE = re.compile(r"^(?:Sheet|Lembar) `(\w+)`(?:.+\n)+\n((?:\|.*\n)+)", re.MULTILINE)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command, and what the page says that it answers."""

    command: str
    answer: str


def page(language: str) -> str:
    """The tutorial's text."""
    return (DOCS / f"tutorial.{language}.md").read_text(encoding="utf-8")


def steps(language: str) -> list[Step]:
    """The commands of the page, in order."""
    blocks = (block.removeprefix("$ ").partition("\n") for block in _CONSOLE.findall(page(language)))
    return [Step(command, answer) for command, _, answer in blocks]


def sheets(language: str) -> dict[str, list[list[str]]]:
    """What the page has one fill in: rows of cells by sheet, the first of them the header."""
    return {
        name: [_cells(line) for line in table.splitlines() if not line.startswith("|-")]
        for name, table in _TABLE.findall(page(language))
    }


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def fill_in(file: Path, language: str) -> None:
    """Put what the page says where it says, by the headers that the template has; with the page's mistake."""
    workbook = load_workbook(file)
    for name, (header, *rows) in sheets(language).items():
        sheet = workbook[name]
        columns = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        for number, row in enumerate(rows, 2):
            for title, words in zip(header, row, strict=True):
                if words:
                    sheet.cell(number, columns[title]).value = words
    workbook.save(file)


def mend(file: Path) -> str:
    """Put the mistake right; gives the cell in which it stood."""
    workbook = load_workbook(file)
    [cell] = [cell for row in workbook["injects"] for cell in row if cell.value == MISTAKE]
    cell.value = MENDED
    workbook.save(file)
    return str(cell.coordinate)


def filled_in(folder: Path, language: str) -> Path:
    """The finished workbook, made in ``folder`` from the template that the page's own first command gives."""
    file = folder / FILES[language]
    CliRunner().invoke(app, ["convert", "--template", "--language", language, str(file)])
    fill_in(file, language)
    mend(file)
    return file


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for each in LANGUAGES:
            made = filled_in(Path(folder), each)
            (EXAMPLES / made.name).write_bytes(made.read_bytes())
