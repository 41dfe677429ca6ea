"""The bundled exercise of a police resort, whole, over real HTTP: simulated people read, press, decide and report."""

from pathlib import Path
from random import Random
from typing import Any

import orjson

from bot.app import running
from bot.clock import WallClock
from bot.rehearsal.drill import Drill
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store.store import Store
from scenarios.library import read_bundled
from tests.acceptance.cast import header

SPEED = 180.0
WATER = "I-30"
APPROVALS = {("I-29", "setuju"), ("C-10", "awc")}


async def test_the_record_of_the_whole_exercise_says_what_the_chats_say(tmp_path: Path) -> None:
    scenario = read_bundled("sispamkota_pemilu")
    clock = WallClock(SPEED)
    world = World(clock)
    bot = world.add_bot("geladi_bot")
    drill = Drill(world, scenario, "id", Random(5))
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    async with StandIn(world) as standin:
        owner = drill.director.person.id
        settings = Settings(_env_file=None, api_url=standin.url, owners=(owner,), listen="")
        async with running(settings, bot.token, store, clock):
            await drill.set_up()
            await drill.begin()
            await drill.play(leaders=True)
    await store.close()
    (file,) = (body for name, body in drill.posted_files() if name.endswith(".json"))
    record: dict[str, Any] = orjson.loads(file)

    # Each unit has each inject of its own once, and the record knows which message it was.
    for delivery in record["deliveries"]:
        message = drill.units[delivery["unit"]].messages[delivery["message_id"]]
        assert header(message) == delivery["inject"]
    # What was decided stands under the question, and the record says the same.
    options = {
        (inject.id, option.id): option.text.in_language("id")
        for inject in scenario.injects
        if inject.decision
        for option in inject.decision.options
    }
    messages = {(d["inject"], d["unit"]): d["message_id"] for d in record["deliveries"]}
    taken = [decision for decision in record["decisions"] if decision["option"]]
    assert len(taken) >= 5
    for decision in taken:
        message = drill.units[decision["unit"]].messages[messages[decision["inject"], decision["unit"]]]
        assert options[decision["inject"], decision["option"]] in message.words
        assert decision["by"]["id"] == drill.leaders[decision["unit"]].id
    # What only controllers may know was said in no unit's chat.
    secrets = [
        text.in_language(language)
        for inject in scenario.injects
        for text in (inject.expect, inject.notes)
        if text is not None
        for language in scenario.languages
    ]
    assert len(secrets) > 20
    said = "\n".join(message.words for chat in drill.units.values() for message in chat.messages.values())
    assert not [secret for secret in secrets if secret in said]
    # The water cannon has its order if, and only if, it was approved.
    approved = {(decision["inject"], decision["option"]) for decision in taken} & APPROVALS
    assert any(header(message) == WATER for message in drill.units["awc"].messages.values()) == bool(approved)
    assert world.journal.too_many == 0
