"""The commands that need no Telegram: `geladi rehearse`, also of a record played back, and `geladi stand-in`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.console import errors, or_exit
from bot.scenario_commands import Language


def rehearse_command(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(help="A bundled scenario, or a file: YAML, XLSX or CSV.")
    ] = "sispamkota_pemilu",
    *,
    speed: Annotated[float, typer.Option(min=0.1, max=600, help="Exercise clock, times real time.")] = 1.0,
    autoplay: Annotated[bool, typer.Option(help="Simulated leaders answer.")] = False,
    page: Annotated[bool, typer.Option(help="Serve the rehearsal page; without: a view in the terminal.")] = True,
    stay: Annotated[bool, typer.Option(help="Leave the page open after a drill that played itself.")] = False,
    headless: Annotated[bool, typer.Option(help="No page, no view; exit when the summary is posted.")] = False,
    seed: Annotated[int, typer.Option(help="What the simulated people do.")] = 1,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port of page and stand-in; 0: any; without: 8080 if that is free."),
    ] = None,
    world: Annotated[Path | None, typer.Option(help="Keep the rehearsal in this file, and go on from it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report files into this folder.")] = None,
    language: Annotated[Language | None, typer.Option(help="Else id; of what is wrong with a file, else en.")] = None,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="RECORD", help="Play this JSON record back instead; with --headless as lines, at once."),
    ] = None,
) -> None:
    """Play a whole exercise on this machine: the very same bot, against a stand-in for Telegram."""
    if replay is not None:
        _replay(context, replay, speed, port, page=page and not headless, headless=headless)
        return
    from bot.rehearse import BotDiedError, Rehearsal, rehearse  # noqa: PLC0415 - the live bot starts without its stand-in

    plan = Rehearsal(
        scenario=scenario,
        speed=speed,
        autoplay=autoplay,
        headless=headless,
        page=page and not headless,
        stay=stay,
        world=world,
        seed=seed,
        port=port,
        out=out,
        language=(language or Language.ID).value,
        told_in=(language or Language.EN).value,
    )
    try:
        or_exit(lambda: rehearse(plan))
    except BotDiedError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except asyncio.CancelledError:
        raise typer.Exit(143) from None


_WITH_REPLAY = {"replay", "speed", "page", "headless", "port"}


def _replay(
    context: typer.Context, record: Path, speed: float, port: int | None, *, page: bool, headless: bool
) -> None:
    from bot.replay import Replaying, replay  # noqa: PLC0415 - the live bot starts without its stand-in

    sources = {name: context.get_parameter_source(name) for name in context.params}
    given = [name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    for name in given:
        if name not in _WITH_REPLAY:
            written = "a scenario" if name == "scenario" else f"--{name}"
            errors.print(f"{written} does not go with --replay: the record says it all", markup=False)
            raise typer.Exit(2)
    or_exit(lambda: replay(Replaying(record, speed, page, headless, port)))


def stand_in_command(
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen at; 0: any.")] = 8081,
    bot: Annotated[str, typer.Option(help="Username of the bot.")] = "guest_bot",
    sees_all: Annotated[bool, typer.Option(help="The bot sees every message of its groups.")] = False,
) -> None:
    """Serve the stand-in for Telegram alone, for any bot: prints where, the bot's token, and the page."""
    from bot.stand_in import Guesthouse, stand_in  # noqa: PLC0415 - the live bot starts without its stand-in

    or_exit(lambda: stand_in(Guesthouse(port, bot, sees_all)))
