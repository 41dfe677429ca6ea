"""The passing of time: what comes due, what runs out, and when to look again. Pure."""

from datetime import datetime

from bot.exercise.deadlines import next_offset, ring
from bot.exercise.facts import Change
from bot.exercise.issuing import Reference, issue_due
from bot.exercise.model import Exercise


def tick(exercise: Exercise, at: datetime, reference: Reference) -> Change:
    """Everything that the running clock has reached by ``at``; nothing while it stands still.

    Silence is acted on before injects come due, so that what it fires goes out in the same tick.
    """
    if not exercise.clock.running:
        return Change(exercise)
    change = ring(exercise, at)
    return change.then(issue_due(change.exercise, at, reference))


def next_moment(exercise: Exercise) -> datetime | None:
    """The moment of the next :func:`tick` that does something; ``None`` while none is known."""
    if not exercise.clock.running:
        return exercise.scheduled_at
    offset = next_offset(exercise)
    return None if offset is None else exercise.clock.moment(offset)
