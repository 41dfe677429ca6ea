"""What the auditor has found: an inject whose moment has passed, and to whom it has not gone. Pure."""

from bot.exercise.model import DeliveryState, InjectState
from bot.messages import Overdue
from bot.report.pages import utf16_units
from bot.texts.times import exercise_time
from bot.wire.rendering.html import as_many, escape, fill, joined, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import unit_name


def overdue(message: Overdue, view: View) -> Rendered:
    """Which inject, since when, and whom it has not reached; or that this is over."""
    exercise, language = view.run, view.language
    run = exercise.injects[message.inject]
    waiting = [unit for unit, delivery in run.deliveries.items() if delivery.state is DeliveryState.PENDING]
    shown = "" if run.at is None else exercise_time(run.at, language)
    still = bool(waiting) if message.issued else run.state is InjectState.WAITING
    if not still or exercise.state.is_over:
        return Rendered(marked(fill(language, "overdue.settled", inject=run.id, exercise_time=shown), language))
    if not message.issued:
        return Rendered(marked(fill(language, "overdue.not_issued", inject=run.id, exercise_time=shown), language))
    head = fill(language, "overdue.waiting", inject=run.id, exercise_time=shown)
    units = [escape(f"• {unit_name(exercise, unit, language)}") for unit in waiting]
    body = joined((head, as_many(units, room(language) - utf16_units(visible(head)) - 2, language)))
    return Rendered(marked(body, language))
