"""One scenario: a look at it before it is chosen, or added, and the whole of it as a workbook. Pure.

Unmarked: it belongs to no exercise yet.
"""

from collections import Counter

import orjson

from bot.buttons import ButtonData, Verb
from bot.messages import ScenarioCard, ScenarioFile, ScenarioOffer, ScenarioProblems
from bot.report.pages import utf16_units
from bot.texts.catalogue import count, say
from bot.texts.times import span
from bot.wire.rendering.html import Html, as_many, bold, code, escape, fill, joined, one_line, visible
from bot.wire.rendering.marking import LONGEST_TEXT
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from scenarios.model import Scenario, load

_ROOM_FOR_FINDINGS = 1_800
"""UTF-16 units of a preview."""


def scenario_card(message: ScenarioCard, view: View) -> Rendered:
    """Title, id and length, the injects of each phase, and every unit."""
    scenario, language = view.scenario, view.language
    if scenario is None:
        return _gone(message.scenario, view)
    return Rendered(_looked_at(scenario, fill(language, "scenario.next", scenario=scenario.id), language))


def scenario_offer(message: ScenarioOffer, view: View) -> Rendered:
    """The same of one that was sent, with what is worth a look, and whether it is to be added; then what became of it.

    One of the same id in the library is not replaced unseen: the question says that it would be.
    """
    language, scenario = view.language, load(orjson.loads(message.document))
    wanted = "replace" if message.replaces else "add"
    outcome = f"offer.answer.{message.answer}" if message.answer else f"offer.{wanted}"
    foot = joined(
        (
            *_findings(message, language),
            fill(language, outcome, scenario=scenario.id, by=one_line(message.answered_by) or "-"),
        )
    )
    buttons = (
        Button(say(language, f"offer.{wanted}_yes"), ButtonData(Verb.OFFER, scenario.id, "yes").pack()),
        Button(say(language, "offer.no"), ButtonData(Verb.OFFER, scenario.id, "no").pack()),
    )
    return Rendered(_looked_at(scenario, foot, language), () if message.answer else (buttons,))


def _looked_at(scenario: Scenario, foot: Html, language: str) -> Html:
    """What is seen of a scenario at a glance; of many units the first that find room."""
    head = [bold(one_line(scenario.title.in_language(language))), code(scenario.id), _size(scenario, language)]
    lines = [*_phases(scenario, language), bold(fill(language, "scenario.units")), *_units(scenario, language)]
    left = LONGEST_TEXT - utf16_units(visible(joined((*head, foot)))) - 2
    return joined((*head, as_many(lines, left, language), foot))


def _findings(message: ScenarioOffer, language: str) -> tuple[Html, ...]:
    if not message.number_of_findings:
        return ()
    head = bold(fill(language, "offer.findings", number=str(message.number_of_findings)))
    return head, as_many([escape(one_line(each, 300)) for each in message.findings], _ROOM_FOR_FINDINGS, language)


def scenario_file(message: ScenarioFile, view: View) -> Rendered:
    """The workbook, which can be changed and sent back."""
    if view.scenario is None:
        return _gone(message.scenario, view)
    # What writes workbooks takes most of a second to load, and the start of the bot has to be quick.
    from scenarios.writing import write_scenario  # noqa: PLC0415 - see above

    body = write_scenario(view.scenario, ".xlsx", view.language)
    caption = fill(view.language, "scenario.file", scenario=view.scenario.id)
    return Rendered(caption, document=body, file_name=f"{view.scenario.id}.xlsx")


def scenario_problems(message: ScenarioProblems, view: View) -> Rendered:
    """The list as plain text, a problem on each line."""
    caption = fill(view.language, "scenario.problems", number=str(len(message.problems)))
    body = "".join(f"{problem}\n" for problem in message.problems).encode(errors="replace")
    return Rendered(caption, document=body, file_name=f"{say(view.language, 'scenario.problems_file')}.txt")


def _gone(scenario: str, view: View) -> Rendered:
    return Rendered(fill(view.language, "reply.scenario_unknown", scenario=scenario))


def _size(scenario: Scenario, language: str) -> Html:
    units, injects = (
        count(language, "count.units", len(scenario.units)),
        count(language, "count.injects", len(scenario.injects)),
    )
    if scenario.duration is None:
        return fill(language, "scenarios.size", units=units, injects=injects)
    return fill(language, "scenarios.size_long", units=units, injects=injects, span=span(scenario.duration, language))


def _phases(scenario: Scenario, language: str) -> list[Html]:
    """How many injects each phase has; those that wait for a cause or the director come last."""
    planned = [inject for inject in scenario.injects if inject.at is not None]
    numbers = Counter(inject.phase for inject in planned)
    lines = [
        fill(
            language,
            "scenario.phase",
            phase=one_line(phase.title.in_language(language)),
            injects=count(language, "count.injects", numbers[phase.id]),
        )
        for phase in scenario.phases
    ]
    waiting = len(scenario.injects) - len(planned)
    if waiting:
        lines.append(fill(language, "scenario.shelf", injects=count(language, "count.injects", waiting)))
    return lines


def _units(scenario: Scenario, language: str) -> list[Html]:
    return [
        fill(language, "scenario.unit", unit=unit, unit_name=one_line(part.name.in_language(language)))
        for unit, part in scenario.units.items()
    ]
