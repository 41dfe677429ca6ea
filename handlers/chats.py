"""What happens to the chats themselves: the bot comes or goes, a group becomes a supergroup, people leave."""

from telegram import ChatMember, ChatMemberUpdated, Message

from bot.service import sending
from bot.service.receiving import AlreadyHandledError, once
from bot.store.transaction import Transaction
from bot.wire.inbox import Receipt
from handlers.desk import Desk
from handlers.membership import Membership

_OUT = {ChatMember.LEFT, ChatMember.BANNED}


async def bot_moved(desk: Desk, receipt: Receipt, change: ChatMemberUpdated) -> None:
    """The bot was added to a chat, thrown out, blocked or let in again."""
    why = "bot was removed" if change.new_chat_member.status in _OUT else ""
    chat_id, at = change.chat.id, receipt.received_at

    def use_case(tx: Transaction) -> None:
        sending.reachability(tx, chat_id, why, at)

    try:
        await desk.store.perform(once(receipt.update_id, use_case))
    except AlreadyHandledError:
        return


async def became_supergroup(desk: Desk, receipt: Receipt, message: Message) -> None:
    """A group has a new chat id: the seats in it move along."""
    old, new, at = message.chat.id, message.migrate_to_chat_id, receipt.received_at
    if new is None:
        return

    def use_case(tx: Transaction) -> None:
        sending.migrated(tx, old, new, at)

    try:
        await desk.store.perform(once(receipt.update_id, use_case))
    except AlreadyHandledError:
        return


def person_moved(membership: Membership, change: ChatMemberUpdated) -> None:
    """Somebody came, left or was thrown out."""
    membership.forget(change.chat.id, change.new_chat_member.user.id)
