"""Who is what: roles in the control of an exercise, and the leaders of its units."""

from bot.exercise import enrolment
from bot.exercise.addressing import one_unit
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Role
from bot.messages import Notice
from bot.service import finding
from bot.service.recording import record
from bot.store import directory
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request, first_word
from handlers.steering import WrongUsage, steered


class UnknownPerson(Refusal):
    """The bot has never met that person; ``name`` is what was written."""

    key = "reply.person_unknown"


async def give(desk: Desk, request: Request, wanted: Role) -> None:
    """`/director`, `/controller`, `/observer`, for `@user`, an id, or as a reply."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.ROLE)
        person = named_person(tx, text, request, f"/{wanted} @name")
        record(tx, enrolment.give_role(exercise, person, wanted, request.person, request.at))
        params = {"name": person.name, "role": wanted.value}
        return Notice(exercise=exercise.number, key="reply.role_given", params=dict(params))

    await desk.answer(request, use_case)


async def revoke(desk: Desk, request: Request) -> None:
    """`/revoke`: a role in the control room, a leader in a unit's chat (or `/revoke UNIT @user`)."""

    def use_case(tx: Transaction) -> Replies:
        led = _unit_named(tx, desk, request)
        if led is not None:
            exercise, unit, text = led
            person = named_person(tx, text, request, "/revoke @name")
            record(tx, enrolment.remove_leader(exercise, unit, person, request.person, request.at))
            return _told_elsewhere(exercise, unit, request, "notice.leader_removed", person)
        exercise, text = steered(tx, desk, request, Deed.ROLE)
        person = named_person(tx, text, request, "/revoke @name")
        record(tx, enrolment.take_role(exercise, person, request.person, request.at))
        return Notice(exercise=exercise.number, key="reply.role_taken", params={"name": person.name})

    await desk.answer(request, use_case)


async def leader(desk: Desk, request: Request) -> None:
    """`/leader @user` in a unit's chat, `/leader UNIT @user` in the control room: one more leader of the unit."""

    def use_case(tx: Transaction) -> Replies:
        led = _unit_named(tx, desk, request)
        if led is None:
            steered(tx, desk, request, Deed.LEADER)
            raise WrongUsage(example="/leader UNIT @name")
        exercise, unit, text = led
        person = named_person(tx, text, request, "/leader @name")
        record(tx, enrolment.appoint_leader(exercise, unit, person, request.person, request.at))
        return _told_elsewhere(exercise, unit, request, "notice.leader_appointed", person)

    await desk.answer(request, use_case)


def _unit_named(tx: Transaction, desk: Desk, request: Request) -> tuple[Exercise, str, str] | None:
    """The exercise and the unit whose leaders are meant, once the person may name them, and the rest of the text.

    ``None``: the text begins with no unit, and no unit sits here.
    """
    here = finding.standing(tx, request.place)
    if here.exercise is not None and here.unit is not None:
        require(Deed.LEADER, request, desk.owners, here.exercise, here.unit)
        return here.exercise, here.unit, request.text
    first, rest = first_word(request.text)
    if not first or first.startswith("@") or first.isdigit() or (not rest and request.reply_author is None):
        return None
    exercise, text = steered(tx, desk, request, Deed.LEADER)
    first, rest = first_word(text)
    return exercise, one_unit(exercise, first), rest


def _told_elsewhere(exercise: Exercise, unit: str, request: Request, key: str, person: Person) -> Notice | None:
    """A word to whoever did it from the control room; the unit's own chat is told anyway."""
    if exercise.seats[unit].place == request.place:
        return None
    return Notice(exercise=exercise.number, key=key, params={"name": person.name, "unit": unit})


def named_person(tx: Transaction, text: str, request: Request, example: str) -> Person:
    """The person who is mentioned, whom `@user` or an id names, or whose message is replied to.

    A name alone is nobody: Telegram tells a bot no id for it. It is looked up among those whom the bot has met.

    Raises:
        UnknownPerson: the bot has not met them.
        WrongUsage: nobody is named.
    """
    if request.mentioned is not None:
        return request.mentioned
    if not text:
        if request.reply_author is None:
            raise WrongUsage(example=example)
        return request.reply_author
    word = text.split(maxsplit=1)[0]
    if word.isascii() and word.isdigit() and len(word) < 19:
        person = directory.person_of(tx, int(word))
    else:
        person = directory.person_named(tx, word)
    if person is None:
        raise UnknownPerson(name=word)
    return person
