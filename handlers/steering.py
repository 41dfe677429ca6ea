"""What every command in the control room begins with: which exercise it is about, and whether the person may."""

import re

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.service import finding
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, InControlOnly, require
from handlers.desk import Desk
from handlers.request import Request, first_word

_NUMBER = re.compile(r"(?:^|\s)#(\d{1,9})(?=\s|$)")
_LEADING_NUMBER = re.compile(r"^#(\d{1,9})(?=\s|$)")


class WrongUsage(Refusal):
    """The command lacks something; ``example`` shows how it goes."""

    key = "reply.usage"


def steered(
    tx: Transaction, desk: Desk, request: Request, deed: Deed, *, free_text: bool = False
) -> tuple[Exercise, str]:
    """The exercise that a command in the control room acts on, once the person may, and the rest of the text.

    ``free_text``: the text is people's own words, so a `#NUMBER` names an exercise at its beginning alone.
    """
    number, text = _number(request.text, _LEADING_NUMBER if free_text else _NUMBER)
    try:
        exercise = finding.control_exercise(tx, request.place, number)
    except finding.NoExercise:
        if finding.standing(tx, request.place).unit is not None:
            raise InControlOnly from None
        raise
    require(deed, request, desk.owners, exercise)
    return exercise, text


def _number(text: str, pattern: re.Pattern[str]) -> tuple[int | None, str]:
    """The exercise that `#NUMBER` names, and the text without it."""
    found = pattern.search(text)
    if found is None:
        return None, text
    rest = text[: found.start()] + text[found.end() :]
    return int(found[1]), rest.strip()


def needed(text: str, example: str) -> str:
    """The text of a command that needs some.

    Raises:
        WrongUsage: there is none.
    """
    if not text:
        raise WrongUsage(example=example)
    return text


def two_parts(text: str, example: str) -> tuple[str, str]:
    """The first word of a command's text, and what follows it.

    Raises:
        WrongUsage: one of them is missing.
    """
    first, rest = first_word(text)
    if not rest:
        raise WrongUsage(example=example)
    return first, rest
