"""Questions with buttons or a reply: STARTEX all the same, send or skip, and the reason for a choice. Pure."""

from collections.abc import Iterator
from typing import assert_never

from bot.buttons import ButtonData, Verb
from bot.exercise.conditions import Verdict, judge
from bot.exercise.model import Exercise, InjectRun, InjectState
from bot.exercise.unfinished import unfinished
from bot.messages import ConfirmEnd, ConfirmStartex, GateQuestion, ReasonPrompt
from bot.report.pages import utf16_units
from bot.texts.catalogue import count, say
from bot.texts.times import exercise_time
from bot.wire.rendering.html import (
    Html,
    as_many,
    bold,
    clean,
    escape,
    fill,
    joined,
    mention,
    one_line,
    shorten,
    visible,
)
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, header, inject_words, option_name, unit_name
from scenarios.model import Condition, Requires

_MARKS = {Verdict.MET: "✓", Verdict.OTHERWISE: "✗", Verdict.UNDECIDED: "?"}
_MOST_WORDS = 700
"""UTF-16 units of an inject's words that the director is reminded of."""


def confirm_startex(message: ConfirmStartex, view: View) -> Rendered:
    """Which units would receive nothing, and whether to begin all the same."""
    exercise, language = view.run, view.language
    if message.unbound:
        head = Html(count(language, "confirm.unbound", len(message.unbound)))
    else:
        head = fill(language, "confirm.ready")
    if message.answer:
        question = _closed(message, language)
    elif message.scheduled_at:
        question = fill(language, "confirm.at", at=at_clock_time(view, message.scheduled_at))
    else:
        question = fill(language, "confirm.now")
    units = [escape(f"• {unit_name(exercise, unit, language)}") for unit in message.unbound]
    left = room(language) - utf16_units(visible(head)) - utf16_units(visible(question)) - 2
    body = joined((head, as_many(units, left, language), question))
    number = str(exercise.number)
    buttons = (
        Button(say(language, "confirm.yes"), ButtonData(Verb.STARTEX, number, "yes").pack()),
        Button(say(language, "confirm.no"), ButtonData(Verb.STARTEX, number, "no").pack()),
    )
    return Rendered(marked(body, language), () if message.answer else (buttons,))


def confirm_end(message: ConfirmEnd, view: View) -> Rendered:
    """What ENDEX would cut off, or why it is to be broken off; and whether that is meant."""
    exercise, language = view.run, view.language
    lines = [bold(fill(language, f"confirm.{message.turn}"))]
    if message.turn == "endex":
        lines += _open_ends(exercise, view) if not message.answer else ()
    elif message.turn == "abort":
        lines.append(fill(language, "confirm.why", why=clean(message.why)))
    if message.answer:
        lines.append(_closed(message, language))
    else:
        lines.append(fill(language, "confirm.safe" if message.turn == "resumex" else "confirm.final"))
    number = str(exercise.number)
    no = "confirm.resumex_no" if message.turn == "resumex" else "confirm.end_no"
    buttons = (
        Button(say(language, f"confirm.{message.turn}_yes"), ButtonData(Verb.END, number, "yes").pack()),
        Button(
            say(language, no),
            ButtonData(Verb.END, number, "no").pack(),
        ),
    )
    return Rendered(marked(joined(lines), language), () if message.answer else (buttons,))


def _open_ends(exercise: Exercise, view: View) -> Iterator[Html]:
    open_ends = unfinished(exercise, view.now)
    for key, number in (
        ("confirm.to_come", open_ends.to_come),
        ("confirm.awaited", open_ends.awaited),
        ("confirm.undelivered", open_ends.undelivered),
    ):
        if number:
            yield Html(f"• {count(view.language, key, number)}")


def _closed(message: ConfirmStartex | ConfirmEnd, language: str) -> Html:
    return fill(language, f"confirm.answer.{message.answer}", by=one_line(message.answered_by) or "-")


def reason_prompt(message: ReasonPrompt, view: View) -> Rendered:
    """The leader who chose is asked why, by a reply."""
    run = view.run.injects[message.inject]
    body = fill(
        view.language,
        "reason.ask",
        mention=mention(message.by_id, message.by_name),
        inject=message.inject,
        option=option_name(run, message.option, view.language),
    )
    return Rendered(marked(body, view.language), force_reply=True)


def gate_question(message: GateQuestion, view: View) -> Rendered:
    """The director is asked whether an inject goes out; afterwards, what became of it."""
    exercise, language = view.run, view.language
    run = exercise.injects[message.inject]
    names = [unit_name(exercise, unit, language) for unit in exercise.scenario.units_of(run.inject)]
    lines = (
        header(exercise, run, run.due_at, language),
        fill(language, "gate.to", units=shorten(", ".join(names), 300)),
        escape(shorten(inject_words(run, language), _MOST_WORDS)),
        *conditions(exercise, run, language),
        _outcome(run, view),
    )
    target = f"{exercise.number}.{run.id}"
    buttons = (
        Button(say(language, "gate.send"), ButtonData(Verb.GATE, target, "send").pack()),
        Button(say(language, "gate.skip"), ButtonData(Verb.GATE, target, "skip").pack()),
    )
    return Rendered(marked(joined(lines), language), (buttons,) if run.state is InjectState.ASKED else ())


def conditions(exercise: Exercise, run: InjectRun, language: str) -> Iterator[Html]:
    """What an inject waits for, each condition with whether it holds; nothing where it has no gate."""
    requires = run.inject.requires
    if requires is None:
        return
    yield fill(language, "gate.all" if requires.any is None else "gate.any")
    conditions = requires.any or requires.all or ()
    yield as_many([_one_condition(exercise, each, language) for each in conditions], 1_500, language)


def _one_condition(exercise: Exercise, condition: Condition, language: str) -> Html:
    mark = _MARKS[judge(Requires(all=(condition,)), exercise)]
    if condition.option is None:
        words = fill(language, "gate.acknowledged", inject=condition.inject)
    else:
        option = option_name(exercise.injects[condition.inject], condition.option, language)
        words = fill(language, "gate.option", inject=condition.inject, option=option)
    return Html(f"{mark} {words}")


def _outcome(run: InjectRun, view: View) -> Html:
    match run.state:
        case InjectState.ISSUED:
            return fill(view.language, "gate.sent", time=at_clock_time(view, run.issued_at or view.now))
        case InjectState.SKIPPED:
            return fill(view.language, "gate.skipped")
        case InjectState.WAITING:
            at = exercise_time(run.at, view.language) if run.at is not None else "-"
            return fill(view.language, "gate.delayed", exercise_time=at)
        case InjectState.HELD:
            return fill(view.language, "gate.held")
        case InjectState.ASKED:
            return bold(fill(view.language, "gate.title"))
        case _:
            assert_never(run.state)
