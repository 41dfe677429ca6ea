"""The improvement plan in the control room. Pure."""

from datetime import date

from bot.exercise.improving import Action, actions_in
from bot.messages import ActionList
from bot.report.pages import utf16_units
from bot.texts.times import day
from bot.wire.rendering.html import Html, as_many, bold, clean, fill, joined, one_line, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View

_LONGEST_ACTION = 400


def action_list(message: ActionList, view: View) -> Rendered:
    """Every corrective action with its owner and its date, and how one is added or taken back."""
    language = view.language
    actions = actions_in(entry.fact for entry in view.log)
    title = bold(fill(language, "actions.title", number=str(message.exercise)))
    if not actions:
        return Rendered(marked(joined((title, fill(language, "actions.none"), _how(language))), language))
    lines = [_action(action, language) for action in actions]
    left = room(language) - utf16_units(visible(title)) - utf16_units(visible(_how(language))) - 2
    return Rendered(marked(joined((title, as_many(lines, left, language), _how(language))), language))


def _action(action: Action, language: str) -> Html:
    plan = action.plan
    words = one_line(clean(plan.text), _LONGEST_ACTION)
    return fill(
        language,
        "actions.line",
        number=str(action.number),
        words=words,
        owner=one_line(plan.owner) if plan.owner else "-",
        due=_due(plan.due, language),
    )


def _due(due: date | None, language: str) -> str:
    return day(due, language) if due else "-"


def _how(language: str) -> Html:
    return fill(language, "actions.how")
