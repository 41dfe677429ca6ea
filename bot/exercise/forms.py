"""The forms in which the record of an exercise can be had."""

from enum import StrEnum


class Form(StrEnum):
    """One form of the record."""

    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    DECISIONS_PDF = "decisions-pdf"
    HTML = "html"
    PNG = "png"
    SVG = "svg"
    SPREAD_PNG = "spread-png"
    SPREAD_SVG = "spread-svg"

    @property
    def ending(self) -> str:
        """How the name of such a file ends, without the dot."""
        # The CSV files, one for each table, come in an archive.
        return "zip" if self is Form.CSV else self.value.rpartition("-")[2]
