"""Help: who somebody is here, the next sensible step, and the commands they may give. Pure."""

from typing import assert_never

from bot.exercise.answers import unanswered
from bot.exercise.model import Exercise, ExerciseState
from bot.messages import Help
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, bold, fill, joined, one_line
from bot.wire.rendering.marking import marked
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, bound_units, unit_name

_STEERING = (
    "scenarios",
    "new",
    "units",
    "code",
    "commcheck",
    "startex",
    "pausex",
    "resumex",
    "status",
    "next",
    "fire",
    "skip",
    "delay",
    "say",
    "resend",
    "note",
    "rate",
    "improve",
    "compare",
    "summary",
    "export",
    "endex",
    "abort",
    "realworld",
    "director",
    "controller",
    "observer",
    "revoke",
    "leader",
    "language",
    "whoami",
    "help",
)
_WATCHING = ("status", "summary", "units", "next", "realworld", "language", "whoami", "help")
_ANSWERING = ("ack", "sitrep", "pending", "realworld")
COMMANDS = {
    "owner": _STEERING,
    "director": _STEERING,
    "controller": ("note", "rate", "improve", "compare", "export", *_WATCHING),
    "observer": _WATCHING,
    "leader": (*_ANSWERING, "leader", "summary", "join", "language", "whoami", "help"),
    "member": (*_ANSWERING, "summary", "join", "language", "whoami", "help"),
    "stranger": ("join", "language", "whoami", "help"),
}
"""The commands that help names, by standing."""


def guidance(message: Help, view: View) -> Rendered:
    """Help for one person in one chat; marked where the chat takes part in an exercise."""
    language, exercise = view.language, view.exercise
    lines = [
        bold(fill(language, "help.title")),
        fill(language, "help.greeting", name=one_line(message.name), role=say(language, f"role.{message.standing}")),
    ]
    if exercise:
        state = say(language, f"state.{exercise.state}")
        number, name = str(exercise.number), one_line(exercise.name)
        lines.append(fill(language, "help.exercise", number=number, exercise_name=name, state=state))
        if message.unit:
            lines.append(fill(language, "help.unit", unit=unit_name(exercise, message.unit, language)))
    lines.append(fill(language, "help.next", step=_next_step(message, view)))
    lines.append(fill(language, "help.commands"))
    lines += [fill(language, f"help.command.{command}") for command in COMMANDS[message.standing]]
    body = joined(lines)
    return Rendered(marked(body, language) if exercise else body)


def _next_step(message: Help, view: View) -> Html:
    exercise, language = view.exercise, view.language
    match message.standing:
        case "owner" | "director":
            return _director_step(exercise, view) if exercise else fill(language, "help.step.choose")
        case "controller" | "observer":
            over = exercise is not None and exercise.state.is_over
            return fill(language, "help.step.results" if over else "help.step.watch")
        case "leader" | "member":
            return _unit_step(exercise, message.unit, language) if exercise else fill(language, "help.step.join")
        case "stranger":
            return fill(language, "help.step.join")
        case _:
            assert_never(message.standing)


def _director_step(exercise: Exercise, view: View) -> Html:
    language = view.language
    match exercise.state:
        case ExerciseState.PREPARING if exercise.scheduled_at:
            return fill(language, "help.step.scheduled", at=at_clock_time(view, exercise.scheduled_at))
        case ExerciseState.PREPARING:
            bound, units = bound_units(exercise), len(exercise.seats)
            key = "help.step.start" if bound == units else "help.step.gather"
            return fill(language, key, bound=str(bound), units=str(units))
        case ExerciseState.RUNNING:
            return fill(language, "help.step.steer")
        case ExerciseState.PAUSED:
            return fill(language, "help.step.resume")
        case ExerciseState.REALWORLD:
            return fill(language, "help.step.real")
        case ExerciseState.ENDED | ExerciseState.ABORTED:
            return fill(language, "help.step.over")
        case _:
            assert_never(exercise.state)


def _unit_step(exercise: Exercise, unit: str | None, language: str) -> Html:
    match exercise.state:
        case ExerciseState.PREPARING:
            return fill(language, "help.step.wait")
        case ExerciseState.RUNNING:
            waiting = unanswered(exercise, unit) if unit else []
            if waiting:
                return fill(language, "help.step.answer", inject=waiting[0].id)
            return fill(language, "help.step.nothing")
        case ExerciseState.PAUSED | ExerciseState.REALWORLD:
            return fill(language, "help.step.hold")
        case ExerciseState.ENDED | ExerciseState.ABORTED:
            return fill(language, "help.step.finished")
        case _:
            assert_never(exercise.state)
