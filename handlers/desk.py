"""Where requests arrive: each is handled in one transaction with its replies, once, and never without an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.exercise.errors import Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise
from bot.messages import Message, Notice, Plain
from bot.service import finding, recording
from bot.service.receiving import AlreadyHandledError, once
from bot.store import directory, outbox
from bot.store.store import Store
from bot.store.transaction import Transaction
from handlers.files import Files
from handlers.membership import Membership
from handlers.request import Request

T = TypeVar("T")
log = structlog.get_logger(__name__)

Replies = Message | Sequence[Message] | None


def _nothing(_: Transaction) -> None:
    """Do no more than was said."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers share: the store, the clock and the settings they need."""

    store: Store
    clock: Clock
    owners: frozenset[int]
    timezone: str
    language: str
    """Of chats that have chosen none."""
    membership: Membership
    files: Files

    async def answer(self, request: Request, use_case: Callable[[Transaction], Replies]) -> None:
        """Run ``use_case`` and reply with what it gives; a refusal is replied with its own words, and logged.

        Whoever sent a file with it that is of no use here is told so: nobody shall believe that it went anywhere.
        """

        def whole(tx: Transaction) -> None:
            self._reply(tx, request, use_case(tx))
            if request.file_aside:
                self._reply(tx, request, Plain(key="reply.file_aside"))
            directory.meet(tx, request.person, request.username)

        try:
            # A command can speak to every unit at once.
            await self.store.perform(once(request.update_id, whole), long=True)
        except Refusal as refusal:
            await self.refuse(request, refusal, reply=True)
        except AlreadyHandledError:
            log.info("already_handled", update_id=request.update_id)

    async def decide(self, request: Request, use_case: Callable[[Transaction], T], *, long: bool = False) -> T:
        """Run ``use_case`` once for the request and give its result; ``long`` as the writer has it.

        Raises:
            Refusal: it was refused; nothing has changed and nothing has been said.
            AlreadyHandledError: the request has taken effect before.
        """
        return await self.store.perform(once(request.update_id, use_case), long=long)

    async def refuse(
        self,
        request: Request,
        refusal: Refusal,
        *,
        reply: bool,
        also: Callable[[Transaction], None] = _nothing,
    ) -> str:
        """Log a refusal with the exercise it concerns, and, with ``reply``, say it in the chat; do ``also`` with it.

        Gives the language of the chat, for whoever says it otherwise.
        """

        def whole(tx: Transaction) -> str:
            exercise = finding.standing(tx, request.place).exercise
            params = dict(refusal.params)
            words: Message = Plain(key=refusal.key, params=params)
            if exercise is not None:
                words = Notice(exercise=exercise.number, key=refusal.key, params=params)
                detail = {"why": refusal.key, "text": request.text[:200]}
                fact = Fact(request.at, FactKind.REFUSED, request.person, detail=detail)
                recording.record(tx, Change(exercise, (fact,)))
            also(tx)
            if reply:
                self._reply(tx, request, words)
                directory.meet(tx, request.person, request.username)
            return self.language_at(tx, request.place.chat_id, exercise)

        log.info("refused", why=refusal.key, user=request.person.id, chat=request.place.chat_id)
        try:
            return await self.store.perform(once(request.update_id, whole))
        except AlreadyHandledError:
            log.info("already_handled", update_id=request.update_id)
            return self.language

    def language_at(self, tx: Transaction, chat_id: int, exercise: Exercise | None = None) -> str:
        """The language of a chat: its own, else that of its exercise, else the bot's."""
        return directory.language_of(tx, chat_id) or (exercise.language if exercise else self.language)

    def _reply(self, tx: Transaction, request: Request, replies: Replies) -> None:
        if replies is None:
            return
        for message in [replies] if not isinstance(replies, Sequence) else replies:
            outbox.add(
                tx,
                message,
                request.place,
                request.at,
                exercise=getattr(message, "exercise", None),
                reply_to=request.message_id,
            )
