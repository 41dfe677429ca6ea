"""What anybody may ask: who am I, what can I do, and which language."""

from bot.exercise import conduct
from bot.exercise.model import Exercise
from bot.messages import Help, Plain
from bot.service import finding
from bot.service.recording import record
from bot.store import directory
from bot.store.transaction import Transaction
from bot.texts.catalogue import LANGUAGES
from handlers import enrolling
from handlers.authorisation import Deed, Standing, require, standing_of
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
    """`/language id|en`: of this chat, and, by the director in the control room, of the exercise."""

    def use_case(tx: Transaction) -> Replies:
        here = finding.standing(tx, request.place)
        require(Deed.LANGUAGE, request, desk.owners, here.exercise, here.unit)
        wanted = request.text.casefold()
        if wanted not in LANGUAGES:
            return Plain(key="reply.language_usage")
        directory.set_language(tx, request.place.chat_id, wanted)
        steers = standing_of(request, desk.owners, here.exercise) in {Standing.OWNER, Standing.DIRECTOR}
        if here.exercise is not None and here.is_control and steers and not here.exercise.state.is_over:
            # The control room's language is the exercise's: its units hear it too, unless they chose another.
            record(tx, conduct.speak(here.exercise, wanted, request.person, request.at))
        return Plain(key="reply.language_set", language=wanted)

    await desk.answer(request, use_case)
