"""Long lists, page by page. Pure."""

from collections.abc import Sequence
from typing import TypeVar

from bot.buttons import ButtonData, Verb
from bot.wire.rendering.rendered import Button

Entry = TypeVar("Entry")


def page_of(
    entries: Sequence[Entry], page: int, on_a_page: int, exercise: int
) -> tuple[Sequence[Entry], tuple[Button, ...]]:
    """The entries of a page (the last one where there are not so many), and the buttons that turn it."""
    pages = max(1, -(-len(entries) // on_a_page))
    page = min(page, pages - 1)
    turning = []
    if page > 0:
        turning.append(_to(exercise, page - 1, f"◀ {page}/{pages}"))
    if page < pages - 1:
        turning.append(_to(exercise, page + 1, f"{page + 2}/{pages} ▶"))
    return entries[page * on_a_page : (page + 1) * on_a_page], tuple(turning)


def _to(exercise: int, page: int, label: str) -> Button:
    return Button(label, ButtonData(Verb.PAGE, str(exercise), str(page)).pack())
