"""What people do, as the page or any other program asks for it: checked, and done in the world."""

from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.rehearsal.page.showing import find_chat
from bot.rehearsal.people import Impossible, Person
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World

LONGEST_TEXT = 4096


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    person: int
    """Who does it."""


class _InChat(_Act):
    chat: str


class Say(_InChat):
    """Write a message."""

    act: Literal["say"]
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    reply_to: int | None = None
    topic: int | None = None


class Edit(_InChat):
    """Change one's own message."""

    act: Literal["edit"]
    message: int
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class PressButton(_InChat):
    """Press an inline button, by its data or its text."""

    act: Literal["press"]
    message: int
    button: str


class React(_InChat):
    """Put a reaction on a message, in place of earlier ones; an empty one takes it away."""

    act: Literal["react"]
    message: int
    emoji: str = Field(max_length=8)


class Attach(_InChat):
    """Send a file; its bytes come beside this, except for a plain photo or voice message."""

    act: Literal["photo", "document", "voice"]
    caption: str = Field(default="", max_length=1024)
    name: str = Field(default="document.txt", min_length=1, max_length=100)
    reply_to: int | None = None
    topic: int | None = None


class Locate(_InChat):
    """Send a place, in degrees."""

    act: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    reply_to: int | None = None
    topic: int | None = None


class Change(_InChat):
    """Change a group: the bot in or out, oneself in or out, a supergroup of it."""

    act: Literal["add_bot", "remove_bot", "join", "leave", "upgrade"]


class OpenTopic(_InChat):
    """Open a topic in a forum."""

    act: Literal["create_topic"]
    name: str = Field(min_length=1, max_length=128)


class OpenGroup(_Act):
    """Open a group; a forum has topics."""

    act: Literal["create_group"]
    title: str = Field(min_length=1, max_length=128)
    forum: bool = False


class OpenPrivate(_Act):
    """Press Start in the private chat with the bot."""

    act: Literal["start"]
    payload: str = Field(default="", max_length=64)


class FollowLink(_InChat):
    """Follow a ``t.me/BOT?startgroup=`` link into a group."""

    act: Literal["open_link"]
    link: str
    topic: int | None = None


Act = Say | Edit | PressButton | React | Attach | Locate | Change | OpenTopic | OpenGroup | OpenPrivate | FollowLink
ACT: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="act")])


def perform(world: World, act: Act, upload: bytes | None = None) -> dict[str, str | int]:
    """Do it; gives what came of it: the message's id, the press's id, or the chat's key.

    Raises:
        Impossible: a phone would not let its owner do this.
        ApiError: Telegram would not.
    """
    person = _person(world, act.person)
    match act:
        case OpenGroup():
            chat = person.create_group(act.title, forum=act.forum)
            return {"chat": str(chat.id)}
        case OpenPrivate():
            return {"message": person.start(act.payload).message_id, "chat": f"{person.id}-{world.only_bot.id}"}
        case Change():
            return _change(world, person, _chat(world, act.chat), act)
        case Attach():
            return _message(_attach(person, _chat(world, act.chat), act, upload))
        case _:
            return _in_chat(person, _chat(world, act.chat), act)


def _in_chat(
    person: Person, chat: Chat, act: Say | Edit | PressButton | React | Locate | OpenTopic | FollowLink
) -> dict[str, str | int]:
    came_of_it: dict[str, str | int] = {}
    match act:
        case Say():
            came_of_it = _message(person.say(chat, act.text, reply_to=act.reply_to, thread=act.topic))
        case Edit():
            came_of_it = _message(person.edit(_there(chat, act.message), act.text))
        case PressButton():
            came_of_it = {"press": person.press(chat, act.message, act.button).query_id}
        case React():
            person.react(_there(chat, act.message), *([act.emoji] if act.emoji else []))
        case Locate():
            place = (act.latitude, act.longitude)
            came_of_it = _message(person.send_location(chat, *place, reply_to=act.reply_to, thread=act.topic))
        case OpenTopic():
            came_of_it = {"topic": person.create_topic(chat, act.name).thread_id}
        case FollowLink():
            came_of_it = _message(person.open_startgroup_link(act.link, chat, thread=act.topic))
        case _:
            assert_never(act)
    return came_of_it


def _change(world: World, person: Person, chat: Chat, act: Change) -> dict[str, str | int]:
    if chat.is_private:
        raise Impossible("this is no group")
    match act.act:
        case "add_bot":
            person.add_bot(chat, _bot_for(world, chat))
        case "remove_bot":
            person.remove_bot(chat, _bot_for(world, chat))
        case "join":
            person.join(chat)
        case "leave":
            person.leave(chat)
        case "upgrade":
            return {"chat": str(person.upgrade_to_supergroup(chat).id)}
        case _:
            assert_never(act.act)
    return {}


def _attach(person: Person, chat: Chat, act: Attach, upload: bytes | None) -> Message:
    match act.act:
        case "photo":
            return person.send_photo(chat, upload, caption=act.caption, reply_to=act.reply_to, thread=act.topic)
        case "document":
            body = upload or b"\n"
            return person.send_document(
                chat, act.name, body, caption=act.caption, reply_to=act.reply_to, thread=act.topic
            )
        case "voice":
            return person.send_voice(chat, upload or b"OggS", reply_to=act.reply_to, thread=act.topic)
        case _:
            assert_never(act.act)


def _message(message: Message) -> dict[str, str | int]:
    return {"message": message.message_id}


def _person(world: World, user_id: int) -> Person:
    user = world.users.get(user_id)
    if user is None:
        raise Impossible("there is no such person")
    return Person(world, user)


def _chat(world: World, key: str) -> Chat:
    chat = find_chat(world, key)
    if chat is None:
        raise Impossible("there is no such chat")
    return chat


def _there(chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise Impossible("the message is gone")
    return message


def _bot_for(world: World, chat: Chat) -> Bot:
    here = (world.bot_of(member.user.id) for member in chat.present())
    return next((bot for bot in here if bot is not None), None) or world.only_bot
