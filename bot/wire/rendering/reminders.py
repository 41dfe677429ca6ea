"""Answers that are about to be missed, or have been: to the unit, and to the control room. Pure."""

from datetime import timedelta

from bot.exercise.deadlines import acknowledgement_deadline, decision_deadline
from bot.messages import Escalation, Reminder
from bot.texts.times import span
from bot.wire.rendering.html import fill, joined
from bot.wire.rendering.marking import marked
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import delivery_of, header, leaders, unit_name


def reminder(message: Reminder, view: View) -> Rendered:
    """What is still to be answered and how much time is left; the unit's leaders are alerted."""
    exercise, language = view.run, view.language
    left = _left(message, view)
    unit = unit_name(exercise, message.unit, language)
    if left is not None and left > timedelta():
        key = "reminder.decide" if message.decision else "reminder.acknowledge"
        line = fill(language, key, unit=unit, inject=message.inject, span=span(left, language))
    else:
        key = "reminder.decide_over" if message.decision else "reminder.acknowledge_over"
        line = fill(language, key, unit=unit, inject=message.inject)
    return Rendered(marked(joined((line, leaders(exercise, message.unit))), language))


def escalation(message: Escalation, view: View) -> Rendered:
    """Which unit has not answered what, since when, and whom to call."""
    exercise, language = view.run, view.language
    run, delivery = delivery_of(exercise, message.inject, message.unit)
    left = _left(message, view)
    key = "escalation.decide" if message.decision else "escalation.acknowledge"
    lines = (
        fill(language, key, unit=unit_name(exercise, message.unit, language), inject=message.inject),
        fill(language, "escalation.since", span=span(-left, language))
        if left is not None and left < timedelta()
        else "",
        header(exercise, run, delivery.due_at, language),
        fill(language, "escalation.leaders", leaders=leaders(exercise, message.unit)),
    )
    return Rendered(marked(joined(lines), language))


def _left(message: Reminder | Escalation, view: View) -> timedelta | None:
    """Exercise time until the deadline, negative after it."""
    clock = view.run.clock
    run, delivery = delivery_of(view.run, message.inject, message.unit)
    of = decision_deadline if message.decision else acknowledgement_deadline
    deadline = of(run, delivery, clock)
    return None if deadline is None else deadline - clock.elapsed(view.now)
