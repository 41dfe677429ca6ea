"""The live board of the control room: one message that a phone shows without breaking its lines. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.buttons import ButtonData, Verb
from bot.exercise.lateness import Release, held
from bot.exercise.model import Exercise, InjectState
from bot.messages import Board
from bot.report.names import columns, short, unit_labels
from bot.report.pages import PHONE, utf16_units
from bot.texts.catalogue import say
from bot.texts.times import exercise_time
from bot.wire.rendering.html import Html, as_many, bold, escape, fill, joined, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.unit_standing import Mark, UnitStanding, standings
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, situation_name

MOST_QUESTIONS = 4
"""Questions that have their buttons under the board."""
MOST_UNITS = 40
"""With more units than this the board shows only those that need attention."""
_SYMBOLS = {
    Mark.ANSWERED: "✅",
    Mark.IDLE: "🔹",
    Mark.SENDING: "📨",
    Mark.OPEN: "⏳",
    Mark.LATE: "🟠",
    Mark.EVIDENCE: "📎",
    Mark.MISSED: "❌",
    Mark.FAILED: "📵",
    Mark.UNREACHABLE: "🚫",
    Mark.UNBOUND: "⚪",
}
_WORST_FIRST = (
    Mark.FAILED,
    Mark.UNREACHABLE,
    Mark.MISSED,
    Mark.EVIDENCE,
    Mark.LATE,
    Mark.UNBOUND,
    Mark.OPEN,
)
"""Of the units that need attention, who needs it most."""
_WIDEST_LABEL = 30
_WIDEST_WHY = 120
_NARROWEST_LABEL = 8


def board(message: Board, view: View) -> Rendered:
    """The exercise at this moment: clock, phase, situation, injects, questions with their buttons, every unit."""
    exercise, language = view.run, view.language
    if message.at_rest:
        title = bold(fill(language, "board.title", number=str(exercise.number)))
        return Rendered(marked(joined((title, fill(language, "board.at_rest"))), language))
    head = joined((*_exercise_lines(view), *_questions(exercise, language)))
    everyone = standings(exercise, view.now)
    if len(everyone) > MOST_UNITS:
        exceptions = [standing for standing in everyone if not standing.mark.is_in_order]
        # Where there is no room for all, those that can wait are left out.
        shown = sorted(exceptions, key=lambda standing: _WORST_FIRST.index(standing.mark))
        title = joined((bold(fill(language, "board.exceptions")), _counts(everyone)))
        nothing = "" if shown else fill(language, "board.no_exceptions")
        head = joined((head, title, nothing))
    else:
        shown = everyone
        head = joined((head, bold(fill(language, "board.units"))))
    lines = [escape(line) for line in _unit_lines(exercise, shown, language)]
    left = room(language) - utf16_units(visible(head)) - 1
    buttons = () if exercise.state.is_over else tuple(_buttons(exercise, language))
    return Rendered(marked(joined((head, as_many(lines, left, language))), language), buttons)


def _exercise_lines(view: View) -> Iterator[Html]:
    exercise, language = view.run, view.language
    yield bold(fill(language, "board.title", number=str(exercise.number)))
    yield escape(short(exercise.name, PHONE))
    at = exercise_time(exercise.clock.elapsed(view.now), language)
    yield bold(fill(language, "board.clock", exercise_time=at, state=say(language, f"state.{exercise.state}")))
    yield fill(language, "board.updated", time=at_clock_time(view, view.now))
    if view.deaf:
        why = short(view.deaf.why, _WIDEST_WHY)
        yield bold(fill(language, "board.deaf", time=at_clock_time(view, view.deaf.since), why=why))
    if exercise.scheduled_at:
        yield fill(language, "board.scheduled", at=at_clock_time(view, exercise.scheduled_at))
    title = next((phase.title for phase in exercise.scenario.phases if phase.id == exercise.phase), None)
    if title:
        yield escape(short(say(language, "board.phase", phase=title.in_language(language)), PHONE))
    if exercise.situation:
        situation = situation_name(exercise.situation, language)
        yield escape(short(say(language, "board.situation", situation=situation), PHONE))
    yield from _injects(exercise, language)


def _injects(exercise: Exercise, language: str) -> Iterator[Html]:
    runs = exercise.injects.values()
    issued = [(run.issued_at, run) for run in runs if run.issued_at]
    if issued:
        at, run = max(issued, key=lambda pair: pair[0])
        yield fill(
            language,
            "board.last",
            inject=run.id,
            exercise_time=exercise_time(exercise.clock.elapsed(run.due_at or at), language),
        )
    coming = [(run.at, run) for run in runs if run.state is InjectState.WAITING and run.at is not None]
    if coming and not exercise.state.is_over:
        offset, run = min(coming, key=lambda pair: pair[0])
        yield fill(language, "board.next", inject=run.id, exercise_time=exercise_time(offset, language))
    else:
        yield fill(language, "board.no_next")


def _questions(exercise: Exercise, language: str) -> Iterator[Html]:
    if not exercise.state.is_over:
        runs = exercise.injects.values()
        asked = [fill(language, "board.asked", inject=run.id) for run in runs if run.state is InjectState.ASKED]
        waiting = [fill(language, "board.held", inject=run.id) for run in runs if run.state is InjectState.HELD]
        yield as_many([*asked, *waiting], 600, language)


def _buttons(exercise: Exercise, language: str) -> Iterator[tuple[Button, ...]]:
    """What the director can answer at once; of very many questions, the first."""
    asked = [run for run in exercise.injects.values() if run.state is InjectState.ASKED]
    for run in asked[:MOST_QUESTIONS]:
        target = f"{exercise.number}.{run.id}"
        yield (
            Button(f"{run.id}: {say(language, 'gate.send')}", ButtonData(Verb.GATE, target, "send").pack()),
            Button(f"{run.id}: {say(language, 'gate.skip')}", ButtonData(Verb.GATE, target, "skip").pack()),
        )
    if waiting := held(exercise):
        # The number tells a press apart that saw fewer of them.
        target = f"{exercise.number}.{len(waiting)}"
        for choice in Release:
            yield (Button(say(language, f"held.{choice}"), ButtonData(Verb.HELD, target, choice).pack()),)


def _counts(everyone: list[UnitStanding]) -> Html:
    numbers = Counter(standing.mark for standing in everyone)
    return escape(" · ".join(f"{_SYMBOLS[mark]} {numbers[mark]}" for mark in Mark if numbers[mark]))


def _unit_lines(exercise: Exercise, shown: Sequence[UnitStanding], language: str) -> Iterator[str]:
    """A line for each unit: its label as wide as its detail leaves room for, and no two of them alike."""
    labels: dict[int, Mapping[str, str]] = {}
    for standing in shown:
        symbol, detail = _SYMBOLS[standing.mark], _detail(standing, language)
        # Symbol, space, and the point between name and detail.
        room_left = PHONE - 6 - columns(detail) if detail else _WIDEST_LABEL
        width = min(max(room_left, _NARROWEST_LABEL), _WIDEST_LABEL)
        if width not in labels:
            labels[width] = unit_labels(exercise.scenario, language, width)
        label = labels[width][standing.unit]
        yield f"{symbol} {label} · {detail}" if detail else f"{symbol} {label}"


def _detail(standing: UnitStanding, language: str) -> str:
    if standing.mark in {Mark.ANSWERED, Mark.IDLE}:
        return ""
    left = _minutes(standing.left) if standing.left is not None else ""
    return say(language, f"board.mark.{standing.mark}", inject=standing.inject, span=left)


def _minutes(left: timedelta) -> str:
    """Time left as ``m:ss``: narrow, and as countdowns read."""
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
