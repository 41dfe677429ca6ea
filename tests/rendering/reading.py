"""What a person sees of a rendered message: read by the stand-in's parser, which is as strict as Telegram's."""

from datetime import timedelta

from bot.exercise.model import Exercise
from bot.messages import Message
from bot.rehearsal.standin.entities import parse_html
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from tests.builders import STARTEX

MARKING = {"id": "LATIHAN LATIHAN LATIHAN", "en": "EXERCISE EXERCISE EXERCISE"}


def view_of(exercise: Exercise | None, second: float = 0, language: str = "id") -> View:
    """A chat's view, ``second`` by the wall after STARTEX."""
    return View(exercise, language, STARTEX + timedelta(seconds=second), "GeladiBot")


def rendered(message: Message, exercise: Exercise | None, second: float = 0, language: str = "id") -> Rendered:
    """The message as that chat gets it at that second."""
    return render(message, view_of(exercise, second, language))


def seen(shown: Rendered) -> str:
    """The text as people see it; markup that Telegram would refuse raises."""
    return parse_html(shown.text)[0]


def lines(shown: Rendered) -> list[str]:
    """The lines as people see them."""
    return seen(shown).split("\n")


def labels(shown: Rendered) -> list[list[str]]:
    """The labels of the buttons, row by row."""
    return [[button.label for button in row] for row in shown.buttons]


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
