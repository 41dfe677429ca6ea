"""Statements over files that Telegram has: each is uploaded once, and then sent by the id that it was given."""

from dataclasses import dataclass

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.sql.elements import ColumnElement

from bot.store.schema import upload
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class FileKey:
    """What makes a file the same to Telegram: its bytes (SHA-256 in hexadecimal), how it is sent, and its name."""

    sha256: str
    kind: str
    name: str


def known(tx: Transaction, key: FileKey) -> str | None:
    """Telegram's id of a file, if it has it."""
    found: str | None = tx.read(select(upload.c.file_id).where(_is(key))).scalar()
    return found


def remember(tx: Transaction, key: FileKey, file_id: str) -> None:
    """Telegram has the file under that id."""
    forget(tx, key)
    tx.write(insert(upload).values(sha256=key.sha256, kind=key.kind, name=key.name, file_id=file_id))


def forget(tx: Transaction, key: FileKey) -> None:
    """Telegram does not know the file any more."""
    tx.write(delete(upload).where(_is(key)))


def _is(key: FileKey) -> ColumnElement[bool]:
    return and_(upload.c.sha256 == key.sha256, upload.c.kind == key.kind, upload.c.name == key.name)
