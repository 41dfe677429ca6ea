"""The command line: `geladi`."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from bot.accounts import account_of
from bot.app import run_bot
from bot.backup_command import backed_up
from bot.clock import WallClock
from bot.compare_command import CannotCompareError
from bot.compare_command import read as read_runs
from bot.compare_command import told as told_side_by_side
from bot.doctor import Verdict, examine
from bot.erase_command import erased
from bot.exercise.forms import Form
from bot.report.forms import made
from bot.scenario_commands import Language, check, convert, schema
from bot.service.erasing import By, CannotEraseError, Wanted
from bot.settings import PREFIX, BadSettingError, Settings, load_settings
from bot.store import exercises
from bot.store.backup import BackupFailedError
from bot.store.engine import BadDatabaseError
from bot.store.migrating import NoDatabaseError, OutdatedSchemaError
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.texts.times import clock_time, date
from bot.verify_command import NotARecordError, exercise_verified, file_verified

T = TypeVar("T")

app = typer.Typer(
    name="geladi",
    help="Geladi runs timed exercises over Telegram group chats.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

app.command()(check)
app.command()(convert)
app.command()(schema)


@app.command()
def run() -> None:
    """Run the bot. Settings come from the environment or from .env (see .env.example)."""
    _or_exit(lambda: run_bot(load_settings()))


@app.command(name="rehearse")
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
        _or_exit(lambda: rehearse(plan))
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
    _or_exit(lambda: replay(Replaying(record, speed, page, headless, port)))


@app.command(name="stand-in")
def stand_in_command(
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen at; 0: any.")] = 8081,
    bot: Annotated[str, typer.Option(help="Username of the bot.")] = "guest_bot",
    sees_all: Annotated[bool, typer.Option(help="The bot sees every message of its groups.")] = False,
) -> None:
    """Serve the stand-in for Telegram alone, for any bot: prints where, the bot's token, and the page."""
    from bot.stand_in import Guesthouse, stand_in  # noqa: PLC0415 - the live bot starts without its stand-in

    _or_exit(lambda: stand_in(Guesthouse(port, bot, sees_all)))


@app.command(name="list")
def list_() -> None:
    """List the exercises in the database: number, state, scenario, start, name."""
    for number, state, scenario, name, startex_at, zone in _with_store(exercises.overview):
        typer.echo(f"{number}\t{state}\t{scenario}\t{_start(startex_at, zone)}\t{name}")


@app.command()
def export(
    exercise: Annotated[str, typer.Argument(help="Its number, see `geladi list`; with --verify also a JSON record.")],
    *,
    form: Annotated[Form, typer.Option("--format", help="The form of the record.")] = Form.JSON,
    language: Annotated[Language | None, typer.Option(help="Of the report; else the exercise's own.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it: standard output.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Write nothing: examine it. Exit 1: not whole.")] = False,
    seal: Annotated[str | None, typer.Option(help="With --verify: the seal printed in the control room.")] = None,
) -> None:
    """Export one exercise's record, or examine whether it is whole."""
    if verify:
        _verify(exercise, seal)
        return
    number = _number(exercise)
    told = _with_store(lambda tx: account_of(tx, number, form))
    if told is None:
        raise _no_such_exercise(number)
    file = made(told, form, language.value if language else told.exercise.language)
    if out is None:
        sys.stdout.buffer.write(file)
        return
    try:
        out.write_bytes(file)
    except OSError as error:
        errors.print(f"{out}: cannot be written: {error.strerror}", markup=False)
        raise typer.Exit(1) from None


@app.command(name="compare")
def compare_command(
    numbers: Annotated[list[int], typer.Argument(metavar="EXERCISE...", help="Two to five, see `geladi list`.")],
    *,
    chart: Annotated[Path | None, typer.Option(help="Draw the trend into this PNG file.")] = None,
    language: Annotated[Language | None, typer.Option(help="Else that of the exercise named last.")] = None,
) -> None:
    """Compare runs: which unit got faster, which inject is late every time."""
    try:
        runs = _with_store(read_runs(numbers))
        lines = told_side_by_side(runs, language.value if language else None, chart)
    except CannotCompareError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except OSError as error:
        errors.print(f"{chart}: cannot be written: {error.strerror}", markup=False)
        raise typer.Exit(1) from None
    for line in lines:
        typer.echo(line)


