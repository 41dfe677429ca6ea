"""Where a replay plays: the chats of the exercise in a world of their own, with those who took part in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from bot.exercise.facts import FactKind
from bot.exercise.people import SYSTEM, Person
from bot.messages import Message as Said
from bot.messages import Plain, RealWorld
from bot.rehearsal.cast import Cast
from bot.rehearsal.drill import Drill
from bot.rehearsal.replay.clock import ReplayClock
from bot.rehearsal.standin.chats import Chat, Member, Status, User
from bot.rehearsal.standin.entities import find_entities, format_text
from bot.rehearsal.standin.groups import pin
from bot.rehearsal.standin.messages import Body, Message
from bot.rehearsal.standin.world import World
from bot.report.recorded import Recorded
from bot.texts.catalogue import say
from bot.texts.times import date
from bot.wire.rendering.html import LONGEST_NAME, Html, bold, escape, joined, one_line
from bot.wire.rendering.marking import marked
from bot.wire.rendering.rendered import Rendered

_AUDIENCE_ID = 1
_BOT_ID = 2
_TELLER_ID = 3
"""No person of a record has these ids: Telegram gave them away long ago, to people who take part in nothing."""


@dataclass(slots=True)
class Scene:
    """The world of a replay. It has no bot: nothing in it answers."""

    world: World
    drill: Drill
    log: Chat
    """Where each entry of the log is told."""
    title: str
    """That this is a replay, of which exercise and of which day."""
    language: str
    bot: User
    teller: User
    """Who says what belongs to the replay and not to the exercise."""
    people: dict[int, User] = field(default_factory=dict)

    def chat(self, unit: str | None) -> Chat:
        """The chat of a unit, or (``None``) the control room."""
        return self.drill.control if unit is None else self.drill.units[unit]

    def put(self, unit: str | None, said: Said, rendered: Rendered, reply_to: int | None = None) -> Message:
        """Have the bot say something once more."""
        return self.world.post(self.chat(unit), self.bot, reply_to=reply_to, **self.body(said, rendered))

    def body(self, said: Said, rendered: Rendered) -> Body:
        """A message as its chat holds it; the files that came with it are not in a record."""
        words = rendered.alone or rendered.text
        if isinstance(said, RealWorld | Plain):
            # What carries no marking would read as real here too.
            words = joined((bold(self.title), Html(words), bold(self.title)))
        text, entities = format_text(words, "HTML")
        keyboard = [
            [{"text": button.label, "callback_data": button.data or "-"} for button in row] for row in rendered.buttons
        ]
        return Body(text=text, entities=entities, markup={"inline_keyboard": keyboard} if keyboard else None)

    def note(self, chat: Chat, words: str, reply_to: int | None = None) -> Message:
        """Say something about the replay itself, marked as all that belongs to an exercise."""
        text, entities = format_text(marked(escape(words), self.language), "HTML")
        return self.world.post(chat, self.teller, reply_to=reply_to, text=text, entities=entities)

    def quote(self, unit: str | None, person: int, words: str, reply_to: int | None = None) -> Message:
        """What a person wrote."""
        user = self.people.get(person, self.teller)
        entities = tuple(find_entities(words))
        return self.world.post(self.chat(unit), user, reply_to=reply_to, text=words, entities=entities)

    def open(self, warning: str) -> None:
        """Say in every chat, for as long as it is open, what this is."""
        words = joined((bold(self.title), say(self.language, "replay.notice"), warning))
        for chat in (self.drill.control, self.log, *self.drill.units.values()):
            pin(self.world, self.note(chat, words), self.teller)


def scene(recorded: Recorded, clock: ReplayClock) -> Scene:
    """The scene as it was before anything happened: every chat there, and empty."""
    exercise = recorded.exercise
    language = exercise.language
    world = World(clock)
    bot = User(_BOT_ID, "Geladi", is_bot=True, username="geladi_bot")
    teller = User(_TELLER_ID, say(language, "replay.teller"), is_bot=True)
    audience = User(_AUDIENCE_ID, say(language, "replay.audience"))
    people = {person.id: User(person.id, person.name) for person in _people(recorded)}
    world.users.update({audience.id: audience, **people})

    def group(title: str, members: Iterable[int] = ()) -> Chat:
        chat = world.add_group(say(language, "replay.chat", chat=one_line(title, LONGEST_NAME)), bot)
        for user in (teller, audience, *(people[member] for member in members)):
            chat.members[user.id] = Member(user, Status.MEMBER)
        return chat

    inside = _inside(recorded)
    control = group(say(language, "replay.control"), inside.get(None, ()))
    log = group(say(language, "replay.log"))
    units = {
        unit: group(part.name.in_language(language), inside.get(unit, ()))
        for unit, part in exercise.scenario.units.items()
    }
    cast = Cast(
        director=next(iter(inside.get(None, ())), audience.id),
        control=control.id,
        units={unit: chat.id for unit, chat in units.items()},
        leaders={unit: next(iter(inside.get(unit, ())), audience.id) for unit in units},
        members={},
        stranger=audience.id,
        is_seated=True,
    )
    drill = Drill(world, exercise.scenario, language, Random(0), cast)  # noqa: S311 - nothing is left to chance here
    day = date(recorded.startex_at, exercise.timezone, language)
    name = one_line(exercise.name, LONGEST_NAME)
    title = say(language, "replay.title", number=exercise.number, name=name, day=day)
    return Scene(world, drill, log, title, language, bot, teller, people)


def _people(recorded: Recorded) -> list[Person]:
    actors = [entry.fact.actor for entry in recorded.entries]
    return [actor for actor in actors if actor is not None and actor != SYSTEM and actor.id > _TELLER_ID]


def _inside(recorded: Recorded) -> dict[str | None, dict[int, None]]:
    """Who acted in which unit's chat, and (``None``) in the control room, first to last."""
    inside: dict[str | None, dict[int, None]] = {}
    known = {person.id for person in _people(recorded)}
    for fact in (entry.fact for entry in recorded.entries):
        if fact.actor is not None and fact.actor.id in known:
            place = None if fact.kind in _IN_CONTROL else fact.unit
            inside.setdefault(place, {})[fact.actor.id] = None
    return inside


_IN_CONTROL = {FactKind.NOTED, FactKind.RATED, FactKind.RESENT, FactKind.UNBOUND, FactKind.CODE_RENEWED}
"""What is done to a unit from the control room."""
