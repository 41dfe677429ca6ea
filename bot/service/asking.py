"""Questions with a yes and a no: each is answered once, and a new one takes the place of what was asked before.

And the question for the reason of a choice, which is answered with a reply.
"""

from datetime import datetime
from typing import Literal

from bot.exercise.errors import Refusal
from bot.exercise.people import Person, Place
from bot.messages import ConfirmEnd, ConfirmStartex, ReasonPrompt, ScenarioOffer
from bot.service.keys import confirmation_key, reason_key
from bot.service.repeats import is_on_its_way, is_very_new
from bot.store import outbox
from bot.store.transaction import Transaction

Question = ConfirmStartex | ConfirmEnd


class AlreadyAnswered(Refusal):
    """The question has been answered, or is no longer asked."""

    key = "reply.already_answered"


def ask(tx: Transaction, question: Question, place: Place, at: datetime, reply_to: int | None) -> None:
    """Ask in the control room about what cannot be undone; at most one such question is open in an exercise."""
    withdraw(tx, question.exercise)
    key = confirmation_key(question.exercise)
    outbox.add(tx, question, place, at, exercise=question.exercise, reply_to=reply_to, key=key)


def ask_for_reason(tx: Transaction, prompt: ReasonPrompt, place: Place, at: datetime, reply_to: int | None) -> None:
    """Ask a leader for the reason of a choice: once for a press that comes twice, and anew where the question is old.

    One about another option stays where it stands, for the leader may still answer it; one not yet sent never is.
    """
    key = reason_key(prompt.exercise, prompt.inject, prompt.unit, prompt.by_id)
    former = outbox.find_key(tx, key)
    same = former is not None and (former.message, former.place) == (prompt, place)
    if former is not None and same and (is_on_its_way(former) or is_very_new(former, at)):
        return
    outbox.retire(tx, key)
    outbox.add(tx, prompt, place, at, exercise=prompt.exercise, reply_to=reply_to, key=key)


def answer(tx: Transaction, question: Question, said: Literal["yes", "no"], by: Person) -> None:
    """Close a question for good with what somebody pressed.

    Raises:
        AlreadyAnswered: it is closed; nothing changes.
    """
    if question.answer:
        raise AlreadyAnswered
    close(tx, confirmation_key(question.exercise), said, by.name)


def withdraw(tx: Transaction, exercise: int) -> None:
    """Let the open question, if there is one, be asked no longer."""
    close(tx, confirmation_key(exercise), "withdrawn")


def close(tx: Transaction, key: str, said: Literal["yes", "no", "withdrawn"], by: str = "") -> None:
    """Have the open question of that key, if there is one, show how it ended, and free its key."""
    row = outbox.find_key(tx, key)
    if row is None or not isinstance(row.message, ConfirmStartex | ConfirmEnd | ScenarioOffer):
        return
    closed = row.message.model_copy(update={"answer": said, "answered_by": by})
    if left := outbox.retire(tx, key):
        outbox.reword(tx, left, closed)
