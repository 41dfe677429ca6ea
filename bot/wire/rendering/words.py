"""The words for parts of an exercise: units, people, steps, times and what fills the gaps of a text. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.messages import Gap, Moment, Span
from bot.texts import times
from bot.texts.catalogue import find, say
from bot.wire.rendering.html import LONGEST_NAME, LONGEST_WORDS, Html, bold, clean, mention, one_line, shorten
from bot.wire.rendering.view import View

LONGEST_OPTION = 200
"""UTF-16 units of an option's words in a line."""

_NO_ZONE = "Asia/Jakarta"
_LONGEST_PROBLEMS = 3_000
_WRITTEN = frozenset({"text", "why", "reason", "usage"})
"""Gaps that hold what somebody wrote at length, in lines."""
_LISTS = frozenset({"injects", "leader", "leaders", "names", "missing"})
_NOTHING = frozenset({"", "-"})
_MOST_MENTIONS = 10


def unit_name(exercise: Exercise, unit: str, language: str) -> str:
    """The unit's name, or what was written where there is no such unit."""
    part = exercise.scenario.units.get(unit)
    return one_line(part.name.in_language(language) if part else unit)


def step_name(step: str, language: str) -> str:
    """What a progress step is called: the catalogue's word, or the step's own."""
    return find(language, f"progress.{step}") or _own_words(step).capitalize()


def situation_name(situation: str, language: str) -> str:
    """What a level of the situation is called, in capitals."""
    return find(language, f"situation.{situation}") or _own_words(situation).upper()


def option_name(run: InjectRun, option_id: str, language: str) -> str:
    """The words of an option of the inject's decision."""
    options = run.inject.decision.options if run.inject.decision else ()
    words = next((option.text.in_language(language) for option in options if option.id == option_id), option_id)
    return one_line(words, LONGEST_OPTION)


def at_exercise_time(exercise: Exercise, at: datetime, language: str) -> str:
    """A moment on the exercise clock."""
    return times.exercise_time(exercise.clock.elapsed(at), language)


def at_clock_time(view: View, at: datetime) -> str:
    """A moment on the wall clock of the exercise's zone."""
    return times.clock_time(at, _zone(view.exercise), view.language)


def taken(duration: timedelta, language: str, *, exact: bool = True) -> str:
    """How long an answer took, or (not ``exact``) took at most: in seconds below a minute."""
    seconds = duration.total_seconds()
    words = times.seconds(seconds, language) if seconds < 59.5 else times.span(duration, language)
    return words if exact else say(language, "inject.at_most", span=words)


def header(exercise: Exercise, run: InjectRun, due_at: datetime | None, language: str) -> Html:
    """The line that names an inject: ``ID · J+hh:mm:ss · sender``."""
    sender = run.inject.sender.in_language(language) if run.inject.sender else say(language, "inject.sender")
    at = at_exercise_time(exercise, due_at, language) if due_at else "-"
    return bold(f"{run.id} · {at} · {one_line(sender)}")


def leaders(exercise: Exercise, unit: str) -> Html:
    """The unit's leaders, each alerted; empty where it has none."""
    people = list(exercise.seats[unit].leaders.items())[:_MOST_MENTIONS]
    return Html(", ".join(mention(user_id, name) for user_id, name in people))


def inject_words(run: InjectRun, language: str) -> str:
    """What the inject says to its units."""
    return clean(run.inject.text.in_language(language))


def delivery_of(exercise: Exercise, inject: str, unit: str) -> tuple[InjectRun, Delivery]:
    """The run of an inject and its delivery to a unit."""
    run = exercise.injects[inject]
    return run, run.deliveries[unit]


def bound_units(exercise: Exercise) -> int:
    """How many units sit in a chat."""
    return sum(seat.place is not None for seat in exercise.seats.values())


def gaps(params: Mapping[str, Gap], view: View) -> dict[str, str]:
    """What fills the gaps of a text: ``params`` in words, and what is known of the exercise anyway."""
    known: dict[str, str] = {"time": at_clock_time(view, view.now)}
    if exercise := view.exercise:
        known |= {
            "number": str(exercise.number),
            "exercise_name": one_line(exercise.name),
            "exercise_time": at_exercise_time(exercise, view.now, view.language),
            "bound": str(bound_units(exercise)),
            "units": str(len(exercise.seats)),
        }
        if exercise.scheduled_at:
            known["at"] = at_clock_time(view, exercise.scheduled_at)
    return known | given(params, view.exercise, view.language)


def given(params: Mapping[str, Gap], exercise: Exercise | None, language: str) -> dict[str, str]:
    """``params`` in words.

    ``unit``, ``step`` and ``role`` may be given by id. A :class:`Span` is an exercise time in the gap
    ``exercise_time``, a number of seconds in ``seconds`` and a duration elsewhere.
    """
    return {name: _in_words(name, value, exercise, language) for name, value in params.items()}


def _in_words(name: str, value: Gap, exercise: Exercise | None, language: str) -> str:
    match value:
        case int():
            return str(value)
        case str():
            return _string(name, value, exercise, language) if value.strip() not in _NOTHING else ""
        case Moment(at=at):
            return times.clock_time(at, _zone(exercise), language)
        case Span(elapsed=elapsed):
            return _elapsed(name, elapsed, language)
        case _:
            assert_never(value)


def _string(name: str, value: str, exercise: Exercise | None, language: str) -> str:  # noqa: PLR0911 - one short arm for each kind of gap
    match name:
        case "unit" | "where" if exercise:
            return unit_name(exercise, value, language)
        case "situation":
            return situation_name(value, language)
        case "step":
            return step_name(value, language)
        case "rating":
            return find(language, f"rating.{value.casefold()}") or one_line(value)
        case "example":
            return shorten(clean(_in_own_words(value, language)), LONGEST_WORDS)
        case "role":
            return find(language, f"role.{value}") or one_line(value)
        case "problems":
            return shorten(clean(value), _LONGEST_PROBLEMS)
        case name if name in _WRITTEN:
            return shorten(clean(value), LONGEST_WORDS)
        case name if name in _LISTS:
            return one_line(value, LONGEST_WORDS)
        case _:
            return one_line(value, LONGEST_OPTION if name == "option" else LONGEST_NAME)


def _in_own_words(example: str, language: str) -> str:
    """An example of a command, with the command's name and what stands for other words in the language."""
    command, *rest = example.split(" ")
    usage = find(language, f"help.command.{command.removeprefix('/')}")
    others = (find(language, f"placeholder.{word.lower()}") or word if word.isupper() else word for word in rest)
    return " ".join([usage.split()[0] if usage else command, *others])


def _elapsed(name: str, elapsed: timedelta, language: str) -> str:
    match name:
        case "exercise_time":
            return times.exercise_time(elapsed, language)
        case "seconds":
            return taken(elapsed, language)
        case _:
            return times.span(elapsed, language)


def _zone(exercise: Exercise | None) -> str:
    return exercise.timezone if exercise else _NO_ZONE


def _own_words(slug: str) -> str:
    return slug.replace("_", " ").replace("-", " ").strip() or slug
