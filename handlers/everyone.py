"""What anybody may ask: who am I, what can I do, and which language."""

from bot.exercise.model import Exercise
from bot.messages import Help, Plain
from bot.service import finding
from bot.store import directory
from bot.store.transaction import Transaction
from bot.texts.catalogue import LANGUAGES
from handlers import enrolling
from handlers.authorisation import Deed, require, standing_of
from handlers.desk import Desk, Replies
from handlers.request import Request


def _standing(tx: Transaction, desk: Desk, request: Request) -> tuple[Exercise | None, Help]:
    here = finding.standing(tx, request.place)
    standing = standing_of(request, desk.owners, here.exercise, here.unit)
    number = here.exercise.number if here.exercise else None
    return here.exercise, Help(name=request.person.name, exercise=number, standing=standing.value, unit=here.unit)


async def help_(desk: Desk, request: Request) -> None:
    """`/help`, and `/start` without a code."""

    def use_case(tx: Transaction) -> Replies:
        return _standing(tx, desk, request)[1]

    await desk.answer(request, use_case)


async def start(desk: Desk, request: Request) -> None:
    """`/start`: with the payload of a startgroup link it is `/join`."""
    await (enrolling.join(desk, request) if request.text and not request.private else help_(desk, request))


async def whoami(desk: Desk, request: Request) -> None:
    """`/whoami`: the id that settings and roles go by."""

    def use_case(tx: Transaction) -> Replies:
        _, told = _standing(tx, desk, request)
        who = Plain(key="reply.whoami", params={"name": request.person.name, "id": request.person.id})
        return [who, told]

    await desk.answer(request, use_case)


async def language(desk: Desk, request: Request) -> None:
    """`/language id|en`: of this chat."""

    def use_case(tx: Transaction) -> Replies:
        require(Deed.LANGUAGE, request, desk.owners)
        wanted = request.text.casefold()
        if wanted not in LANGUAGES:
            return Plain(key="reply.language_usage")
        directory.set_language(tx, request.place.chat_id, wanted)
        return Plain(key="reply.language_set", language=wanted)

    await desk.answer(request, use_case)


async def unknown(desk: Desk, request: Request) -> None:
    """A command that there is not."""

    def use_case(tx: Transaction) -> Replies:
        del tx  # nothing is looked up
        return Plain(key="reply.unknown_command")

    await desk.answer(request, use_case)
