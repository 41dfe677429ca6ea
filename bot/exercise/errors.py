"""Why something was refused: one class per reason, under one base. Pure.

Each class names the text that tells the person (``key``); ``params`` fill its gaps.
"""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer to a person, not a fault
    """What was asked cannot be done; the person is told why and nothing has changed."""

    key: ClassVar[str] = "refused.generic"

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.key, params)
        self.params = params


class UnknownInject(Refusal):
    """There is no inject with that id; ``inject`` is what was written."""

    key = "refused.unknown_inject"


class UnknownUnit(Refusal):
    """There is no unit with that name; ``unit`` is what was written, ``names`` are those that come close."""

    key = "refused.unknown_unit"


class AlreadyStarted(Refusal):
    """STARTEX has been."""

    key = "refused.already_started"


class NotStarted(Refusal):
    """STARTEX has not been."""

    key = "refused.not_started"


class NotScheduled(Refusal):
    """No STARTEX is set that could be given up."""

    key = "refused.not_scheduled"


class NotRunning(Refusal):
    """The exercise clock stands still already."""

    key = "refused.not_running"


class NotPaused(Refusal):
    """The exercise clock is running already."""

    key = "refused.not_paused"


class NothingToStop(Refusal):
    """A real emergency was reported where no exercise is running: there is nothing to stop."""

    key = "refused.nothing_to_stop"


class StoppedAlready(Refusal):
    """A real emergency was reported while the exercise stands still for one."""

    key = "refused.stopped_already"


class ExerciseOver(Refusal):
    """ENDEX has been."""

    key = "refused.exercise_over"


class NotOpen(Refusal):
    """The inject has been issued or skipped; ``inject`` names it."""

    key = "refused.not_open"


class NotPlanned(Refusal):
    """The inject has no time that could be put off: it waits for a person or a condition; ``inject`` names it."""

    key = "refused.not_planned"


class NothingPlanned(Refusal):
    """No inject waits for its time."""

    key = "refused.nothing_planned"


class NotReceived(Refusal):
    """That inject was not sent to that unit; ``inject`` names it."""

    key = "refused.not_received"


class NothingOpen(Refusal):
    """The unit has answered everything."""

    key = "refused.nothing_open"


class NothingAsked(Refusal):
    """The inject asks for no such answer; ``inject`` names it."""

    key = "refused.nothing_asked"


class AlreadyAcknowledged(Refusal):
    """Somebody of the unit was first; ``inject`` and ``name`` say what and who."""

    key = "refused.already_acknowledged"


class AlreadyDecided(Refusal):
    """The decision has been taken; ``inject``, ``name`` and ``option`` say what, who and how."""

    key = "refused.already_decided"


class AlreadyMarked(Refusal):
    """The progress step has been reported; ``step`` and ``name`` say what and who."""

    key = "refused.already_marked"


class LeaderOnly(Refusal):
    """Only a leader of the unit may do that; ``leaders`` names them."""

    key = "refused.leader_only"


class ReasonNeeded(Refusal):
    """The option asks for a reason, which was not given; ``inject`` and ``option`` say which."""

    key = "refused.reason_needed"


class UnknownOption(Refusal):
    """The decision has no such option; ``inject`` names it."""

    key = "refused.unknown_option"
