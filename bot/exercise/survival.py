"""Quantiles of answer times where some answers never came (Kaplan and Meier, JASA 1958). Pure.

Leaving out what was not answered flatters a unit: a median over the answers given alone tells how fast those who
answered were. Here a missing answer counts for as long as it was waited for, and where too many are missing for a
quantile to be known, what is known is its lower bound.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_ROUNDING = 1e-12
"""A share that the product of many fractions misses by no more than this has been reached."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The wait for one answer, in seconds of exercise time.

    ``seconds`` is how long the answer took; where it is not ``answered``, how long it would at least have taken.
    ``watched`` is how long an answer was looked out for: the same, unless looking out went on beyond what is
    claimed of a missing one.
    """

    seconds: float
    answered: bool
    watched: float

    @classmethod
    def ended(cls, seconds: float) -> "Wait":
        """An answer came after ``seconds``."""
        return cls(seconds, answered=True, watched=seconds)

    @classmethod
    def missing(cls, at_least: float, watched: float) -> "Wait":
        """No answer came in the ``watched`` seconds; it counts as one of ``at_least`` so many."""
        return cls(at_least, answered=False, watched=max(at_least, watched))


@dataclass(frozen=True, slots=True)
class Bound:
    """A time in seconds, or the least that it can be."""

    seconds: float
    at_least: bool = False


def quantile(waits: Sequence[Wait], share: float) -> Bound | None:
    """The time within which ``share`` (above 0, at most 1) of the answers came; ``None`` without any wait.

    The first time at which the Kaplan-Meier estimate of the share answered reaches ``share``. Where it never does,
    the nearest-rank quantile of the waits, each missing answer taken at the least it can have been.
    """
    if not waits:
        return None
    leaving = Counter(wait.watched for wait in waits)
    answering = Counter(wait.watched for wait in waits if wait.answered)
    at_risk, unanswered = len(waits), 1.0
    for moment in sorted(leaving):
        unanswered *= 1 - answering[moment] / at_risk
        if 1 - unanswered >= share - _ROUNDING:
            return Bound(moment)
        at_risk -= leaving[moment]
    ordered = sorted(wait.seconds for wait in waits)
    return Bound(ordered[math.ceil(share * len(ordered)) - 1], at_least=True)


def longest(waits: Sequence[Wait]) -> Bound | None:
    """The longest wait; at least that long where an answer is missing. ``None`` without any wait."""
    if not waits:
        return None
    return Bound(max(wait.seconds for wait in waits), at_least=not all(wait.answered for wait in waits))
