"""`geladi stand-in`: the stand-in for Telegram alone, with its page, for any bot in any language."""

import asyncio
import sys
from dataclasses import dataclass

from bot.clock import Pace, PacedClock
from bot.rehearsal.page.server import Page
from bot.rehearsal.people import Person
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import BadSettingError

PEOPLE = ("Sari", "Budi", "Citra")
_GROUP = "Group"


@dataclass(frozen=True, slots=True)
class Guesthouse:
    """Where to listen, for which bot."""

    port: int
    bot: str
    sees_all: bool
    """The bot's privacy mode is off."""


async def stand_in(plan: Guesthouse) -> None:
    """Serve until cancelled; where, and the bot's token, is printed first.

    Raises:
        BadSettingError: the port is taken.
    """
    clock = PacedClock(Pace.from_now(1.0))
    world = World(clock)
    bot = world.add_bot(plan.bot, sees_all=plan.sees_all)
    first, *others = [Person(world, world.add_user(name)) for name in PEOPLE]
    first.add_bot(first.create_group(_GROUP, *others))
    page = Page(Stage(world, clock), clock.code())
    try:
        async with StandIn(world, plan.port, beside=page.add_to) as standin:
            sys.stdout.write(f"API   {standin.url}\nTOKEN {bot.token}\nPAGE  {standin.url}{page.path}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
    except OSError as error:
        raise BadSettingError(f"--port {plan.port}: cannot listen there: {error.strerror}") from None
