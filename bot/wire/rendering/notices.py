"""Short messages from the catalogue, real emergencies, and answers to a press. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.buttons import ButtonData, Verb
from bot.exercise.model import Exercise, ExerciseState
from bot.messages import Gap, Notice, Plain, RealWorld
from bot.texts.catalogue import say
from bot.wire.rendering.html import bold, clean, cut, fill, filled, joined, one_line, shorten, told, visible
from bot.wire.rendering.marking import LONGEST_TEXT, marked
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, gaps, given

LONGEST_TOAST = 200
"""UTF-16 units of the answer to a press, as Telegram limits it."""
_LONGEST_REPORT = 2_000
_WITH_ALARM = frozenset({"notice.startex", "notice.startex_control"})
_MARKING = re.compile(r"(?:(?:LATIHAN|EXERCISE)\W*){2,}", re.IGNORECASE)
"""The word of the marking twice or more: nobody says so of anything real."""


def plain(message: Plain, view: View) -> Rendered:
    """A reply about the bot, unmarked."""
    view = replace(view, language=message.language or view.language)
    return Rendered(cut(told(view.language, message.key, gaps(message.params, view)), LONGEST_TEXT))


def notice(message: Notice, view: View) -> Rendered:
    """A short message of the exercise; under STARTEX is the button that stops it for a real emergency."""
    words = told(view.language, message.key, gaps(message.params, view))
    return Rendered(marked(words, view.language), _alarm(message, view.language))


def _alarm(message: Notice, language: str) -> tuple[tuple[Button, ...], ...]:
    if message.key not in _WITH_ALARM:
        return ()
    return ((Button(say(language, "realworld.button"), ButtonData(Verb.REALWORLD, str(message.exercise)).pack()),),)


def realworld(message: RealWorld, view: View, *, repeat: bool) -> Rendered:
    """A real emergency: unmarked, also where a person wrote the marking out of habit."""
    language = view.language
    people = given({"who": _real(message.who), "where": _real(message.where)}, view.exercise, language)
    report = _real(message.text)
    lines = (
        bold(fill(language, "marking.real")),
        fill(language, "inject.repeat") if repeat else "",
        filled(language, "realworld.who", people),
        filled(language, "realworld.where", people),
        fill(language, "realworld.when", time=at_clock_time(view, message.at)),
        fill(language, "realworld.text", text=one_line(report, _LONGEST_REPORT) if report else ""),
        fill(language, "realworld.again" if message.again else "realworld.stopped"),
        fill(language, "realworld.director"),
        bold(fill(language, "marking.real")),
    )
    return Rendered(joined(lines), _ways_on(message, view))


def _ways_on(message: RealWorld, view: View) -> tuple[tuple[Button, ...], ...]:
    """The director's buttons, for as long as the exercise stands still for an emergency."""
    if not message.to_director or view.exercise is None or view.exercise.state is not ExerciseState.REALWORLD:
        return ()
    number = str(message.exercise)
    return tuple(
        (Button(say(view.language, f"realworld.{choice}"), ButtonData(Verb.GO_ON, number, choice).pack()),)
        for choice in ("resume", "abort")
    )


def _real(text: str) -> str:
    return _MARKING.sub(" ", clean(text)).strip()


def toast(language: str, key: str, params: Mapping[str, Gap], exercise: Exercise | None = None) -> str:
    """The answer to a press: plain words, at most 200 UTF-16 units. Refusals can be answered so too."""
    return shorten(visible(told(language, key, given(params, exercise, language))), LONGEST_TOAST)
