"""The pace held against Telegram's clock: rates, and the silence that a 429 asks for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from tests.simulation.telegram import Arrival, Sender, Telegram

_OVERALL: Final = (28, 1.0)
_CHAT: Final = (1, 1.0)
_GROUP: Final = (18, 60.0)


def pace(telegram: Telegram) -> Iterator[str]:
    """No process sends or edits faster than it may, nor where it was asked for silence.

    A process that starts cannot know what one before it has sent, so each is held to the rates by itself, and each
    term as leader.
    """
    by_sender: Mapping[Sender, list[Arrival]] = defaultdict(list)
    for arrival in telegram.arrivals:
        if arrival.paced:
            by_sender[arrival.sender].append(arrival)
    for sender, arrivals in by_sender.items():
        yield from _too_fast(str(sender), [one.second for one in arrivals], *_OVERALL)
        by_chat: Mapping[int | None, list[Arrival]] = defaultdict(list)
        for arrival in arrivals:
            by_chat[arrival.chat_id].append(arrival)
        for chat, there in by_chat.items():
            seconds = [one.second for one in there]
            name = f"{sender} in chat {chat}"
            yield from _too_fast(name, seconds, *_CHAT)
            yield from _too_fast(name, seconds, *_GROUP)
            yield from _impatient(name, there)


def _too_fast(name: str, seconds: Sequence[float], count: int, span: float) -> Iterator[str]:
    for first, last in zip(seconds, seconds[count:], strict=False):
        if last - first < span - 0.000_01:
            yield f"{name}: {count + 1} requests within {last - first:.3f} s at second {first:.3f}"
            return


def _impatient(name: str, arrivals: Sequence[Arrival]) -> Iterator[str]:
    for told, following in pairwise(arrivals):
        wait = following.second - told.second
        if told.status == 429 and wait < told.retry_after:
            yield f"{name}: asked for {told.retry_after} s of silence, and kept {wait:.3f} s"
