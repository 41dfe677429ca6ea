"""The library of scenarios: the bundled ones, and those that were added."""

from bot.store import directory
from bot.store.transaction import Transaction
from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario


def find(tx: Transaction, scenario_id: str) -> Scenario | None:
    """The scenario of that id, in any case and with ``-`` or ``_``; an added one hides a bundled one."""
    for candidate in spellings(scenario_id):
        added = directory.scenario_of(tx, candidate)
        if added is not None:
            return added
        if candidate in bundled():
            return read_bundled(candidate)
    return None


def spellings(scenario_id: str) -> tuple[str, str]:
    """The ids that somebody may mean who writes ``scenario_id``, the likeliest first."""
    wanted = scenario_id.casefold()
    return wanted, wanted.replace("-", "_")


def everything(tx: Transaction) -> list[Scenario]:
    """Every scenario that can be chosen, the added ones first."""
    added = directory.added_scenarios(tx)
    known = {scenario.id for scenario in added}
    return added + [read_bundled(scenario_id) for scenario_id in bundled() if scenario_id not in known]
