"""The gate of an inject: met, decided otherwise, or undecided. Pure."""

from enum import StrEnum
from typing import assert_never

from bot.exercise.model import Exercise, InjectState
from scenarios.model import Condition, Requires


class Verdict(StrEnum):
    """What is known about a condition. Undecided: it can still become true."""

    MET = "met"
    OTHERWISE = "otherwise"
    UNDECIDED = "undecided"


def judge(requires: Requires, exercise: Exercise) -> Verdict:
    """The verdict on a whole gate: ``any`` needs one condition met, ``all`` needs each."""
    if requires.any is not None:
        verdicts = {_judge_one(condition, exercise) for condition in requires.any}
        order = (Verdict.MET, Verdict.UNDECIDED, Verdict.OTHERWISE)
    else:
        verdicts = {_judge_one(condition, exercise) for condition in requires.all or ()}
        order = (Verdict.OTHERWISE, Verdict.UNDECIDED, Verdict.MET)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.MET)


def _judge_one(condition: Condition, exercise: Exercise) -> Verdict:
    run = exercise.injects[condition.inject]
    if condition.option is not None:
        choices = [d.choice.option for d in run.deliveries.values() if d.choice]
        if choices:
            return Verdict.MET if condition.option in choices else Verdict.OTHERWISE
    elif run.state is InjectState.ISSUED and run.deliveries and all(d.acknowledged for d in run.deliveries.values()):
        return Verdict.MET
    match run.state:
        case InjectState.SKIPPED:
            return Verdict.OTHERWISE
        case InjectState.WAITING if run.at is None:
            # A contingency inject that nothing has fired: the script has gone another way.
            return Verdict.OTHERWISE
        case InjectState.WAITING | InjectState.ASKED | InjectState.HELD | InjectState.ISSUED:
            return Verdict.UNDECIDED
        case _:
            assert_never(run.state)
