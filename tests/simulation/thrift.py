"""What drills share, so that hundreds of them can be afforded: nothing that one of them could tell from its own.

Each process makes engines of its own, and to each engine every statement is new: compiling them took a quarter of a
drill. Each process reads the scripts of all migrations to learn the newest. Looking for garbage means looking
through every module there is, again and again.
"""

import contextlib
import gc
from collections.abc import Iterator
from typing import Any, Final

import alembic.script
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache

from bot.store.migrating import _SCRIPTS

_STATEMENTS: Final = 2_000
_MAKE_ENGINE: Final = Engine.__init__


def shared() -> list[tuple[Any, str, Any]]:
    """What takes the place of what in libraries, so that engines share their compiled statements."""
    compiled: LRUCache[Any, Any] = LRUCache(_STATEMENTS)
    newest = alembic.script.ScriptDirectory(str(_SCRIPTS)).get_current_head()

    def make_engine(engine: Engine, *args: Any, **options: Any) -> None:
        _MAKE_ENGINE(engine, *args, **options)
        engine._compiled_cache = compiled

    return [
        (Engine, "__init__", make_engine),
        # A statement is compiled for a dialect, and each engine has one of its own.
        (SQLiteDialect, "__eq__", lambda one, other: type(one) is type(other)),
        (SQLiteDialect, "__hash__", lambda one: hash(type(one))),
        (alembic.script.ScriptDirectory, "get_current_head", lambda _: newest),
    ]


@contextlib.contextmanager
def garbage_left_lying() -> Iterator[None]:
    """Nobody looks for garbage but who asks for it, and not among what is there already."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
