"""What the commands have in common."""

from dataclasses import dataclass, field

from bot.console import or_exit


@dataclass
class Large:
    """Something that would take minutes to tell in words; it counts how often it was."""

    told: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        self.told.append("told")
        return "large"


def test_what_a_command_reads_is_not_told_in_words() -> None:
    large = Large()

    async def read() -> Large:
        return large

    assert or_exit(read) is large
    assert large.told == []
