"""What happens to groups: people and bots come and go, topics open, a group becomes a supergroup."""

from typing import Any

from bot.rehearsal.standin.chats import Chat, ChatKind, Member, Status, Topic, User, unix
from bot.rehearsal.standin.errors import bad_request
from bot.rehearsal.standin.journal import ChatUpgraded, MemberChanged, MessagePinned, TopicCreated
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World


def set_status(world: World, chat: Chat, user: User, status: Status, actor: User) -> None:
    """Change somebody's standing; the chat and the bots are told as Telegram tells them."""
    before = Member(user, chat.status_of(user.id))
    after = Member(user, status)
    if before.status is status:
        return
    is_leaving = before.status.is_present and not status.is_present
    if is_leaving and not chat.is_private:
        world.post(chat, actor, content={"left_chat_member": user.payload()}, service=True)
    chat.members[user.id] = after
    now = world.clock.now()
    world.changes.emit(MemberChanged(now, chat.id, before, after))
    _tell_bots(world, chat, before, after, actor)
    if status.is_present and not before.status.is_present and not chat.is_private:
        newcomers = {"new_chat_members": [user.payload()]}
        world.post(chat, actor, content=newcomers, service=True)


def _tell_bots(world: World, chat: Chat, before: Member, after: Member, actor: User) -> None:
    update: dict[str, Any] = {
        "chat": chat.payload(),
        "from": actor.payload(),
        "date": unix(world.clock.now()),
        "old_chat_member": before.payload(),
        "new_chat_member": after.payload(),
    }
    for bot in world.bots.values():
        if bot.id == after.user.id:
            bot.updates.add("my_chat_member", update)
        elif chat.status_of(bot.id).is_administrator:
            bot.updates.add("chat_member", update)


def create_topic(world: World, chat: Chat, name: str, creator: User, icon_color: int = 7322096) -> Topic:
    """Open a topic in a forum.

    Raises:
        ApiError: 400, the chat is no forum.
    """
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    opened = Topic(0, name, icon_color=icon_color)
    content = {"forum_topic_created": opened.created_payload()}
    message = world.post(chat, creator, content=content, service=True, makes_topic=True)
    topic = Topic(message.message_id, name, icon_color=icon_color)
    chat.topics[topic.thread_id] = topic
    world.changes.emit(TopicCreated(message.date, chat.id, topic))
    return topic


def close_topic(world: World, chat: Chat, topic: Topic, actor: User) -> None:
    """Close a topic: nobody but administrators can write there."""
    topic.closed = True
    world.post(chat, actor, content={"forum_topic_closed": {}}, service=True, thread_id=topic.thread_id)


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all that was written there."""
    for message in [one for one in chat.messages.values() if one.thread_id == topic.thread_id]:
        world.delete(message)
    del chat.topics[topic.thread_id]


def upgrade(world: World, chat: Chat, actor: User) -> Chat:
    """Make a supergroup of a group; the old chat stays behind as a signpost.

    Raises:
        ApiError: 400, it is none or has been upgraded.
    """
    if chat.kind is not ChatKind.GROUP or chat.migrated_to is not None:
        raise bad_request("only a group can be upgraded")
    new = world.add_group(chat.title, actor, kind=ChatKind.SUPERGROUP)
    new.members = dict(chat.members)
    world.post(chat, actor, content={"migrate_to_chat_id": new.id}, service=True)
    chat.migrated_to = new.id
    world.post(new, actor, content={"migrate_from_chat_id": chat.id}, service=True)
    world.changes.emit(ChatUpgraded(world.clock.now(), chat.id, new.id))
    return new


def pin(world: World, message: Message, actor: User) -> None:
    """Pin a message on top of its chat."""
    chat = message.chat
    if message.message_id in chat.pinned:
        return
    chat.pinned.append(message.message_id)
    world.changes.emit(MessagePinned(world.clock.now(), chat.id, message.message_id, pinned=True))
    pinned = {"pinned_message": message.payload(nested=True)}
    world.post(
        chat,
        actor,
        content=pinned,
        service=True,
        reply_to=message.message_id,
        thread_id=message.thread_id if message.is_topic_message else None,
    )


def unpin(world: World, chat: Chat, message_id: int) -> None:
    """Take a message off the top of its chat."""
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
        world.changes.emit(MessagePinned(world.clock.now(), chat.id, message_id, pinned=False))
