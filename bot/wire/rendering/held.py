"""The question about injects that came due during an interruption, and what became of each. Pure."""

from datetime import timedelta
from typing import assert_never

from bot.buttons import ButtonData, Verb
from bot.exercise.lateness import Release, held
from bot.exercise.model import InjectRun, InjectState
from bot.messages import HeldQuestion
from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.texts.times import exercise_time, span
from bot.wire.rendering.html import Html, as_many, bold, fill, joined, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View


def held_question(message: HeldQuestion, view: View) -> Rendered:
    """Which injects wait, and what the director can do; no buttons once nothing waits, or a later one asks."""
    exercise, language = view.run, view.language
    waiting = held(exercise, message.injects)
    title = bold(fill(language, "held.title"))
    if message.asked_again:
        question = fill(language, "held.asked_again")
    else:
        question = fill(language, "held.ask") if waiting else Html("")
    lines = [_line(exercise.injects[inject], view) for inject in message.injects]
    left = room(language) - utf16_units(visible(title)) - utf16_units(visible(question)) - 2
    body = joined((title, as_many(lines, left, language), question))
    number = str(exercise.number)
    buttons = (
        (Button(say(language, "held.send"), ButtonData(Verb.HELD, number, Release.SEND).pack()),),
        (Button(say(language, "held.shift"), ButtonData(Verb.HELD, number, Release.SHIFT).pack()),),
        (Button(say(language, "held.skip"), ButtonData(Verb.HELD, number, Release.SKIP).pack()),),
    )
    return Rendered(marked(body, language), buttons if waiting and not message.asked_again else ())


def _line(run: InjectRun, view: View) -> Html:
    language = view.language
    at = run.at or timedelta()
    shown = exercise_time(at, language)
    match run.state:
        case InjectState.HELD:
            late = span(view.run.clock.elapsed(view.now) - at, language)
            return fill(language, "held.waiting", inject=run.id, exercise_time=shown, late=late)
        case InjectState.ISSUED:
            return fill(language, "held.sent", inject=run.id, exercise_time=shown)
        case InjectState.SKIPPED:
            return fill(language, "held.skipped", inject=run.id, exercise_time=shown)
        case InjectState.WAITING | InjectState.ASKED:
            return fill(language, "held.put_off", inject=run.id, exercise_time=shown)
        case _:
            assert_never(run.state)
