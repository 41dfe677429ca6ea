"""What the commands have in common: work carried out, and trouble told in one line."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import typer
from rich.console import Console

from bot.settings import PREFIX, BadSettingError, Settings, load_settings
from bot.store.engine import BadDatabaseError
from bot.store.migrating import NoDatabaseError, OutdatedSchemaError
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.trouble import will_pass, words

T = TypeVar("T")

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def with_store(use_case: Callable[[Transaction], T]) -> T:
    """What ``use_case`` reads in the database of the settings; trouble is told as by :func:`or_exit`."""

    async def read() -> T:
        settings: Settings = load_settings()
        store = Store(settings.database_url)
        try:
            return await store.read(use_case)
        except Exception as failure:
            if not will_pass(failure):
                raise
            raise BadDatabaseError(f"the database cannot be read at present: {words(failure)}") from None
        finally:
            await store.close()

    return or_exit(read)


def or_exit(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
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
