"""Guessing which known name was meant."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from scenarios.wording import Wording

_DIGITS = re.compile(r"\d+")


class Spelling:
    """Looks for near names, within a budget: a hostile file may hold thousands of unknown ones."""

    def __init__(self, comparisons: int = 6_000) -> None:
        self._left = comparisons

    def hint(self, name: str, known: Collection[str]) -> str:
        """``; did you mean 'x'?`` to end a message with, or nothing."""
        if len(name) > 40 or len(known) > self._left:
            return ""
        self._left -= len(known)
        by_case = {other.casefold(): other for other in known if not _is_another_number(name, other)}
        near = get_close_matches(name.casefold(), by_case, n=1, cutoff=0.65)
        return Wording("; did you mean '{name}'?", name=by_case[near[0]]) if near else ""


def _is_another_number(name: str, other: str) -> bool:
    # I-09 is not meant to be I-02, but I-1 may be meant to be I-01.
    same_words = _DIGITS.sub("", name).casefold() == _DIGITS.sub("", other).casefold()
    return same_words and list(map(int, _DIGITS.findall(name))) != list(map(int, _DIGITS.findall(other)))
