"""A YAML text as plain data with the place of every value, read within bounds.

The events of the streaming parser are turned into data in one pass that stops as soon as a bound is crossed,
so hostile input costs little. A plain scalar is text, whatever YAML would make of it (``no``, ``12``,
``01:05:30``); only the few keys that hold numbers or truth values are read as such.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from yaml import CSafeLoader, MarkedYAMLError, YAMLError, parse
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from scenarios.problems import Path, Problem, Severity, quoted
from scenarios.wording import Wording

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None
MAX_DEPTH = 20
MAX_NODES = 200_000
"""How many values a file may hold once its aliases are expanded; a long text counts as several."""
_LONG = 1_000
"""Characters of a text that count as one value more."""
MAX_ANCHORS = 1_000
MAX_PROBLEMS = 1_000

_STANDARD_TAG = "tag:yaml.org,2002:"
"""What the parser makes of ``!!``."""
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_TAB = Wording("a tab cannot indent a line; use spaces")
_PLAIN_WORDS = (
    ("a tab character that violates indentation", _TAB),
    ("exceeded maximum nesting depth", Wording("nested too deeply: more than {most} levels", most=MAX_DEPTH)),
    ("that cannot start any token", Wording("a text cannot begin with this character; put the text in quotes")),
    ("mapping values are not allowed", Wording("a colon and a space inside a text? put the text in quotes")),
    ("could not find expected ':'", Wording("a key needs a colon after it; is a colon or a closing quote missing?")),
    ("expected <block end>", Wording("this line does not fit the ones above; is its indentation right?")),
    ("found unexpected end of stream", Wording("the file ends inside of a text; is a closing quote missing?")),
    ("expected ',' or", Wording("a list or mapping in brackets is not closed; is a comma or bracket missing?")),
    ("expected '<document start>'", Wording("a directive (%) needs a line with --- after it")),
)
"""What the parser says, and how to say it to people."""


@dataclass(frozen=True)
class Limits:
    """How much one file may hold: bytes, and YAML events (a value is one, a list or mapping two)."""

    size: int
    events: int


@dataclass(slots=True)
class Spot:
    """Where a value was written (from 1), and where its parts and their keys were."""

    line: int
    column: int
    parts: dict[str | int, "Spot"] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def find(self, path: Path, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column of the value at ``path`` (or of its key), else of the nearest value around it."""
        spot = self
        for index, step in enumerate(path):
            if of_key and index == len(path) - 1 and step in spot.keys:
                return spot.keys[str(step)]
            if step not in spot.parts:
                break
            spot = spot.parts[step]
        return spot.line, spot.column


@dataclass(frozen=True)
class Document:
    """What was read; without ``root`` nothing could be made of the text as a whole."""

    data: Plain
    root: Spot | None
    problems: tuple[Problem, ...]
    empty: frozenset[tuple[int, int]]
    """Places of values that were left out, each already among the problems."""


def read_document(text: str, limits: Limits) -> Document:
    """The single YAML document in ``text``, with everything wrong about it as YAML."""
    composer = _Composer(limits)
    try:
        for event in parse(text, Loader=CSafeLoader):
            composer.take(event)
    except _StopReading:
        composer.root = None
    except MarkedYAMLError as error:
        composer.fail(error, text)
    except YAMLError as error:  # what the parser raises for signs that YAML forbids
        composer.root = None
        composer.report((1, 1), Wording("this is no valid YAML: {error}", error=quoted(error)), stop=False)
    if composer.root is None and not composer.problems:
        composer.report((1, 1), Wording("the file is empty: it holds no scenario"), stop=False)
    return Document(composer.data, composer.root, tuple(composer.problems), frozenset(composer.empty))


class _StopReading(Exception):  # noqa: N818 - a way out of the loop, not an error
    """A bound was crossed: nothing after it is looked at."""


@dataclass(slots=True)
class _Known:
    """What an anchor stands for."""

    value: Plain
    spot: Spot
    size: int
    height: int
    is_scalar: bool


@dataclass(slots=True)
class _Open:
    """A collection that has begun and not ended."""

    value: dict[str, Any] | list[Any]
    spot: Spot
    anchor: str | None
    size: int = 1
    height: int = 1
    awaits_value: bool = False
    key: str | None = None
    """The key whose value comes next; ``None`` beside ``awaits_value``: the value is dropped."""


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


