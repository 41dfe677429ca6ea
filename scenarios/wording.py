"""What a planner is told, in English, and ready to be told in another language. Pure."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Self

_GAP = re.compile(r"\{(\w+)(:,)?\}")
_DEEPEST = 20


class Wording(str):
    """A sentence in English that remembers its ``template``, with gaps such as ``{unit}``, and what fills them.

    What fills a gap may be a wording too. A whole number in a gap such as ``{rows:,}`` has its thousands parted. The
    template is what the catalogue of another language knows the sentence by.

    Raises:
        ValueError: the gaps of the template are not those that are filled, each of them once.
    """

    __slots__ = ("gaps", "template")

    template: str
    gaps: Mapping[str, str | int]

    def __new__(cls, template: str, /, **gaps: str | int) -> Self:
        """``template`` with ``gaps`` filled."""
        if gaps_of(template) != sorted(gaps):
            raise ValueError(f"{template!r} is not filled by {', '.join(gaps) or 'nothing'}")
        wording = super().__new__(cls, _filled(template, gaps, "{:,}".format))
        wording.template, wording.gaps = template, gaps
        return wording

    def translated(self, translate: Callable[[str], str], number: Callable[[int], str]) -> str:
        """The sentence where ``translate`` gives what stands for a template and ``number`` parts the thousands."""
        gaps = {
            name: gap.translated(translate, number) if isinstance(gap, Wording) else gap
            for name, gap in self.gaps.items()
        }
        return _filled(translate(self.template), gaps, number)

    def dump(self) -> list[object]:
        """It as JSON can hold it."""
        return [
            self.template,
            {name: gap.dump() if isinstance(gap, Wording) else gap for name, gap in self.gaps.items()},
        ]

    @classmethod
    def load(cls, data: object, levels: int = _DEEPEST) -> Self:
        """What :meth:`dump` gave, from whoever may have changed it; at most ``levels`` wordings within one another.

        Raises:
            ValueError: it is none.
        """
        match data:
            case [str(template), dict(gaps)] if levels:
                return cls(
                    template,
                    **{
                        str(name): gap if isinstance(gap, str | int) else cls.load(gap, levels - 1)
                        for name, gap in gaps.items()
                    },
                )
            case _:
                raise ValueError("not a wording")


def templated(template: str) -> str:
    """``template`` itself: marks a template that is filled elsewhere, as every other stands where it is filled."""
    return template


# A file can be wrong in a thousand places, yet not in many ways.
@lru_cache(maxsize=512)
def gaps_of(template: str) -> list[str]:
    """The names of the gaps of a template, in alphabetical order."""
    return sorted(match[1] for match in _GAP.finditer(template))


def _filled(template: str, gaps: Mapping[str, str | int], number: Callable[[int], str]) -> str:
    # Not str.format: the template may be a stranger's, and format looks into what fills its gaps.
    def fill(gap: re.Match[str]) -> str:
        value = gaps[gap[1]]
        return number(value) if gap[2] and isinstance(value, int) else str(value)

    return _GAP.sub(fill, template)
