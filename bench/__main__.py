"""`make bench`."""

from rich.console import Console
from rich.table import Table

from bench import acknowledgements


def main() -> None:
    """Measure, and print the table."""
    results = acknowledgements.main()
    table = Table(title=f"{acknowledgements.PRESSES} presses, answered (Geladi also commits each)")
    for column in ("bot", "presses/s", "Geladi is", "CPU ms/press", "median ms", "p99 ms"):
        table.add_column(column, justify="left" if column == "bot" else "right")
    geladi = results[0]
    for result in results:
        table.add_row(
            result.name,
            f"{result.per_second:.0f}",
            f"{geladi.per_second / result.per_second:.2f} x",
            f"{result.cpu_ms:.2f}",
            f"{result.median_ms:.1f}",
            f"{result.p99_ms:.1f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
