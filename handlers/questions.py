"""Buttons under the bot's questions to the director about the script, and under the board that shows them too."""

from bot.buttons import ButtonData
from bot.exercise import conduct
from bot.exercise.lateness import Release, release
from bot.exercise.lateness import held as held_runs
from bot.messages import Board, GateQuestion, HeldQuestion
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, Stale, question
from handlers.request import Request

_RELEASES = {Release.SEND: Deed.FIRE, Release.SHIFT: Deed.DELAY, Release.SKIP: Deed.SKIP}


def gate(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """An inject whose condition is undecided: sent, or left out."""
    number, _, inject = data.target.partition(".")
    exercise, asked = question(tx, request, (GateQuestion, Board), number)
    if isinstance(asked, GateQuestion) and asked.inject != inject:
        raise Stale
    if data.choice == "send":
        require(Deed.FIRE, request, desk.owners, exercise)
        change = conduct.fire(exercise, inject, request.person, request.at, desk.clock.reference)
    elif data.choice == "skip":
        require(Deed.SKIP, request, desk.owners, exercise)
        change = conduct.skip(exercise, inject, request.person, request.at, "director")
    else:
        raise Stale
    return "toast.done", {}, record(tx, change)


def held(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """Injects that came due during an interruption: sent, put off with all the others, or left out."""
    number, _, shown = data.target.partition(".")
    exercise, asked = question(tx, request, (HeldQuestion, Board), number)
    if data.choice not in set(Release):
        raise Stale
    choice = Release(data.choice)
    require(_RELEASES[choice], request, desk.owners, exercise)
    # Only what was there to be read: what was held since is asked about by another question.
    if isinstance(asked, HeldQuestion):
        injects = asked.injects
    else:
        injects = tuple(run.id for run in held_runs(exercise))
        if shown != str(len(injects)):
            raise Stale
    change = release(exercise, injects, choice, request.person, request.at, desk.clock.reference)
    return "toast.done", {}, record(tx, change)
