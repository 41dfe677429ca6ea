"""Scenario files in a control room: read under guard, then on offer to be added, or answered with their problems."""

from collections.abc import Sequence

from telegram import Document
from telegram import Message as TelegramMessage

from bot.buttons import ButtonData
from bot.exercise.errors import Refusal
from bot.messages import (
    Gap,
    Message,
    Plain,
    ScenarioCard,
    ScenarioFile,
    ScenarioList,
    ScenarioOffer,
    ScenarioProblems,
)
from bot.service import asking, library, offering
from bot.service.preparing import UnknownScenario
from bot.store.transaction import Transaction
from bot.texts.findings import line
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.director import require_here
from handlers.pressing import Answer, Stale, yes_or_no
from handlers.request import Request
from scenarios.model import Scenario

MOST_PROBLEMS = 10
"""Told in one reply; all of more come in a file."""
MOST_IN_FILE = 1_000
"""Beyond them nobody reads on before mending some."""


class MediaNotSent(Refusal):
    """The scenario names files, and a chat brings one document alone; ``files`` are their paths."""

    key = "reply.scenario_media"


async def scenarios(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/scenarios [scenario]`: the library, or one of it; with a file, or in answer to one, what that file holds."""
    answered = message.reply_to_message
    sent = message.document or (answered.document if answered else None)
    if sent is not None:
        await _look_at(desk, request, sent)
        return

    def use_case(tx: Transaction) -> Replies:
        require_here(tx, desk, request, Deed.SCENARIOS)
        if not request.text:
            return ScenarioList()
        found = library.find(tx, request.text)
        if found is None:
            raise UnknownScenario(scenario=request.text)
        return [ScenarioCard(scenario=found.id), ScenarioFile(scenario=found.id)]

    await desk.answer(request, use_case)


async def _look_at(desk: Desk, request: Request, sent: Document) -> None:
    """Whoever may begin an exercise here may add a scenario."""
    try:
        await desk.store.perform(lambda tx: require_here(tx, desk, request, Deed.ADD_SCENARIO))
        checked = await desk.files.scenario(sent)
    except Refusal as refusal:
        await desk.refuse(request, refusal, reply=True)
        return

    def use_case(tx: Transaction) -> Replies:
        require_here(tx, desk, request, Deed.ADD_SCENARIO)
        if checked.scenario is not None and (files := _media(checked.scenario)):
            raise MediaNotSent(files=", ".join(files))
        language = desk.language_at(tx, request.place.chat_id)
        found = [line(problem, language) for problem in checked.problems]
        if checked.scenario is None:
            return [_refused(found), *_all_of_many(found)]
        told = tuple(found[:MOST_PROBLEMS])
        offering.offer(tx, checked.scenario, told, len(found), request.place, request.at, request.message_id)
        return _all_of_many(found)

    await desk.answer(request, use_case)


def _media(scenario: Scenario) -> list[str]:
    named = (path for inject in scenario.injects for medium in inject.media for _, path in medium if path)
    return list(dict.fromkeys(named))


def _refused(found: Sequence[str]) -> Message:
    params: dict[str, Gap] = {"number": len(found), "problems": "\n".join(found[:MOST_PROBLEMS])}
    return Plain(key="reply.scenario_refused", params=params)


def _all_of_many(found: Sequence[str]) -> list[Message]:
    """The whole list in a file, where the reply shows its beginning alone."""
    if len(found) <= MOST_PROBLEMS:
        return []
    return [ScenarioProblems(problems=tuple(found[:MOST_IN_FILE]))]


def answer(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """A scenario on offer: added to the library, or not."""
    require_here(tx, desk, request, Deed.ADD_SCENARIO)
    if not isinstance(said, ScenarioOffer) or said.scenario != data.target:
        raise Stale
    if said.answer:
        raise asking.AlreadyAnswered
    word = yes_or_no(data)
    if not offering.answer(tx, data.target, request.place, word, request.person, request.at):
        raise Stale
    return f"offer.told.{word}", {"scenario": data.target}, None
