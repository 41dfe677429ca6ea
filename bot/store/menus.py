"""Statements over the menus of commands that chats show."""

from sqlalchemy import delete, insert, select

from bot.store.schema import menu
from bot.store.transaction import Transaction


def shown(tx: Transaction) -> dict[int, str]:
    """What each chat shows that shows anything of its own."""
    return {row.chat_id: row.commands for row in tx.read(select(menu))}


def shows(tx: Transaction, chat_id: int, commands: str) -> None:
    """A chat shows these commands from now on; none of its own where ``commands`` is empty."""
    tx.write(delete(menu).where(menu.c.chat_id == chat_id))
    if commands:
        tx.write(insert(menu).values(chat_id=chat_id, commands=commands))
