"""What is read of a press: the same that the library reads of it, whatever the message is under which it was made."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot, Message, Update

from bot.exercise.people import Person, Place
from bot.wire.inbox import Receipt
from handlers.request import ANONYMOUS_ADMIN, Request, of_message, of_press

AT = datetime(2026, 4, 26, 3, 0, tzinfo=UTC)
PERSON = {"id": 7, "is_bot": False, "first_name": "Sri", "last_name": "Wahyuni", "username": "sri"}
GROUP = {"id": -100, "type": "supergroup", "title": "Medis"}


def press(person: dict[str, Any] = PERSON, **message: Any) -> dict[str, Any]:
    under = {"message_id": 5, "date": 1_777_000_000, "chat": GROUP, "text": "x", **message}
    return {"id": "99", "from": person, "chat_instance": "1", "data": "a:0123456789ab:", "message": under}


PRESSES = {
    "in a group": press(),
    "in a topic": press(message_thread_id=12, is_topic_message=True),
    "under a reply, which is no topic": press(message_thread_id=12),
    "under a message too old to be shown": press(date=0),
    "in private": press(chat={"id": 7, "type": "private", "first_name": "Sri"}),
    "by somebody with one name": press({"id": 8, "is_bot": False, "first_name": "Bima"}),
    "by an anonymous administrator": press({"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"}),
}


@pytest.mark.parametrize("query", PRESSES.values(), ids=PRESSES)
def test_a_press_is_read_as_the_library_reads_it(query: dict[str, Any]) -> None:
    request = of_press(query, Receipt(3, AT, backlog=True, attempt=1))
    library = Update.de_json({"update_id": 3, "callback_query": query}, Bot("1:x")).callback_query
    assert request is not None
    assert library is not None
    assert library.message is not None
    message, chat = library.message, library.message.chat
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    assert request.person == Person(library.from_user.id, library.from_user.full_name)
    assert request.username == library.from_user.username
    assert request.place == Place(chat.id, topic)
    assert (request.message_id, request.text) == (message.message_id, library.data)
    assert request.private is (chat.type == "private")
    assert request.anonymous is library.from_user.is_bot
    assert (request.update_id, request.at, request.exact) == (3, AT, False)


def read_of(message: dict[str, Any]) -> Request | None:
    update = Update.de_json({"update_id": 3, "message": message}, Bot("1:x"))
    return of_message(update, Receipt(3, AT, backlog=False, attempt=1))


@pytest.mark.parametrize("where", ["text", "caption"])
@pytest.mark.parametrize("space", [" ", "  ", "\t", "\n", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", " \n\t"])
def test_what_follows_a_command_is_read_whatever_space_is_between(space: str, where: str) -> None:
    words = f"/ack{space}A-1 dan\nlagi "
    sent = {"message_id": 5, "date": 1_777_000_000, "chat": GROUP, "from": PERSON, where: words}
    request = read_of(sent)
    assert request is not None
    assert request.text == "A-1 dan\nlagi"


@pytest.mark.parametrize(("words", "read"), [("/ack", ""), ("/ack\t", ""), ("A-1 dan lagi", "A-1 dan lagi"), ("", "")])
def test_without_a_command_or_with_it_alone_nothing_is_left_out_or_made_up(words: str, read: str) -> None:
    sent = {"message_id": 5, "date": 1_777_000_000, "chat": GROUP, "from": PERSON, "text": words}
    request = read_of(sent)
    assert request is not None
    assert request.text == read


def test_a_press_whose_message_is_out_of_reach_asks_for_nothing() -> None:
    query = {"id": "99", "from": PERSON, "inline_message_id": "x", "data": "a:0123456789ab:"}
    assert of_press(query, Receipt(3, AT, backlog=False, attempt=1)) is None
