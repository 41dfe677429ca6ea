"""What a button carries: a short reference to what it is about, re-read from the record at each press.

At most 64 bytes, and no authority: who may press, where and when is decided anew each time.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_DATA = 64
_NUMBERED = re.compile(r"[0-9]{1,9}(\..+)?")


OF_NO_EXERCISE = 0
"""The number on buttons of a list that belongs to no exercise."""


class Verb(StrEnum):
    """What a press asks for."""

    ACKNOWLEDGE = "a"
    """``target`` is a delivery's reference."""
    PROGRESS = "p"
    """``target`` is a delivery's reference, ``choice`` the index of the step."""
    DECIDE = "d"
    """``target`` is a delivery's reference, ``choice`` the index of the option."""
    GATE = "g"
    """``target`` is ``EXERCISE.INJECT``, ``choice`` is ``send`` or ``skip``."""
    HELD = "h"
    """``target`` is the exercise's number, ``choice`` is ``send``, ``shift`` or ``skip``."""
    REALWORLD = "n"
    """``target`` is the number of the exercise that a real emergency stops."""
    GO_ON = "o"
    """``target`` is the number of the exercise that an emergency has stopped, ``choice`` is ``resume`` or ``abort``."""
    RESEND = "e"
    """``target`` is the reference of a delivery that is to be sent again."""
    RADIO = "r"
    """``target`` is the reference of a delivery whose unit has answered by radio."""
    STARTEX = "s"
    """``target`` is the exercise's number, ``choice`` is ``yes`` or ``no``."""
    COMMCHECK = "c"
    """``target`` is the exercise's number, ``choice`` the number of the test of the line."""
    END = "x"
    """``target`` is the exercise's number, ``choice`` is ``yes`` or ``no``."""
    SEAT = "u"
    """``target`` is ``EXERCISE.UNIT``, ``choice`` is ``card``, ``unbind``, ``code`` or ``withdraw``."""
    HOT_WASH = "w"
    """``target`` is the exercise's number, ``choice`` a rating, a question, or ``nameless``."""
    OFFER = "k"
    """``target`` is the id of a scenario that was sent, ``choice`` is ``yes`` or ``no``."""
    PAGE = "l"
    """``target`` is the exercise's number (0: of none), ``choice`` the page, counted from 0."""


_VERBS = {verb.value: verb for verb in Verb}
_OF_AN_EXERCISE = {
    Verb.GATE,
    Verb.HELD,
    Verb.STARTEX,
    Verb.REALWORLD,
    Verb.GO_ON,
    Verb.END,
    Verb.SEAT,
    Verb.PAGE,
    Verb.COMMCHECK,
    Verb.HOT_WASH,
}


@dataclass(frozen=True, slots=True)
class ButtonData:
    """The content of ``callback_data``."""

    verb: Verb
    target: str
    choice: str = ""

    def pack(self) -> str:
        """The data as the button carries it."""
        return f"{self.verb}:{self.target}:{self.choice}"

    @classmethod
    def unpack(cls, data: str) -> "ButtonData | None":
        """What :meth:`pack` packed, or ``None`` for anything else."""
        letter, first, rest = data.partition(":")
        target, second, choice = rest.partition(":")
        verb = _VERBS.get(letter)
        if not (first and second and target and data.isascii()) or verb is None or ":" in choice:
            return None
        if verb in _OF_AN_EXERCISE and not _NUMBERED.fullmatch(target):
            return None
        return cls(verb, target, choice)
