"""Scenario files in a control room: read under guard, then added to the library or answered with their problems."""

from telegram import Document
from telegram import Message as TelegramMessage

from bot.exercise.errors import Refusal
from bot.messages import Gap, Message, Plain, ScenarioCard, ScenarioFile, ScenarioList, ScenarioProblems, Span
from bot.service import library
from bot.service.preparing import UnknownScenario
from bot.store import directory
from bot.store.transaction import Transaction
from bot.texts.catalogue import count
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.director import require_here
from handlers.request import Request
from scenarios.model import Scenario
from scenarios.reading import Checked

MOST_PROBLEMS = 10
"""Told in one reply; all of more come in a file."""
MOST_IN_FILE = 1_000
"""Beyond them nobody reads on before mending some."""


class MediaNotSent(Refusal):
    """The scenario names files, and a chat brings one document alone; ``files`` are their paths."""

    key = "reply.scenario_media"


async def scenarios(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """`/scenarios [scenario]`: the library, or one of it; with a file, or in answer to one, that file is added."""
    answered = message.reply_to_message
    sent = message.document or (answered.document if answered else None)
    if sent is not None:
        await _add(desk, request, sent)
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


async def _add(desk: Desk, request: Request, sent: Document) -> None:
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
        if checked.scenario is None:
            return [_problems(checked, "reply.scenario_refused"), *_all_of_many(checked)]
        replaced = directory.scenario_of(tx, checked.scenario.id) is not None
        directory.add_scenario(tx, checked.scenario, request.person, request.at)
        added = _added(checked.scenario, desk.language_at(tx, request.place.chat_id), replaced=replaced)
        return (
            [added, _problems(checked, "reply.scenario_warnings"), *_all_of_many(checked)]
            if checked.problems
            else added
        )

    await desk.answer(request, use_case)


def _media(scenario: Scenario) -> list[str]:
    named = (path for inject in scenario.injects for medium in inject.media for _, path in medium if path)
    return list(dict.fromkeys(named))


def _problems(checked: Checked, key: str) -> Message:
    told = [str(problem) for problem in checked.problems]
    return Plain(key=key, params={"number": len(told), "problems": "\n".join(told[:MOST_PROBLEMS])})


def _all_of_many(checked: Checked) -> list[Message]:
    """The whole list in a file, where the reply shows its beginning alone."""
    if len(checked.problems) <= MOST_PROBLEMS:
        return []
    return [ScenarioProblems(problems=tuple(str(problem) for problem in checked.problems[:MOST_IN_FILE]))]


def _added(scenario: Scenario, language: str, *, replaced: bool) -> Message:
    params: dict[str, Gap] = {
        "id": scenario.id,
        "title": scenario.title.in_language(language),
        "number_of_units": count(language, "count.units", len(scenario.units)),
        "number_of_injects": count(language, "count.injects", len(scenario.injects)),
    }
    if scenario.duration is not None:
        params["length"] = Span(elapsed=scenario.duration)
    return Plain(key="reply.scenario_replaced" if replaced else "reply.scenario_added", params=params)
