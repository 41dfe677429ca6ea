"""`/improve`: the corrective actions that an exercise leads to."""

import re
from zoneinfo import ZoneInfo

from bot.exercise import improving
from bot.exercise.improving import Action
from bot.exercise.model import Exercise
from bot.messages import ActionList, Notice
from bot.service.recording import record
from bot.store import log
from bot.store.transaction import Transaction
from bot.texts.times import day
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import steered

_LONGEST = 1_000
_TAKE_BACK = re.compile(r"(?:cancel|batal)\s+(\d{1,6})", re.IGNORECASE)


async def improve(desk: Desk, request: Request) -> None:
    """`/improve [TEXT [@owner] [DATE]]`, or `/improve cancel NUMBER`: adds, takes back, or (bare) lists."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.IMPROVE, free_text=True)
        if not text:
            return ActionList(exercise=exercise.number)
        if back := _TAKE_BACK.fullmatch(text):
            change = improving.withdraw(exercise, _actions(tx, exercise), int(back[1]), request.person, request.at)
            record(tx, change)
            return Notice(exercise=exercise.number, key="notice.action_withdrawn", params={"action": back[1]})
        today = request.at.astimezone(ZoneInfo(exercise.timezone)).date()
        plan = improving.planned(_with_owner(request, text)[:_LONGEST], today)
        record(tx, improving.add(exercise, plan, request.person, request.at))
        added = _actions(tx, exercise)[-1]
        language = desk.language_at(tx, request.place.chat_id, exercise)
        return Notice(
            exercise=exercise.number,
            key="notice.action_added",
            params={
                "action": str(added.number),
                "text": plan.text,
                "owner": plan.owner,
                "due": day(plan.due, language) if plan.due else "",
            },
        )

    await desk.answer(request, use_case)


def _with_owner(request: Request, text: str) -> str:
    """The text, with a person who is mentioned and has no username written as ``@Their_name``."""
    if request.mentioned is None:
        return text
    return text.replace(request.mentioned.name, "@" + re.sub(r"\W+", "_", request.mentioned.name), 1)


def _actions(tx: Transaction, exercise: Exercise) -> list[Action]:
    return improving.actions_in(entry.fact for entry in log.entries(tx, exercise.number, improving.KINDS))
