"""What follows ENDEX, as the record shows it: the hot wash and the improvement plan. Pure."""

from collections.abc import Sequence
from typing import Any

from bot.exercise.facts import LogEntry
from bot.exercise.hot_wash import HotWash, hot_wash_in
from bot.exercise.improving import Action, actions_in
from bot.report.shown import moment, person_shown


def after_endex(entries: Sequence[LogEntry]) -> dict[str, Any]:
    """The parts ``hot_wash`` (``None`` where units were not asked) and ``actions`` of the record."""
    facts = [entry.fact for entry in entries]
    wash = hot_wash_in(facts)
    return {
        "hot_wash": _hot_wash(wash) if wash else None,
        "actions": [_action(action) for action in actions_in(facts)],
    }


def _hot_wash(wash: HotWash) -> dict[str, Any]:
    return {
        "opened_at": moment(wash.opened_at),
        "closes_at": moment(wash.closes_at),
        "closed": wash.closed,
        "units": list(wash.units),
        "heard": wash.heard,
        "nameless": sorted(wash.nameless),
        "mean_rating": wash.mean,
        "ratings": [
            {"unit": unit, "rating": rated.rating, "at": moment(rated.at), "by": person_shown(rated.by)}
            for unit, rated in wash.ratings.items()
        ],
        "answers": [
            {
                "unit": remark.unit,
                "question": remark.question.value,
                "text": remark.text,
                "at": moment(remark.at),
                "by": person_shown(remark.by),
            }
            for remark in wash.remarks
        ],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "number": action.number,
        "text": action.plan.text,
        "owner": action.plan.owner or None,
        "due": action.plan.due.isoformat() if action.plan.due else None,
        "by": person_shown(action.by),
        "at": moment(action.at),
    }
