"""Who plays in a drill, and in which chats."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rehearsal.people import Person
from bot.rehearsal.standin.world import World
from scenarios.model import Scenario

_NAMES = (
    ("Adi", "Prasetyo"), ("Budi", "Santoso"), ("Citra", "Lestari"), ("Dewi", "Anggraini"), ("Eko", "Wahyudi"),
    ("Fajar", "Nugroho"), ("Gita", "Permata"), ("Hadi", "Kurniawan"), ("Indra", "Gunawan"), ("Joko", "Susilo"),
    ("Kartika", "Sari"), ("Lukman", "Hakim"), ("Maya", "Puspita"), ("Nanda", "Saputra"), ("Oka", "Wijaya"),
    ("Putri", "Maharani"), ("Rudi", "Hartono"), ("Siti", "Rahayu"), ("Tono", "Suharto"), ("Wati", "Ningsih"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cast:
    """The ids of people and chats; units are named by their slugs."""

    director: int
    control: int
    units: Mapping[str, int]
    """The group of each unit as it was opened."""
    leaders: Mapping[str, int]
    members: Mapping[str, int]
    """Somebody of each unit who does not lead it."""
    stranger: int
    """Somebody who belongs to no unit."""
    is_seated: bool = False
    """Whether the exercise is made and every unit has its chat."""


def assemble(world: World, scenario: Scenario, language: str) -> Cast:
    """Open the control room with the director and the bot, and a group per unit with its leader and a member."""
    first, last = ("Direktur", "Latihan") if language == "id" else ("Exercise", "Director")
    director = Person(world, world.add_user(first, last_name=last, username="direktur"))
    control = director.create_group("Ruang Kendali" if language == "id" else "Control room")
    director.add_bot(control)
    units, leaders, members = {}, {}, {}
    for position, (unit, definition) in enumerate(scenario.units.items()):
        first, last = _NAMES[position % len(_NAMES)]
        leader = Person(world, world.add_user(first, last_name=last))
        leaders[unit] = leader
        units[unit] = leader.create_group(definition.name.in_language(language))
    for position, unit in enumerate(scenario.units):
        first, last = _NAMES[(7 * position + 3) % len(_NAMES)]
        member = world.add_user(last, last_name=first)
        members[unit] = member.id
        leaders[unit].add(units[unit], member)
    first, last = ("Orang", "Luar") if language == "id" else ("Passing", "Stranger")
    stranger = world.add_user(first, last_name=last)
    return Cast(
        director=director.id,
        control=control.id,
        units={unit: chat.id for unit, chat in units.items()},
        leaders={unit: leader.id for unit, leader in leaders.items()},
        members=members,
        stranger=stranger.id,
    )
