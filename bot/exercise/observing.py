"""What controllers observe: notes in their own words, and ratings on the scale of four. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.exercise.addressing import one_unit
from bot.exercise.errors import NotReceived, Refusal, UnknownInject, UnknownUnit
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise, InjectRun, InjectState
from bot.exercise.people import Person
from bot.exercise.resending import NotIssued


class Rating(StrEnum):
    """How a unit did what an inject asked for."""

    PERFORMED = "P"
    """Without challenges."""
    SOME = "S"
    """With some challenges."""
    MAJOR = "M"
    """With major challenges."""
    UNABLE = "U"
    """Not at all."""


class UnknownRating(Refusal):
    """There is no such rating; ``rating`` is what was written."""

    key = "refused.unknown_rating"


@dataclass(frozen=True, slots=True)
class Observed:
    """A controller's words, and what came with them: its kind and Telegram's id of the file, both empty for none."""

    text: str
    kind: str = ""
    file: str = ""


def about(exercise: Exercise, words: str) -> tuple[str | None, str | None, str]:
    """The inject and the unit that the first words name, one, both or neither, and the words after them."""
    inject = unit = None
    rest = words.strip()
    while rest and (inject is None or unit is None):
        first, *after = rest.split(maxsplit=1)
        run = _inject(exercise, first) if inject is None else None
        named = _unit(exercise, first) if unit is None and run is None else None
        if run is None and named is None:
            break
        inject, unit = run.id if run else inject, named or unit
        rest = after[0] if after else ""
    return inject, unit, rest


def note(
    exercise: Exercise, inject: str | None, unit: str | None, observed: Observed, by: Person, at: datetime
) -> Change:
    """A controller's observation, on an inject, a unit, both or the exercise as a whole."""
    run = exercise.injects[inject] if inject is not None else None
    return Change(exercise, (Fact(at, FactKind.NOTED, by, inject, unit, _detail(run, observed)),))


def rate(
    exercise: Exercise, inject_id: str, unit: str, rating: str, observed: Observed, by: Person, at: datetime
) -> Change:
    """A controller's rating of what a unit made of an inject; a later one by the same person stands beside it.

    Raises:
        NotIssued: the inject has not been issued.
        NotReceived: it is not for that unit.
        UnknownInject: there is no such inject.
        UnknownRating: the rating is none of the four letters.
        UnknownUnit: there is no such unit.
    """
    run = _inject(exercise, inject_id)
    if run is None:
        raise UnknownInject(inject=inject_id)
    unit = one_unit(exercise, unit)
    if run.state is not InjectState.ISSUED:
        raise NotIssued(inject=run.id)
    if unit not in run.deliveries:
        raise NotReceived(inject=run.id)
    letter = rating.strip().upper()
    if letter not in set(Rating):
        raise UnknownRating(rating=rating)
    detail = {"rating": letter, **_detail(run, observed)}
    return Change(exercise, (Fact(at, FactKind.RATED, by, run.id, unit, detail),))


def _detail(run: InjectRun | None, observed: Observed) -> dict[str, object]:
    return {
        "text": observed.text,
        "kind": observed.kind,
        "file": observed.file,
        "objectives": list(run.inject.objectives) if run else [],
    }


def _inject(exercise: Exercise, written: str) -> InjectRun | None:
    wanted = written.casefold()
    return next((run for run in exercise.injects.values() if run.id.casefold() == wanted), None)


def _unit(exercise: Exercise, written: str) -> str | None:
    try:
        return one_unit(exercise, written)
    except UnknownUnit:
        return None
