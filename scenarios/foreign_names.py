"""Names for what somebody else's script calls by number or by words alone. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from scenarios.model import EVERYONE

_LONGEST_ID = 16
_LONGEST_SLUG = 40


class Names:
    """Slugs for units or phases: one for each name, in whatever case the name is written."""

    def __init__(self) -> None:
        self.by_slug: dict[str, str] = {}
        self._slugs: dict[str, str] = {}

    def slug(self, name: str) -> str:
        """The slug of ``name``, which is taken in when it is new."""
        known = self._slugs.get(name.casefold())
        if known is not None:
            return known
        base = slug_of(name) or "x"
        slug, number = base, 2
        while slug in self.by_slug or slug == EVERYONE:
            slug = f"{base[: _LONGEST_SLUG - 4]}_{number}"
            number += 1
        self.by_slug[slug] = name
        self._slugs[name.casefold()] = slug
        return slug


class Numbering:
    """Ids for injects from the numbers of a script; ``written`` are all of them, so that none is given away."""

    def __init__(self, written: Iterable[str]) -> None:
        self._taken = {id_of(number).casefold() for number in written}
        self._given: set[str] = set()
        self._last = ""
        self._next: dict[str, int] = {}
        """For each beginning of ids that are made up, the number that may be free."""

    def id_for(self, written: str) -> str:
        """The id of the next inject, whose number is ``written``; without one it follows the inject above."""
        wanted = id_of(written) or self._last
        if not wanted:
            return self._give(self._free("I-", 1))
        self._last = wanted
        if wanted.casefold() not in self._given:
            return self._give(wanted)
        return self._give(self._free(f"{wanted[: _LONGEST_ID - 5]}-", 2))

    def _free(self, beginning: str, first: int) -> str:
        number = self._next.get(beginning, first)
        width = 2 if first == 1 else 1
        while f"{beginning}{number:0{width}}".casefold() in self._taken:
            number += 1
        self._next[beginning] = number + 1
        return f"{beginning}{number:0{width}}"

    def _give(self, inject_id: str) -> str:
        self._given.add(inject_id.casefold())
        self._taken.add(inject_id.casefold())
        return inject_id


def id_of(written: str) -> str:
    """``written`` as the id of an inject, a bare number as ``I-01``; empty when nothing of it can stand in one."""
    wanted = re.sub(r"[^A-Za-z0-9-]+", "-", written).strip("-")[:_LONGEST_ID]
    return f"I-{int(wanted):02d}" if wanted.isdecimal() and len(wanted) < _LONGEST_ID - 1 else wanted


def slug_of(name: str) -> str:
    """``name`` as a slug; empty when nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_SLUG].strip("_")