@app.command()
def backup(copy: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.")]) -> None:
    """Copy the SQLite database while the bot runs, and examine the copy. Exit 1: something in it is not whole."""
    try:
        well, lines = _or_exit(lambda: backed_up(load_settings().database_url, copy))
    except FileExistsError:
        errors.print(f"{copy}: is there already; give the name of a new file", markup=False)
        raise typer.Exit(2) from None
    except OSError as error:
        errors.print(f"{copy}: cannot be written: {error.strerror}", markup=False)
        raise typer.Exit(2) from None
    except BackupFailedError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(2) from None
    for line in lines:
        typer.echo(line)
    typer.echo(f"{copy}: the whole database")
    if not well:
        raise typer.Exit(1)


@app.command(name="erase")
def erase_command(
    exercise: Annotated[int, typer.Argument(help="Its number, see `geladi list`; it has to be over.")],
    *,
    person: Annotated[int | None, typer.Option(help="Erase this person alone: their Telegram id.", min=1)] = None,
    called: Annotated[
        list[str] | None, typer.Option(help="With --person: another name for them in texts; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase people from an exercise that is over, for good.

    Each has a pseudonym from then on ("person 3"), so all figures stay.
    What was written by hand goes (reports, notes, reasons, answers, ad hoc
    texts), so do ids of files and titles of chats. With --person that
    person's writing goes, and their name in what others wrote.
    Times, answers and choices stay. The log is verified as before, and
    says what was erased. How much of what was removed is printed.

    The bot must not run on the database meanwhile. Traces in its file are
    overwritten. Not touched: backups, exported files, Telegram's chats,
    the script and the exercise's own name. See docs/operations.md.

    Exit status 1: it cannot be erased, or not entirely, and why.
    """
    if called and person is None:
        raise typer.BadParameter("--called goes with --person.")
    if not yes and not sys.stdin.isatty():
        errors.print("This cannot be undone, and nobody is here to be asked: give --yes.")
        raise typer.Exit(2)
    wanted = Wanted(By.COMMAND, person, tuple(called or ()))

    def agreed(question: str) -> bool:
        return yes or typer.confirm(question)

    try:
        done = _or_exit(lambda: erased(load_settings().database_url, exercise, wanted, WallClock(), agreed))
    except CannotEraseError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None
    if done is None:
        typer.echo("Nothing was erased.")
        raise typer.Exit(1)
    for line in done.lines:
        typer.echo(line)
    if not done.well:
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database schema up to date."""

    async def bring_up_to_date() -> None:
        store = Store(load_settings().database_url)
        await store.migrate()
        await store.close()

    _or_exit(bring_up_to_date)
    typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Look at token, database, clock and reachability; exit 1 if anything fails."""

    async def look() -> bool:
        well = True
        async for finding in examine(load_settings(), WallClock()):
            typer.echo(str(finding))
            well = well and finding.verdict is not Verdict.FAIL
        return well

    if not _or_exit(look):
        raise typer.Exit(1)


def main() -> None:
    """Enter here from the shell."""
    app()


def _verify(target: str, seal: str | None) -> None:
    if target.isdecimal():
        number = _number(target)
        examined = _with_store(lambda tx: exercise_verified(tx, number, seal))
        if examined is None:
            raise _no_such_exercise(number)
    else:
        try:
            examined = file_verified(Path(target), seal)
        except OSError as error:
            errors.print(f"{target}: cannot be read: {error.strerror}", markup=False)
            raise typer.Exit(2) from None
        except NotARecordError as error:
            errors.print(f"{target}: {error}", markup=False)
            raise typer.Exit(2) from None
    whole, lines = examined
    for line in lines:
        typer.echo(line)
    if not whole:
        raise typer.Exit(1)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise typer.BadParameter(f"{text} is not the number of an exercise; `geladi list` shows them.")
    return int(text)


def _no_such_exercise(number: int) -> typer.Exit:
    errors.print(f"There is no exercise {number} in this database; `geladi list` shows those there are.")
    return typer.Exit(1)


def _start(startex_at: datetime | None, zone: str) -> str:
    return "-" if startex_at is None else f"{date(startex_at, zone, 'en')} {clock_time(startex_at, zone, 'en')}"


def _with_store(use_case: Callable[[Transaction], T]) -> T:
    async def read() -> T:
        settings: Settings = load_settings()
        store = Store(settings.database_url)
        try:
            return await store.read(use_case)
        finally:
            await store.close()

    return _or_exit(read)


def _or_exit(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run ``work``; what a person can mend is told in one line, with exit status 2."""
    done: list[T] = []

    # As the result of the loop's own task it would be told in words when the loop gives up its signal handler (Python
    # asks which signal that is, and makes a message of it): minutes, and gigabytes, for a large exercise.
    async def keep() -> None:
        done.append(await work())

    try:
        asyncio.run(keep())
        return done[0]
    except (BadSettingError, NoDatabaseError, OutdatedSchemaError) as error:
        errors.print(str(error) or (error.__doc__ or ""), markup=False)
        raise typer.Exit(2) from None
    except BadDatabaseError as error:
        errors.print(f"{PREFIX}DATABASE_URL: {error}", markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
