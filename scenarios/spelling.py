"""Guessing which known name was meant."""

from collections.abc import Collection
from difflib import get_close_matches


class Spelling:
    """Looks for near names, within a budget: a hostile file may hold thousands of unknown ones."""

    def __init__(self, comparisons: int = 20_000) -> None:
        self._left = comparisons

    def hint(self, name: str, known: Collection[str]) -> str:
        """``; did you mean 'x'?`` to end a message with, or nothing."""
        if len(name) > 40 or len(known) > self._left:
            return ""
        self._left -= len(known)
        by_case = {other.casefold(): other for other in known}
        near = get_close_matches(name.casefold(), by_case, n=1, cutoff=0.65)
        return f"; did you mean '{by_case[near[0]]}'?" if near else ""
