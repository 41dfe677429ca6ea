"""Scenarios on offer: sent to a control room and sound, they wait there for the word that adds them to the library."""

from datetime import datetime
from typing import Literal

import orjson

from bot.exercise.people import Person, Place
from bot.messages import ScenarioOffer
from bot.service import asking, library
from bot.service.keys import offer_key
from bot.store import directory, outbox
from bot.store.transaction import Transaction
from scenarios.model import Scenario, dump, load


def offer(
    tx: Transaction,
    scenario: Scenario,
    findings: tuple[str, ...],
    number_of_findings: int,
    place: Place,
    at: datetime,
    reply_to: int | None,
) -> None:
    """Show a scenario in the chat to which it was sent, and ask; an older one of its id there is on offer no more."""
    key = offer_key(place.chat_id, place.thread_id, scenario.id)
    asking.close(tx, key, "withdrawn")
    offered = ScenarioOffer(
        scenario=scenario.id,
        document=orjson.dumps(dump(scenario)).decode(),
        replaces=library.find(tx, scenario.id) is not None,
        findings=findings,
        number_of_findings=number_of_findings,
    )
    outbox.add(tx, offered, place, at, reply_to=reply_to, key=key)


def answer(
    tx: Transaction, scenario_id: str, place: Place, said: Literal["yes", "no"], by: Person, at: datetime
) -> bool:
    """Add the scenario of that id which is on offer there, or let it be; whether there is one at all.

    Exercises that exist keep the version with which they were made.
    """
    key = offer_key(place.chat_id, place.thread_id, scenario_id)
    row = outbox.find_key(tx, key)
    if row is None or not isinstance(row.message, ScenarioOffer):
        return False
    if said == "yes":
        directory.add_scenario(tx, load(orjson.loads(row.message.document)), by, at)
    asking.close(tx, key, said, by.name)
    return True


def take_up(tx: Transaction, scenario_id: str, place: Place, by: Person, at: datetime) -> None:
    """Add the scenario of that id which is on offer there, if there is one: whoever begins with it means that one."""
    for candidate in library.spellings(scenario_id):
        if answer(tx, candidate, place, "yes", by, at):
            return
