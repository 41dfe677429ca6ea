"""Methods about chats and the people in them."""

from bot.rehearsal.standin import groups
from bot.rehearsal.standin.calls import Call, Handler, Result, message_of, thread_of, user_of
from bot.rehearsal.standin.chats import Chat, Status
from bot.rehearsal.standin.errors import bad_request, forbidden
from bot.rehearsal.standin.journal import ReactionChanged

CHAT_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_invite_users",
)
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


async def get_chat(call: Call) -> Result:
    """``getChat``."""
    chat = call.chat
    full = chat.payload() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if not chat.is_private:
        full["permissions"] = dict.fromkeys(CHAT_PERMISSIONS, True)
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].payload(nested=True)
    return full


async def get_chat_member(call: Call) -> Result:
    """``getChatMember``."""
    chat, user = call.chat, user_of(call)
    member = chat.members.get(user.id)
    if member is None:
        return {"status": Status.LEFT.value, "user": user.payload()}
    return member.payload()


def _group(call: Call) -> Chat:
    chat = call.chat
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return chat


async def get_chat_administrators(call: Call) -> Result:
    """``getChatAdministrators``: other bots are left out."""
    return [
        member.payload()
        for member in _group(call).present()
        if member.status.is_administrator and (not member.user.is_bot or member.user.id == call.bot.id)
    ]


async def get_chat_member_count(call: Call) -> Result:
    """``getChatMemberCount``."""
    return sum(1 for _ in call.chat.present())


async def send_chat_action(call: Call) -> Result:
    """``sendChatAction``: nothing stays of it."""
    thread_of(call, call.chat)
    return True


async def leave_chat(call: Call) -> Result:
    """``leaveChat``."""
    chat = call.chat
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    groups.set_status(call.world, chat, call.bot.user, Status.LEFT, call.bot.user)
    return True


def _check_may_pin(call: Call, chat: Chat) -> None:
    if not chat.is_private and not chat.status_of(call.bot.id).is_administrator:
        raise bad_request("not enough rights to manage pinned messages in the chat")


async def pin_chat_message(call: Call) -> Result:
    """``pinChatMessage``."""
    chat = call.chat
    message = message_of(call, chat, "message to pin not found")
    _check_may_pin(call, chat)
    groups.pin(call.world, message, call.bot.user)
    return True


async def unpin_chat_message(call: Call) -> Result:
    """``unpinChatMessage``: the newest pinned one unless a message is named."""
    chat = call.chat
    _check_may_pin(call, chat)
    message_id = call.parameters.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if message_id is not None:
        groups.unpin(call.world, chat, message_id)
    return True


async def set_message_reaction(call: Call) -> Result:
    """``setMessageReaction``: a bot has one reaction to a message at most."""
    message = message_of(call, call.chat, "message to react not found")
    reactions = tuple(call.parameters.get("reaction") or ())
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat = message.chat
    chat.reactions[message.message_id, call.bot.id] = reactions
    call.world.changes.emit(
        ReactionChanged(
            call.world.clock.now(),
            chat.id,
            message.message_id,
            call.bot.id,
            tuple(reaction.get("emoji", "") for reaction in reactions),
        )
    )
    return True


async def create_forum_topic(call: Call) -> Result:
    """``createForumTopic``."""
    chat, name = call.chat, call.parameters["name"]
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_INVALID")
    if chat.is_forum and not chat.status_of(call.bot.id).is_administrator:
        raise forbidden("not enough rights to create a topic")
    colour = call.parameters.get("icon_color", 7322096)
    topic = groups.create_topic(call.world, chat, name, call.bot.user, colour)
    return {"message_thread_id": topic.thread_id, "name": topic.name, "icon_color": topic.icon_color}


HANDLERS: dict[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "sendChatAction": send_chat_action,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "setMessageReaction": set_message_reaction,
    "createForumTopic": create_forum_topic,
}
