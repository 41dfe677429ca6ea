"""Statements over what is known of people, chats and added scenarios."""

from dataclasses import replace
from datetime import datetime
from types import EllipsisType

import orjson
from sqlalchemy import bindparam, insert, select, update

from bot.exercise.people import Person, Place
from bot.store.prepared import Prepared
from bot.store.schema import chat, moved_chat, person, scenario
from bot.store.transaction import Transaction
from scenarios.model import Scenario, dump, load

_LANGUAGE = Prepared(select(chat.c.language).where(chat.c.chat_id == bindparam("this")))


def meet(tx: Transaction, who: Person, username: str | None) -> None:
    """Remember a person's name and user name, to know them by ``@name`` later."""
    username = username.casefold() if username else None
    if username:
        # A user name has one holder: whoever had it before has given it up.
        others = (person.c.username == username, person.c.user_id != who.id)
        if tx.read(select(person.c.user_id).where(*others)).first():
            tx.write(update(person).where(*others).values(username=None))
    known = tx.read(select(person).where(person.c.user_id == who.id)).first()
    if known is None:
        tx.write(insert(person).values(user_id=who.id, name=who.name, username=username))
    elif (known.name, known.username) != (who.name, username):
        tx.write(update(person).where(person.c.user_id == who.id).values(name=who.name, username=username))


def person_named(tx: Transaction, username: str) -> Person | None:
    """The person whom the bot met last under that user name, with or without ``@``."""
    wanted = username.removeprefix("@").casefold()
    found = tx.read(select(person).where(person.c.username == wanted)).first()
    return Person(found.user_id, found.name) if found else None


def person_of(tx: Transaction, user_id: int) -> Person | None:
    """The person of that id, if the bot has met them."""
    found = tx.read(select(person).where(person.c.user_id == user_id)).first()
    return Person(found.user_id, found.name) if found else None


def username_of(tx: Transaction, user_id: int) -> str | None:
    """A person's user name without ``@``, in small letters, if the bot has met them and they have one."""
    found: str | None = tx.read(select(person.c.username).where(person.c.user_id == user_id)).scalar()
    return found


def language_of(tx: Transaction, chat_id: int) -> str | None:
    """The language chosen for a chat."""
    known = tx.language(chat_id)
    if not isinstance(known, EllipsisType):
        return known
    found = tx.find(_LANGUAGE, {"this": chat_id})
    language: str | None = found[0].language if found else None
    tx.fresh.languages[chat_id] = language
    return language


def set_language(tx: Transaction, chat_id: int, language: str) -> None:
    """Choose the language of a chat."""
    tx.languages.add(chat_id)
    if language_of(tx, chat_id) is None:
        tx.write(insert(chat).values(chat_id=chat_id, language=language))
    else:
        tx.write(update(chat).where(chat.c.chat_id == chat_id).values(language=language))
    tx.fresh.languages[chat_id] = language


def chat_moved(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Remember that a group has become a supergroup, which keeps the language chosen for it."""
    if tx.read(select(moved_chat).where(moved_chat.c.chat_id == old_chat)).first():
        return
    tx.write(insert(moved_chat).values(chat_id=old_chat, now=new_chat))
    language = language_of(tx, old_chat)
    if language is not None and language_of(tx, new_chat) is None:
        set_language(tx, new_chat, language)


def where_now(tx: Transaction, place: Place) -> Place:
    """The place that a place has become: another where its group is a supergroup by now."""
    now: int | None = tx.read(select(moved_chat.c.now).where(moved_chat.c.chat_id == place.chat_id)).scalar()
    return place if now is None else replace(place, chat_id=now)


def add_scenario(tx: Transaction, new: Scenario, by: Person, at: datetime) -> None:
    """Add a scenario to the library, in the place of one with the same id."""
    row = {"document": orjson.dumps(dump(new)).decode(), "added_at": at, "added_by": by.id}
    if tx.read(select(scenario.c.id).where(scenario.c.id == new.id)).first():
        tx.write(update(scenario).where(scenario.c.id == new.id).values(row))
    else:
        tx.write(insert(scenario).values(id=new.id, **row))


def scenario_of(tx: Transaction, scenario_id: str) -> Scenario | None:
    """The scenario that was added under that id."""
    document = tx.read(select(scenario.c.document).where(scenario.c.id == scenario_id)).scalar()
    return load(orjson.loads(document)) if document else None


def added_scenarios(tx: Transaction) -> list[Scenario]:
    """Every scenario that was added."""
    return [load(orjson.loads(row.document)) for row in tx.read(select(scenario.c.document).order_by(scenario.c.id))]
