"""What answers to presses have in common."""

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Place
from bot.messages import Gap


class Stale(Refusal):
    """The button belongs to nothing that is here and open."""

    key = "toast.stale"


Answer = tuple[str, dict[str, Gap], Exercise | None]
"""The text that answers a press: its key, what fills its gaps, and the exercise it is about."""


def same_chat(seat: Place | None, here: Place) -> bool:
    """Whether a press came from where it belongs."""
    # A press in a topic may come without its topic; the reference is the unit's alone all the same.
    return seat is not None and seat.chat_id == here.chat_id
