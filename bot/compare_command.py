"""The command `geladi compare`: runs in the database side by side."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.report.comparison import compare, comparison_lines
from bot.store import exercises
from bot.store.transaction import Transaction
from bot.texts.catalogue import say


class CannotCompareError(Exception):
    """What was asked for cannot be compared; the message says why."""


def read(numbers: Sequence[int]) -> Callable[[Transaction], list[Exercise]]:
    """What reads those exercises.

    Raises:
        CannotCompareError: one of them is not there.
    """

    def use_case(tx: Transaction) -> list[Exercise]:
        found = {number: exercises.get(tx, number) for number in numbers}
        missing = [str(number) for number, exercise in found.items() if exercise is None]
        if missing:
            raise CannotCompareError(
                f"There is no exercise {', '.join(missing)} in this database; `geladi list` shows those there are."
            )
        return [exercise for exercise in found.values() if exercise is not None]

    return use_case


def told(runs: Sequence[Exercise], language: str | None, chart: Path | None) -> list[str]:
    """The comparison in lines; with ``chart`` the trend is drawn into that file.

    Raises:
        CannotCompareError: the runs cannot be compared.
        OSError: the file cannot be written.
    """
    language = language or (runs[-1].language if runs else "id")
    try:
        compared = compare(runs)
    except Refusal as refusal:
        raise CannotCompareError(say(language, refusal.key, **refusal.params)) from None
    if chart is not None:
        # What draws takes a second to load.
        from bot.report.trend_chart import trend_png  # noqa: PLC0415 - see above

        chart.write_bytes(trend_png(compared, language))
    return [line.text for line in comparison_lines(compared, language)]
