"""The bundled exercise of a police resort, played whole along many paths of decisions."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from bot.exercise.facts import FactKind
from bot.exercise.model import InjectState
from bot.report.account import account
from bot.report.record import record_of
from scenarios.library import read_bundled
from tests.builders import STARTEX, Play, an_exercise

SISPAMKOTA = read_bundled("sispamkota_pemilu")
DECISIONS = {inject.id: inject.decision for inject in SISPAMKOTA.injects if inject.decision is not None}
IF_SILENT = {inject.id: inject.if_silent for inject in SISPAMKOTA.injects}
WATER = "I-30"
"""The order to the water cannon's crew."""
ASKED, AUTHORISED, AFTER_APPEAL = "I-28", "I-29", "C-10"
"""Who may bring the water cannon: the company commander asks, the post authorises, at once or after an appeal."""
APPROVALS = {(AUTHORISED, "setuju"), (AFTER_APPEAL, "awc")}
SILENT = ""
ACKNOWLEDGED_AFTER, DECIDED_AFTER = 8.0, 21.0

Path = Mapping[str, str]
"""What is decided at each decision, if it is asked at all; ``SILENT``: nothing."""


def choices(inject: str) -> list[str]:
    return [option.id for option in DECISIONS[inject].options] + [SILENT]


def paths() -> Iterator[Path]:
    """Every way to the water cannon and past it; the decisions on the way take each of their choices in turn."""
    at_the_cannon = (ASKED, AUTHORISED, AFTER_APPEAL)
    others = [inject for inject in DECISIONS if inject not in at_the_cannon]
    for number, end in enumerate(product(*map(choices, at_the_cannon))):
        way = {
            inject: choices(inject)[(number + position) % len(choices(inject))]
            for position, inject in enumerate(others)
        }
        yield {**way, **dict(zip(at_the_cannon, end, strict=True))}


def played(path: Path) -> Play:
    """Everybody acknowledges everything and decides as ``path`` says; ENDEX comes two minutes after the last inject."""
    play = Play(an_exercise(SISPAMKOTA)).startex()
    last = max(inject.at for inject in SISPAMKOTA.injects if inject.at is not None)
    waiting: list[tuple[float, str, str, str]] = []
    seen: set[tuple[str, str]] = set()
    second = 0.0
    while second < last.total_seconds():
        for delivery in (d for run in play.exercise.injects.values() for d in run.deliveries.values()):
            if delivery.sent_at is None or (delivery.inject, delivery.unit) in seen:
                continue
            seen.add((delivery.inject, delivery.unit))
            sent = (delivery.sent_at - STARTEX).total_seconds()
            heapq.heappush(waiting, (sent + ACKNOWLEDGED_AFTER, "acknowledge", delivery.inject, delivery.unit))
            if delivery.inject in DECISIONS and DECISIONS[delivery.inject].by == delivery.unit:
                heapq.heappush(waiting, (sent + DECIDED_AFTER, "decide", delivery.inject, delivery.unit))
        # In short steps, so that what has gone out is answered in the order of the moments.
        second += 1.0
        play.to(second)
        while waiting and waiting[0][0] <= second:
            _, what, inject, unit = heapq.heappop(waiting)
            if what == "acknowledge":
                play.acknowledge(second, inject, unit)
            elif path[inject] != SILENT:
                play.decide(second, inject, unit, path[inject], "Syarat diperiksa")
    return play.endex(last.total_seconds() + 120)


@dataclass(frozen=True)
class Game:
    """A path, and what was played and recorded along it."""

    path: Path
    play: Play
    record: dict[str, Any]

    @property
    def asked(self) -> dict[str, dict[str, Any]]:
        """The recorded decisions, by inject."""
        return {decision["inject"]: decision for decision in self.record["decisions"]}


@pytest.fixture(scope="module")
def games() -> list[Game]:
    plays = [(path, played(path)) for path in paths()]
    return [Game(path, play, record_of(account(play.exercise, play.log))) for path, play in plays]


def test_the_paths_are_many_and_take_every_choice(games: list[Game]) -> None:
    taken = {tuple((inject, asked["option"]) for inject, asked in game.asked.items()) for game in games}
    assert len(taken) >= 20
    reached = {(inject, asked["option"] or SILENT) for game in games for inject, asked in game.asked.items()}
    assert reached == {(inject, choice) for inject in DECISIONS for choice in choices(inject)}


def test_the_record_tells_the_path_that_was_chosen(games: list[Game]) -> None:
    for game in games:
        told = {inject: asked["option"] or SILENT for inject, asked in game.asked.items()}
        assert told == {inject: game.path[inject] for inject in told}
        assert {inject for inject, asked in game.asked.items() if asked["silent"]} == {
            inject for inject, choice in told.items() if choice == SILENT
        }


def test_a_choice_or_a_silence_brings_its_injects_and_nothing_else_does(games: list[Game]) -> None:
    for game in games:
        meant = {
            fired for inject, asked in game.asked.items() for fired in consequences(inject, asked["option"] or SILENT)
        }
        branches = game.record["branches"]
        assert {branch["inject"] for branch in branches} == meant
        for branch in branches:
            asked = game.asked[branch["because"]]
            assert branch["inject"] in consequences(branch["because"], asked["option"] or SILENT)
            assert branch["option"] == asked["option"]
            assert branch["at"] >= (asked["at"] or asked["asked_at"])


def test_the_water_cannon_is_never_ordered_without_a_logged_approval_and_its_reason(games: list[Game]) -> None:
    ordered = 0
    for game in games:
        (order,) = (inject for inject in game.record["injects"] if inject["id"] == WATER)
        approvals = [
            line
            for line in game.record["log"]
            if line["kind"] == FactKind.DECIDED and (line["inject"], line["detail"]["option"]) in APPROVALS
        ]
        if order["state"] == InjectState.SKIPPED:
            assert approvals == []
            assert not any(delivery["inject"] == WATER for delivery in game.record["deliveries"])
        else:
            ordered += 1
            assert any(line["at"] < order["issued_at"] and line["detail"]["reason"] for line in approvals)
    assert 0 < ordered < len(games)


def consequences(inject: str, choice: str) -> set[str]:
    """The injects that a choice, or silence, fires by the scenario."""
    if choice == SILENT:
        return set(IF_SILENT[inject])
    return {fired for option in DECISIONS[inject].options if option.id == choice for fired in option.then}
