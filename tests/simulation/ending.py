"""The end of the exercise: from the commit that ends it nothing of the script goes out any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.store.outbox import OF_THE_SCRIPT
from tests.simulation.disk import Disk
from tests.simulation.ledger import Copies
from tests.simulation.universe import Universe


@dataclass
class Ending:
    """Learns from the work of all processes when it was, and what was on its way to Telegram then."""

    universe: Universe
    second: float | None = None
    under_way: frozenset[int] = frozenset()

    def watch(self, disk: Disk) -> None:
        """Look at what one process does."""

        def works() -> None:
            if self.second is None and disk.is_over():
                self.second, self.under_way = self.universe.seconds, disk.under_way()

        disk.on_work = works


def silence(ending: Ending, everything: tuple[Copies, ...]) -> Iterator[str]:
    """After the end of the exercise nothing of its script reaches a chat, but for what was under way then."""
    if ending.second is None:
        return
    for one in everything:
        if one.row.message.type not in OF_THE_SCRIPT:
            continue
        after = [post for post in one.posts if post.second > ending.second]
        if len(after) > (one.row.id in ending.under_way):
            yield f"message {one.row.id} ({one.row.message.type}) came after the end of the exercise"
