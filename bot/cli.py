"""The command line: `geladi`.

What speaks to Telegram is imported by the commands that do: it takes half a second and 20 MiB, and the others, each
file of the report among them, need neither.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.accounts import account_of
from bot.backup_command import backed_up
from bot.clock import WallClock
from bot.compare_command import CannotCompareError
from bot.compare_command import read as read_runs
from bot.compare_command import told as told_side_by_side
from bot.console import errors, or_exit, with_store
from bot.erase_command import erased
from bot.exercise.forms import Form
from bot.rehearsal_commands import rehearse_command, stand_in_command
from bot.report.forms import made
from bot.scenario_commands import Language, check, convert, schema
from bot.service.erasing import By, CannotEraseError, Wanted
from bot.settings import load_settings
from bot.store import exercises
from bot.store.backup import BackupFailedError
from bot.store.store import Store
from bot.texts.times import clock_time, date
from bot.verify_command import NotARecordError, exercise_verified, file_verified

app = typer.Typer(
    name="geladi",
    help="Geladi runs timed exercises over Telegram group chats.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(check)
app.command()(convert)
app.command()(schema)
app.command(name="rehearse")(rehearse_command)
app.command(name="stand-in")(stand_in_command)


@app.command()
def run() -> None:
    """Run the bot. Settings come from the environment or from .env (see .env.example)."""
    from bot.app import run_bot  # noqa: PLC0415 - see above

    or_exit(lambda: run_bot(load_settings()))


@app.command(name="list")
def list_() -> None:
    """List the exercises in the database: number, state, scenario, start, name."""
    for number, state, scenario, name, startex_at, zone in with_store(exercises.overview):
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
    told = with_store(lambda tx: account_of(tx, number, form))
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
        runs = with_store(read_runs(numbers))
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
        well, lines = or_exit(lambda: backed_up(load_settings().database_url, copy))
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
        done = or_exit(lambda: erased(load_settings().database_url, exercise, wanted, WallClock(), agreed))
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

    or_exit(bring_up_to_date)
    typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Look at token, database, clock and reachability; exit 1 if anything fails."""
    from bot.doctor import Verdict, examine  # noqa: PLC0415 - see above

    async def look() -> bool:
        well = True
        async for finding in examine(load_settings(), WallClock()):
            typer.echo(str(finding))
            well = well and finding.verdict is not Verdict.FAIL
        return well

    if not or_exit(look):
        raise typer.Exit(1)


def main() -> None:
    """Enter here from the shell."""
    app()


def _verify(target: str, seal: str | None) -> None:
    if target.isdecimal():
        number = _number(target)
        examined = with_store(lambda tx: exercise_verified(tx, number, seal))
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
