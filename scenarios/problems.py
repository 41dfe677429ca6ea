"""What is wrong with a scenario, and where: for people at a command line or in a control room."""

from dataclasses import dataclass
from enum import StrEnum

from scenarios.wording import Wording

Path = tuple[str | int, ...]
"""Where a value stands in a scenario: keys and indexes from the root, e.g. ``("injects", 3, "to", 0)``."""

_LONGEST_QUOTE = 60


class Severity(StrEnum):
    """Whether a scenario can still be used; errors sort before warnings."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something wrong, placed by its path, not yet by a line or a cell."""

    path: Path
    message: Wording
    severity: Severity = Severity.ERROR
    of_key: bool = False
    """Whether it is about the key that ends ``path``, not about the value under it."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a text file; ordered by place. Lines and columns (in characters) count from 1."""

    line: int
    column: int
    severity: Severity
    message: Wording

    def __str__(self) -> str:
        """``LINE:COLUMN: severity: message``."""
        return f"{self.line}:{self.column}: {self.severity}: {self.message}"

    def located(self, file_name: str) -> str:
        """``FILE:LINE:COLUMN: severity: message``, on one line."""
        return f"{file_name}:{self}"


def not_listed(number: int) -> Wording:
    """What stands for ``number`` problems beyond those that are told."""
    return Wording("{number:,} more problems are not listed", number=number)


def quoted(words: object) -> str:
    """``words`` in quotes for a message: on one line, and cut when long."""
    text = str(words)
    return repr(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "...")
