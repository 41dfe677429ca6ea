"""What a director does in the control room, as steps from which a whole exercise can be put together.

All timeouts are in real seconds, whatever the speed of the world's clock.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.rehearsal.people import Person, find_button
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Answer


@dataclass(frozen=True, slots=True)
class Director:
    """A person who steers by commands and waits to see what the bot makes of them."""

    person: Person
    patience_seconds: float = 30.0
    """How long to wait for anything, unless said otherwise."""

    async def ask(
        self,
        chat: Chat,
        command: str,
        *,
        containing: str = "",
        thread_id: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Message:
        """Give a command and wait for the bot's answer: its next message there that answers nobody else.

        ``containing``: words the answer must have; others are passed over.

        Raises:
            TimeoutError: no such answer came.
        """
        mark = self.person.world.changes.count
        command_id = self.person.say(chat, command, thread=thread_id).message_id

        def answers(change: Change) -> bool:
            return (
                isinstance(change, MessageSent)
                and change.chat_id == chat.id
                and _is_from_bot(change.message)
                and change.message.reply_to in {None, command_id}
                and thread_id in {None, change.message.thread_id}
                and containing.casefold() in change.message.words.casefold()
            )

        change = await self.person.world.wait_for(answers, timeout_seconds or self.patience_seconds, since=mark)
        assert isinstance(change, MessageSent)  # noqa: S101 - the predicate takes no other
        return self.present(change.message)

    async def see(
        self,
        chat: Chat,
        wanted: str | Callable[[Message], object],
        *,
        after: Message | None = None,
        timeout_seconds: float | None = None,
    ) -> Message:
        """The newest bot message that contains the ``wanted`` words (or that ``wanted`` accepts), now or soon.

        Edits count: a message is seen as it reads now. ``after``: only messages that came later than this one.

        Raises:
            TimeoutError: it did not appear.
        """
        earliest = after.message_id if after is not None else 0

        def fits(message: Message) -> object:
            if message.message_id <= earliest or not _is_from_bot(message):
                return False
            if isinstance(wanted, str):
                return wanted.casefold() in message.words.casefold()
            return wanted(message)

        return await self.person.world.wait_for_message(chat, fits, timeout_seconds or self.patience_seconds)

    async def carry_out(
        self, chat: Chat, command: str, yes: str, *, done: str, timeout_seconds: float | None = None
    ) -> Message:
        """Give a command that may ask whether it is meant, answer by the button ``yes`` if it does, and see it done.

        ``done``: words of the message that says so.

        Raises:
            TimeoutError: neither came.
        """
        said = self.person.say(chat, command)

        def fits(message: Message) -> object:
            return done.casefold() in message.words.casefold() or find_button(message, yes)

        answer = await self.see(chat, fits, after=said, timeout_seconds=timeout_seconds)
        if find_button(answer, yes):
            await self.press(chat, yes, on=answer, timeout_seconds=timeout_seconds)
            answer = await self.see(chat, done, after=answer, timeout_seconds=timeout_seconds)
        return answer

    async def press(
        self, chat: Chat, wanted: str, *, on: Message | None = None, timeout_seconds: float | None = None
    ) -> Answer:
        """Press the button whose text or data is (or whose text contains) ``wanted``; wait for its toast.

        It is looked for on the message ``on``, else on the newest message of ``chat`` that has it; a button that
        is not there yet is waited for.

        Raises:
            TimeoutError: no such button appeared, or the press was not answered.
        """
        patience = timeout_seconds or self.patience_seconds

        def has_button(message: Message) -> object:
            is_meant = on is None or message.message_id == on.message_id
            return is_meant and find_button(message, wanted) is not None

        message = await self.person.world.wait_for_message(chat, has_button, patience)
        return await self.person.press(chat, message, wanted).answered(patience)

    @staticmethod
    def present(message: Message) -> Message:
        """The message as it reads now; the last known version if it is gone."""
        return message.chat.messages.get(message.message_id, message)


def _is_from_bot(message: Message) -> bool:
    return message.sender is not None and message.sender.is_bot and not message.service
