"""An inject as controllers know it: what it says, what should come of it, and what it leads to. Pure.

What is shown here (``expect``, ``notes``) is for the control room, and is read nowhere else.
"""

from collections.abc import Iterator

from bot.exercise.model import Exercise, InjectRun
from bot.messages import InjectCard
from bot.report.pages import utf16_units
from bot.texts.times import clock_time, exercise_time
from bot.wire.rendering.html import Html, clean, escape, fill, joined, one_line, shorten, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.questions import conditions
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import header, inject_words, unit_name

_LONGEST_UNITS = 300
_LONGEST_OPTION = 120
_LONGEST_PART = 700


def inject_card(message: InjectCard, view: View) -> Rendered:
    """The inject's words, then what only controllers may know."""
    exercise, language = view.run, view.language
    run = exercise.injects[message.inject]
    names = ", ".join(unit_name(exercise, unit, language) for unit in exercise.scenario.units_of(run.inject))
    head = joined(
        (
            header(exercise, run, run.due_at, language),
            fill(language, "gate.to", units=shorten(names, _LONGEST_UNITS)),
            _when(exercise, run, language),
            *conditions(exercise, run, language),
        )
    )
    foot = joined((*_options(run, language), *_for_controllers(run, language)))
    left = room(language) - utf16_units(visible(head)) - utf16_units(visible(foot)) - 4
    words = escape(shorten(inject_words(run, language), left))
    return Rendered(marked(joined((head, words, foot), "\n\n"), language))


def _when(exercise: Exercise, run: InjectRun, language: str) -> Html:
    if run.issued_at is not None:
        return fill(language, "gate.sent", time=clock_time(run.issued_at, exercise.timezone, language))
    if run.at is None:
        return fill(language, "card.shelf", inject=run.id)
    return fill(language, f"card.{run.state}", exercise_time=exercise_time(run.at, language))


def _options(run: InjectRun, language: str) -> Iterator[Html]:
    for option in run.inject.decision.options if run.inject.decision else ():
        then = ", ".join(option.then)
        words = one_line(option.text.in_language(language), _LONGEST_OPTION)
        yield escape(f"• {words} → {then}" if then else f"• {words}")
    if run.inject.if_silent:
        yield fill(language, "card.if_silent", injects=", ".join(run.inject.if_silent))


def _for_controllers(run: InjectRun, language: str) -> Iterator[Html]:
    for key, text in (("card.expect", run.inject.expect), ("card.notes", run.inject.notes)):
        if text is not None:
            yield fill(language, key, text=shorten(clean(text.in_language(language)), _LONGEST_PART))
