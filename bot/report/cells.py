"""The cells of the report's tables in words, as people read them. Pure."""

from datetime import datetime, timedelta

from bot.report.tables import Cell, Seconds
from bot.report.telling import Telling


def worded(cell: Cell, telling: Telling) -> str:
    """One cell: moments on the exercise's wall clock, times by the exercise clock, bounds marked."""
    match cell:
        case None:
            return ""
        case datetime():
            return telling.clock(cell)
        case timedelta():
            return telling.offset(cell)
        case Seconds():
            return cell.bound + telling.brief(timedelta(seconds=cell.seconds))
        case _:
            return str(cell)


def sortable(cell: Cell) -> float | None:
    """What a cell is sorted by where its words would sort wrongly; ``None`` for words and for nothing."""
    match cell:
        case datetime():
            return cell.timestamp()
        case timedelta():
            return cell.total_seconds()
        case Seconds():
            return cell.seconds
        case int():
            return cell
        case _:
            return None
