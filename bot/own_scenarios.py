"""The folder of one's own scenarios: taken into the library at every start, their media lying beside them."""

import asyncio
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.exercise.people import SYSTEM
from bot.store import directory
from bot.store.store import Store
from scenarios.model import Scenario
from scenarios.reading import FORMS, Check, Checked, read_scenario

log = structlog.get_logger(__name__)


async def take_in(folder: Path, store: Store, clock: Clock) -> None:
    """Put every scenario file of the folder into the library, in the place of one with the same id.

    A file with errors is left out, and said so in the log: it keeps no exercise from running.
    """
    for name, checked in await asyncio.to_thread(_read, folder):
        for problem in checked.problems:
            log.warning("scenario_problem", file=name, problem=problem.located(name))
        if checked.scenario is not None:
            await _add(checked.scenario, store, clock)
            log.info("scenario_taken_in", file=name, id=checked.scenario.id)


async def _add(scenario: Scenario, store: Store, clock: Clock) -> None:
    at = clock.now()
    await store.perform(lambda tx: directory.add_scenario(tx, scenario, SYSTEM, at))


def _read(folder: Path) -> list[tuple[str, Checked]]:
    files = sorted(file for file in folder.iterdir() if _is_scenario(file))
    return [(file.name, read_scenario(file.read_bytes(), file.name, Check(folder))) for file in files]


def _is_scenario(file: Path) -> bool:
    # Spreadsheet programs leave a file beside one that is open, with '~$' or '.~lock' before its name.
    return file.suffix.casefold() in FORMS and not file.name.startswith(("~$", ".")) and file.is_file()