class _Composer:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.data: Plain = None
        self.root: Spot | None = None
        self.problems: list[Problem] = []
        self.empty: set[tuple[int, int]] = set()
        self._open: list[_Open] = []
        self._anchors: dict[str, _Known | None] = {}
        self._anchors_seen = 0
        self._events = 0
        self._nodes = 0

    def report(self, place: tuple[int, int], message: Wording, *, stop: bool) -> None:
        self.problems.append(Problem(*place, Severity.ERROR, message))
        if len(self.problems) >= MAX_PROBLEMS:
            stopped = Wording("too many problems: reading stopped here")
            self.problems.append(Problem(*place, Severity.ERROR, stopped))
            raise _StopReading
        if stop:
            raise _StopReading

    def fail(self, error: MarkedYAMLError, text: str) -> None:
        """Note the syntax error in ``text`` that ended the reading."""
        mark = error.problem_mark or error.context_mark
        line, column, index = (0, 0, len(text)) if mark is None else (mark.line, mark.column, mark.index)
        problem = str(error.problem or error.context)
        plain = next((plain for jargon, plain in _PLAIN_WORDS if jargon in problem), problem)
        if "cannot start any token" in problem and text[index : index + 1] == "\t":
            plain = _TAB
        message = Wording("this is no valid YAML: {error}", error=plain)
        self.problems.append(Problem(line + 1, column + 1, Severity.ERROR, message))
        self.root = None

    def take(self, event: Event) -> None:
        place = _place(event)
        self._events += 1
        if self._events > self.limits.events:
            message = Wording(
                "the file holds too much: more than {most:,} values; "
                "use groups instead of lists of units, or split the scenario",
                most=self.limits.events,
            )
            self.report(place, message, stop=True)
        if isinstance(event, NodeEvent):
            self._check_properties(event, place)
        match event:
            case DocumentStartEvent() if self.root is not None:
                self.report(place, Wording("a second document starts here; one file holds one scenario"), stop=True)
            case AliasEvent(anchor=str(anchor)):
                self._alias(anchor, place)
            case ScalarEvent():
                self._scalar(event, place)
            case CollectionStartEvent():
                self._begin(event, place)
            case CollectionEndEvent():
                self._end()
            case _:
                pass

    def _check_properties(self, event: NodeEvent, place: tuple[int, int]) -> None:
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            tag = event.tag.replace(_STANDARD_TAG, "!!")
            self.report(place, Wording("YAML tags are not allowed; remove {tag}", tag=quoted(tag)), stop=False)
        if event.anchor is not None and not isinstance(event, AliasEvent):
            self._anchors[event.anchor] = None
            self._anchors_seen += 1
            if self._anchors_seen > MAX_ANCHORS:
                message = Wording("more than {most:,} anchors; write the values out", most=MAX_ANCHORS)
                self.report(place, message, stop=True)

    def _alias(self, anchor: str, place: tuple[int, int]) -> None:
        if anchor not in self._anchors:
            self.report(place, Wording("no anchor &{anchor} comes before this alias", anchor=anchor), stop=True)
        known = self._anchors[anchor]
        if known is None:
            message = Wording("the alias *{anchor} stands inside of what it repeats", anchor=anchor)
            self.report(place, message, stop=True)
        else:
            self._check_depth(known.height, place)
            self._grow(known.height)
            spot = Spot(*place, known.spot.parts, known.spot.keys)
            self._add(known.value, spot, known.size, is_scalar=known.is_scalar)

    def _scalar(self, event: ScalarEvent, place: tuple[int, int]) -> None:
        frame = self._open[-1] if self._open else None
        is_key = frame is not None and isinstance(frame.value, dict) and not frame.awaits_value
        is_text = is_key or bool(event.style)
        value: Plain = event.value if is_text else self._plain(event.value, frame, place)
        spot = Spot(*place)
        size = 1 + len(event.value) // _LONG
        if event.anchor is not None:
            self._anchors[event.anchor] = _Known(value, spot, size, 0, is_scalar=True)
        self._add(value, spot, size, is_scalar=True)

    def _plain(self, text: str, frame: _Open | None, place: tuple[int, int]) -> Plain:
        key = frame.key if frame else None
        if text in _EMPTY:
            if frame is not None:
                self.empty.add(place)
                if key is None:
                    message = Wording("this entry is empty; give it a value or delete it")
                    self.report(place, message, stop=False)
                else:
                    message = Wording("{key} has no value; give it one or delete the line", key=quoted(key))
                    self.report(frame.spot.keys[key], message, stop=False)
            return None
        match key:
            case "format" if _WHOLE.fullmatch(text):
                return int(text)
            case "lat" | "lon" if _DECIMAL.fullmatch(text):
                return float(text)
            case "acknowledged":
                return _TRUTH.get(text, text)
            case _:
                return text

    def _begin(self, event: CollectionStartEvent, place: tuple[int, int]) -> None:
        self._check_depth(1, place)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(value, Spot(*place), event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor is not None:
            known = _Known(done.value, done.spot, done.size, done.height, is_scalar=False)
            self._anchors[done.anchor] = known
        self._grow(done.height)
        self._add(done.value, done.spot, done.size, is_scalar=False, counted=done.size - 1)

    def _grow(self, height: int) -> None:
        """Note that the innermost open collection holds something ``height`` levels high."""
        if self._open:
            self._open[-1].height = max(self._open[-1].height, height + 1)

    def _check_depth(self, height: int, place: tuple[int, int]) -> None:
        if len(self._open) + height > MAX_DEPTH:
            self.report(place, Wording("nested too deeply: more than {most} levels", most=MAX_DEPTH), stop=True)

    def _add(self, value: Plain, spot: Spot, size: int, *, is_scalar: bool, counted: int = 0) -> None:
        """Put a finished value of ``size`` nodes, ``counted`` of them counted before, where it belongs."""
        place = (spot.line, spot.column)
        self._nodes += size - counted
        if self._nodes > MAX_NODES:
            message = Wording("aliases expand this file to more than {most:,} values", most=MAX_NODES)
            self.report(place, message, stop=True)
        if not self._open:
            self.data, self.root = value, spot
            return
        frame = self._open[-1]
        frame.size += size
        if isinstance(frame.value, list):
            frame.spot.parts[len(frame.value)] = spot
            frame.value.append(value)
        elif frame.awaits_value:
            frame.awaits_value = False
            if frame.key is not None:
                frame.spot.parts[frame.key] = spot
                frame.value[frame.key] = value
        else:
            frame.awaits_value = True
            frame.key = self._as_key(value, frame, place, is_scalar=is_scalar)

    def _as_key(self, value: Plain, frame: _Open, place: tuple[int, int], *, is_scalar: bool) -> str | None:
        if not is_scalar or not isinstance(value, str):
            self.report(place, Wording("a key must be a plain word"), stop=False)
            return None
        if value in frame.spot.keys:
            first = frame.spot.keys[value][0]
            message = Wording("{key} appears twice here, first on line {line}", key=quoted(value), line=first)
            self.report(place, message, stop=False)
            return None
        frame.spot.keys[value] = place
        return value
