"""How a rehearsal stands, as JSON-ready data: who plays what, clock and counters, each inject."""

from typing import Any

from bot.rehearsal.course import Delivery
from bot.rehearsal.drill import Drill
from bot.rehearsal.page.showing import find_chat, key_of
from bot.rehearsal.profiles import PROFILES
from bot.rehearsal.stage import Stage
from bot.rehearsal.trouble import Kind
from scenarios.model import Inject

WORDS_LENGTH = 160
MOST_MISSING = 100
"""How many lost injects are named."""


class Standing:
    """Reads a stage; whoever asks for :meth:`fresh_injects` takes them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def roles(self) -> dict[str, Any]:
        """The title, the units and who plays whom."""
        drill = self._stage.drill
        if drill is None:
            return {
                "title": "",
                "language": "en",
                "zone": "",
                "control": None,
                "units": [],
                "roles": {},
                "profiles": [],
            }
        return {
            "title": drill.scenario.title.in_language(drill.language),
            "language": drill.language,
            "zone": self._stage.zone,
            "control": str(drill.control.id),
            "units": [self._unit(drill, unit) for unit in drill.units],
            "roles": _roles(drill),
            "profiles": list(PROFILES),
        }

    def _unit(self, drill: Drill, unit: str) -> dict[str, Any]:
        return {
            "id": unit,
            "name": drill.scenario.units[unit].name.in_language(drill.language),
            "chat": str(drill.units[unit].id),
            "leader": drill.leaders[unit].id,
        }

    def pulse(self) -> dict[str, Any]:
        """What changes all the time: clock, bars, counters."""
        stage = self._stage
        now = stage.clock.now()
        pulse: dict[str, Any] = {
            "now": now.timestamp(),
            "going": stage.clock.pace.speed,
            "speed": stage.speed,
            "paused": stage.is_paused,
            "stepping": stage.is_stepping,
            "trouble": {kind.value: stage.trouble.left[kind] for kind in Kind},
            "struck": {kind.value: stage.trouble.struck[kind] for kind in Kind},
            "bot": None,
            "exercise": None,
            "plays": stage.plays,
            "directed": False,
            "offline": [],
            "replay": None,
        }
        if stage.replay is not None:
            played = stage.replay
            pulse["replay"] = {"title": played.title, "warning": played.warning, "over": played.is_over}
        if stage.bot is not None:
            pulse["bot"] = {"alive": stage.bot.is_alive, "starts": stage.bot.starts, "kills": stage.bot.kills}
        if stage.drill is not None and stage.course is not None:
            next_at = stage.course.next_at(now)
            pulse["exercise"] = {
                "state": stage.course.state.value,
                "elapsed": stage.course.elapsed(now).total_seconds(),
                "planned": stage.drill.planned().total_seconds(),
                "next": None if next_at is None else next_at.total_seconds(),
                "ready": stage.drill.is_seated,
                "runs": stage.course.is_running,
                "lost": len(lost := stage.lost()),
                "missing": sorted({inject for inject, _ in lost})[:MOST_MISSING],
                **stage.course.counters(),
            }
            pulse["directed"] = stage.drill.is_directed
            pulse["offline"] = [unit for unit in stage.drill.units if stage.phone_is_off(unit)]
        return pulse

    def injects(self) -> list[dict[str, Any]]:
        """Each inject of the script, and what came of it."""
        drill = self._stage.drill
        return [] if drill is None else [self._inject(drill, inject) for inject in drill.scenario.injects]

    def fresh_injects(self) -> list[dict[str, Any]]:
        """Those to which something happened since this was last asked."""
        course, drill = self._stage.course, self._stage.drill
        if course is None or drill is None or not course.changed:
            return []
        changed, course.changed = course.changed, set()
        return [self._inject(drill, inject) for inject in drill.scenario.injects if inject.id in changed]

    def _inject(self, drill: Drill, inject: Inject) -> dict[str, Any]:
        course = self._stage.course
        came = course.deliveries.get(inject.id, {}) if course is not None else {}
        return {
            "id": inject.id,
            "at": inject.at.total_seconds() if inject.at is not None else None,
            "words": " ".join(inject.text.in_language(drill.language).split())[:WORDS_LENGTH],
            "kind": inject.kind.value,
            "units": list(drill.scenario.units_of(inject)),
            "came": {unit: self._delivery(delivery) for unit, delivery in came.items()},
        }

    def _delivery(self, delivery: Delivery) -> dict[str, Any]:
        chat = self._stage.world.chats.get(delivery.chat_id) or find_chat(self._stage.world, str(delivery.chat_id))
        return {
            "chat": key_of(chat) if chat is not None else "",
            "message": delivery.message_ids[-1] if delivery.message_ids else None,
            "copies": len(delivery.message_ids),
            "at": delivery.at.timestamp() if delivery.at else None,
            "asks": delivery.asks,
            "acknowledged": delivery.acknowledged_at.timestamp() if delivery.acknowledged_at else None,
        }


def _roles(drill: Drill) -> dict[str, dict[str, str]]:
    roles = {str(drill.director.person.id): {"role": "director"}, str(drill.stranger.id): {"role": "stranger"}}
    roles |= {str(person.id): {"role": "leader", "unit": unit} for unit, person in drill.leaders.items()}
    roles |= {str(person.id): {"role": "member", "unit": unit} for unit, person in drill.members.items()}
    return roles
