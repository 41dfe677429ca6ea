"""Answers that are about to be missed, or have been: to the unit, and to the control room. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from bot.buttons import ButtonData, Verb
from bot.exercise.deadlines import acknowledgement_deadline, decision_deadline
from bot.exercise.model import Delivery, DeliveryState, InjectRun
from bot.messages import Escalation, EvidenceReminder, InDoubt, Reminder
from bot.texts.catalogue import say
from bot.texts.times import span
from bot.wire.rendering.html import fill, joined
from bot.wire.rendering.injects import answers
from bot.wire.rendering.marking import marked
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import delivery_of, header, leaders, unit_name


def reminder(message: Reminder, view: View) -> Rendered:
    """What is still to be answered and how much time is left; once there is none, the unit's leaders are called."""
    exercise, language = view.run, view.language
    left = _left(message, view)
    unit = unit_name(exercise, message.unit, language)
    if left is not None and left > timedelta():
        key = "reminder.decide" if message.decision else "reminder.acknowledge"
        line = fill(language, key, unit=unit, inject=message.inject, span=span(left, language))
    else:
        key = "reminder.decide_over" if message.decision else "reminder.acknowledge_over"
        line = fill(language, key, unit=unit, inject=message.inject)
    # Who decides is the leader from the first; for the rest, a leader is called when the unit has not managed.
    call = leaders(exercise, message.unit) if message.overdue or message.decision else ""
    return Rendered(marked(joined((line, call)), language))


def evidence_reminder(message: EvidenceReminder, view: View) -> Rendered:
    """Which evidence has not come, and how to send it."""
    language = view.language
    unit = unit_name(view.run, message.unit, language)
    kind = say(language, f"evidence.{message.kind}")
    line = fill(language, "reminder.evidence", unit=unit, inject=message.inject, kind=kind)
    return Rendered(marked(joined((line, leaders(view.run, message.unit))), language))


def escalation(message: Escalation, view: View) -> Rendered:
    """Which unit has not answered what, since when, and whom to call; or how it has answered meanwhile."""
    exercise, language = view.run, view.language
    run, delivery = delivery_of(exercise, message.inject, message.unit)
    head = header(exercise, run, delivery.due_at, language)
    if delivery.choice if message.decision else delivery.acknowledged:
        unit = unit_name(exercise, message.unit, language)
        answered = fill(language, "escalation.answered", unit=unit, inject=message.inject)
        return Rendered(marked(joined((answered, head, *answers(exercise, run, delivery, language))), language))
    left = _left(message, view)
    key = "escalation.decide" if message.decision else "escalation.acknowledge"
    lines = (
        fill(language, key, unit=unit_name(exercise, message.unit, language), inject=message.inject),
        fill(language, "escalation.since", span=span(-left, language))
        if left is not None and left < timedelta()
        else "",
        head,
        fill(language, "escalation.leaders", leaders=leaders(exercise, message.unit)),
    )
    buttons = () if exercise.state.is_over else (tuple(_ways_out(run, delivery, language)),)
    return Rendered(marked(joined(lines), language), buttons)


def in_doubt(message: InDoubt, view: View) -> Rendered:
    """An inject that may not have arrived, with what can be done about it; or how the doubt has ended."""
    exercise, language = view.run, view.language
    run, delivery = delivery_of(exercise, message.inject, message.unit)
    names = {"unit": unit_name(exercise, message.unit, language), "inject": message.inject}
    head = header(exercise, run, delivery.due_at, language)
    if delivery.acknowledged:
        lines = (fill(language, "escalation.answered", **names), head, *answers(exercise, run, delivery, language))
        return Rendered(marked(joined(lines), language))
    if delivery.state is DeliveryState.SENT:
        return Rendered(marked(joined((fill(language, "doubt.over", **names), head)), language))
    called = fill(language, "escalation.leaders", leaders=leaders(exercise, message.unit))
    buttons = () if exercise.state.is_over else (tuple(_ways_out(run, delivery, language)),)
    return Rendered(marked(joined((fill(language, "doubt.ask", **names), head, called)), language), buttons)


def _ways_out(run: InjectRun, delivery: Delivery, language: str) -> Iterator[Button]:
    yield Button(say(language, "escalation.resend"), ButtonData(Verb.RESEND, delivery.reference).pack())
    if run.inject.acknowledge and not delivery.acknowledged:
        yield Button(say(language, "escalation.radio"), ButtonData(Verb.RADIO, delivery.reference).pack())


def _left(message: Reminder | Escalation, view: View) -> timedelta | None:
    """Exercise time until the deadline, negative after it."""
    clock = view.run.clock
    run, delivery = delivery_of(view.run, message.inject, message.unit)
    of = decision_deadline if message.decision else acknowledgement_deadline
    deadline = of(run, delivery, clock)
    return None if deadline is None else deadline - clock.elapsed(view.now)
