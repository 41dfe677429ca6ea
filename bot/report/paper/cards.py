"""One card for each decision: everything that it is judged by, read from top to bottom. Pure."""

from collections.abc import Iterator
from typing import Any

from bot.report.account import Account
from bot.report.cells import worded
from bot.report.names import short
from bot.report.standing import DecisionStanding
from bot.report.tables import Table
from bot.report.telling import Telling

MOST_KNOWN = 6
"""Injects that tell what a unit knew when it decided: the last of them."""
_LONGEST_KNOWN = 160
_IN_TITLE = frozenset({"at", "inject"})


def decision_cards(told: Account, decisions: Table, telling: Telling) -> Iterator[dict[str, Any]]:
    """A card for each row of the report's table of ``decisions``, as the layout sets it."""
    for decision, row in zip(told.decisions, decisions.rows, strict=True):
        cells = [
            (head, worded(cell, telling))
            for column, head, cell in zip(decisions.columns, decisions.heads, row, strict=True)
            if column not in _IN_TITLE
        ]
        asked = decision.run.inject.text.in_language(telling.language)
        known = "\n".join(_known(told, decision, telling))
        yield {
            "title": f"{decision.run.id} · {telling.clock(decision.at)}",
            "heads": [],
            "rows": [(telling.say("doc.asked"), asked), (telling.say("doc.known"), known), *cells],
            "widths": [1, 4],
            "right": [],
            "to_fill": False,
            "pictures": [],
        }


def _known(told: Account, decision: DecisionStanding, telling: Telling) -> list[str]:
    """What the exercise had told the unit before, the latest last."""
    unit, found = decision.delivery.unit, []
    for answer in told.answers_by_unit.get(unit, ()):
        sent_at = answer.delivery.sent_at
        if sent_at is not None and sent_at <= decision.at and answer.run.id != decision.run.id:
            words = short(answer.run.inject.text.in_language(telling.language), _LONGEST_KNOWN)
            found.append((sent_at, f"{telling.clock(sent_at)} {answer.run.id}: {words}"))
    return [words for _, words in sorted(found)[-MOST_KNOWN:]]
