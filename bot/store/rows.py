"""Values as rows: what each table keeps of an exercise. Pure."""

from typing import Any

import orjson

from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.exercise.people import UnitSeat


def exercise_row(after: Exercise) -> dict[str, Any]:
    """What the table of exercises keeps, beside what never changes."""
    return {
        "name": after.name,
        "scenario_id": after.scenario.id,
        "control_chat_id": after.control.chat_id,
        "control_thread_id": after.control.thread_id,
        "language": after.language,
        "timezone": after.timezone,
        "state": after.state,
        "scheduled_at": after.scheduled_at,
        "startex_at": after.clock.startex_at,
        "endex_at": after.clock.endex_at,
        "situation": after.situation,
        "phase": after.phase,
        "summarised": after.summarised,
    }


def stop_rows(after: Exercise) -> list[dict[str, Any]]:
    """The stops of an exercise, first to last."""
    return [
        {
            "exercise": after.number,
            "position": position,
            "kind": s.kind,
            "began_at": s.began_at,
            "ended_at": s.ended_at,
            "by_id": s.by.id,
            "by_name": s.by.name,
            "why": s.why,
        }
        for position, s in enumerate(after.clock.stops)
    ]


def participant_rows(after: Exercise) -> list[dict[str, Any]]:
    """The people in the control of an exercise."""
    return [
        {"exercise": after.number, "user_id": user_id, "name": p.person.name, "role": p.role}
        for user_id, p in after.participants.items()
    ]


def seat_row(taken: UnitSeat) -> dict[str, Any]:
    """A unit's seat, beside its leaders."""
    return {
        "code_hash": taken.code_hash,
        "code_expires_at": taken.code_expires_at,
        "chat_id": taken.place.chat_id if taken.place else None,
        "thread_id": taken.place.thread_id if taken.place else None,
        "chat_title": taken.chat_title,
        "unreachable": taken.unreachable,
    }


def leader_rows(after: Exercise, unit: str) -> list[dict[str, Any]]:
    """The leaders of a unit, first to last."""
    return [
        {"exercise": after.number, "unit": unit, "user_id": user_id, "position": position, "name": name}
        for position, (user_id, name) in enumerate(after.seats[unit].leaders.items())
    ]


def new_inject_row(run: InjectRun, position: int, *, scripted: bool) -> dict[str, Any]:
    """A run that is new to the table: the scenario defines it (``scripted``), or the row itself does."""
    definition = None if scripted else run.inject.model_dump_json(by_alias=True, exclude_defaults=True)
    return {"inject": run.id, "position": position, "definition": definition, **inject_row(run)}


def inject_row(run: InjectRun) -> dict[str, Any]:
    """What the table of injects keeps of a run, beside what never changes."""
    return {
        "at_offset": run.at,
        "state": run.state,
        "cause": run.cause,
        "because": run.because,
        "due_at": run.due_at,
        "issued_at": run.issued_at,
        "why": run.why,
        "silence_answered": run.silence_answered,
    }


def delivery_row(d: Delivery) -> dict[str, Any]:
    """A delivery whole, with its answers."""
    acknowledged, choice = d.acknowledged, d.choice
    progress = [[mark.step, mark.at.isoformat(), mark.by.id, mark.by.name, mark.exact] for mark in d.progress]
    evidence = [[mark.kind, mark.at.isoformat(), mark.by.id, mark.by.name] for mark in d.evidence]
    return {
        "inject": d.inject,
        "unit": d.unit,
        "reference": d.reference,
        "due_at": d.due_at,
        "state": d.state,
        "why": d.why,
        "sent_at": d.sent_at,
        "message_date": d.message_date,
        "message_id": d.message_id,
        "possible_duplicate": d.possible_duplicate,
        "resent": d.resent,
        "acknowledged_at": acknowledged.at if acknowledged else None,
        "acknowledged_by_id": acknowledged.by.id if acknowledged else None,
        "acknowledged_by_name": acknowledged.by.name if acknowledged else None,
        "acknowledged_exact": acknowledged.exact if acknowledged else None,
        "acknowledged_by_radio": acknowledged.by_radio if acknowledged else None,
        "option": choice.option if choice else None,
        "option_at": choice.at if choice else None,
        "option_exact": choice.exact if choice else None,
        "option_by_id": choice.by.id if choice else None,
        "option_by_name": choice.by.name if choice else None,
        "reason": choice.reason if choice else None,
        "progress": orjson.dumps(progress).decode(),
        "evidence": orjson.dumps(evidence).decode(),
        "rung": ",".join(sorted(d.rung)),
    }
