"""The replay itself: entry after entry of the log, each at its recorded moment."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import timedelta

from bot.exercise.facts import Fact, FactKind, LogEntry
from bot.exercise.model import Delivery, DeliveryState, Exercise
from bot.exercise.people import SYSTEM
from bot.exercise.retracing import DoesNotFit, retrace
from bot.messages import Board, InjectPost
from bot.rehearsal.replay.clock import ReplayClock
from bot.rehearsal.replay.lines import line_of, what_of
from bot.rehearsal.replay.sayings import REPORTS, sayings
from bot.rehearsal.replay.scene import scene
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.messages import Message
from bot.report.recorded import Recorded
from bot.service.posting import parts
from bot.service.turns import TURNS
from bot.texts.catalogue import count, find, say
from bot.texts.times import span
from bot.wire.rendering.html import bold, clean, one_line
from bot.wire.rendering.render import render
from bot.wire.rendering.view import View

BEFORE_STARTEX = timedelta(seconds=5)
"""How long before STARTEX a replay begins; what happened earlier is in the chats already."""
LONGEST_IDLE = 20.0
"""Real seconds in which nothing happens; what is longer is passed over."""
LEAD_IN = 3.0
"""Real seconds before what happens next."""
_LOOK = 1.0
"""Real seconds after which a wait is thought over: the speed may have changed."""
_STEP_STOPS_BEFORE = timedelta(seconds=2)
_BOARD_EVERY = timedelta(seconds=15)
"""How old the board may become between turns: to render one of very many units takes long."""
_LINES_KEPT = 200
_SHOWN_BY_INJECT = {
    FactKind.ACKNOWLEDGED,
    FactKind.PROGRESSED,
    FactKind.DECIDED,
    FactKind.REPORTED,
    FactKind.CORRECTED,
    FactKind.RESENT,
    FactKind.SENT,
    FactKind.UNCERTAIN,
}
_SAID_IN_CONTROL = {FactKind.NOTED, FactKind.RATED, FactKind.SKIPPED, FactKind.DELAYED, FactKind.RELEASED}
_NEVER_ARRIVED = {FactKind.FAILED, FactKind.NOT_SENT}


class Replay:
    """Plays a record into a world. ``on_line`` is called with each line of the log as it is told."""

    def __init__(self, recorded: Recorded, clock: ReplayClock, speed: float) -> None:
        self.recorded = recorded
        self.clock = clock
        self.exercise: Exercise = recorded.exercise
        self.scene = scene(recorded, clock)
        self.stage = Stage(
            self.scene.world, clock, self.scene.drill, zone=recorded.exercise.timezone, speed=speed, replay=self
        )
        self.lines: deque[str] = deque(maxlen=_LINES_KEPT)
        """What was told last, oldest first."""
        self.misfits: list[int] = []
        """The entries that did not fit what came before them."""
        self.patience = LONGEST_IDLE
        """Real seconds: where nothing happens for longer, it is passed over."""
        self.on_line: Callable[[str], None] = lambda _: None
        self._told: list[LogEntry] = []
        self._copies: defaultdict[tuple[str, str], list[tuple[InjectPost, int]]] = defaultdict(list)
        """Each message with an inject, by inject and unit."""
        self._board: Message | None = None
        self._board_at = recorded.startex_at

    @property
    def title(self) -> str:
        """That this is a replay, of which exercise and of which day."""
        return self.scene.title

    @property
    def is_over(self) -> bool:
        """Whether everything has been told."""
        return len(self._told) == len(self.recorded.entries)

    @property
    def warning(self) -> str:
        """What is wrong with the record, in a line; empty where it is as Geladi wrote it."""
        problems = self.recorded.problems
        if not problems:
            return ""
        rest = count(self.scene.language, "count.more", len(problems) - 1) if len(problems) > 1 else ""
        named = " · ".join(part for part in (one_line(problems[0], 300), rest) if part)
        return say(self.scene.language, "replay.altered", problem=named)

    async def play(self) -> None:
        """Tell everything, each at its moment on the clock; stretches in which nothing happens are passed over."""
        self.open()
        for entry in self.recorded.entries:
            await self._until(entry)
            self._tell(entry)
        self._close()

    def play_at_once(self) -> None:
        """Tell everything now; each entry still shows its own moment."""
        self.open()
        for entry in self.recorded.entries:
            self._tell(entry)
        self._close()

    def step(self) -> bool:
        """Go on to just before the next inject; gives whether there is one."""
        rest = self.recorded.entries[len(self._told) :]
        soon = self.clock.now() + _STEP_STOPS_BEFORE
        later = (e.fact.at for e in rest if e.fact.kind is FactKind.ISSUED and e.fact.at > soon)
        at = next(later, None)
        if at is not None:
            self.clock.skip_to(at - _STEP_STOPS_BEFORE)
        return at is not None

    def open(self) -> None:
        """Say in every chat what this is."""
        with self.clock.at(self.recorded.entries[0].fact.at):
            self.scene.open(self.warning)

    def _close(self) -> None:
        words = say(self.scene.language, "replay.over")
        for chat in (self.scene.drill.control, self.scene.log):
            self.scene.note(chat, bold(words))
        self._line(words)

    async def _until(self, entry: LogEntry) -> None:
        while (gap := (entry.fact.at - self.clock.now()).total_seconds()) > 0:
            speed = self.clock.pace.speed
            if speed and gap / speed > self.patience:
                lead_in = timedelta(seconds=min(LEAD_IN, self.patience / 2) * speed)
                passed = self.clock.skip_to(entry.fact.at - lead_in)
                self.stage.on_change()
                self._line(say(self.scene.language, "replay.passed_over", span=span(passed, self.scene.language)))
            else:
                await self.clock.sleep(min(gap, _LOOK * speed) if speed else _LOOK)

    def _tell(self, entry: LogEntry) -> None:
        self._told.append(entry)
        with self.clock.at(entry.fact.at):
            before = self.exercise
            try:
                self.exercise = retrace(before, entry.fact)
                self._tell_chats(entry.fact, before)
            except (DoesNotFit, LookupError, TypeError, ValueError, OverflowError) as misfit:
                self._line(say(self.scene.language, "replay.misfit", entry=entry.seq, why=one_line(str(misfit), 200)))
                self.misfits.append(entry.seq)
            line = line_of(entry, self.exercise, self.recorded.late)
            self.scene.note(self.scene.log, line)
            self._line(line)

    def _line(self, line: str) -> None:
        self.lines.append(line)
        self.on_line(line)

    def _tell_chats(self, fact: Fact, before: Exercise) -> None:
        key = (fact.inject or "", fact.unit or "")
        if fact.kind in {FactKind.SENT, FactKind.UNCERTAIN}:
            self._put_inject(*key, was=before.injects[key[0]].deliveries[key[1]])
            if fact.kind is FactKind.UNCERTAIN:
                self._note_in(key[1], say(self.scene.language, "replay.uncertain"), self._newest(*key))
        if fact.kind in REPORTS and fact.unit and fact.actor:
            self.scene.quote(fact.unit, fact.actor.id, self._reported(fact), self._newest(*key))
        for saying in sayings(self.exercise, fact, self._told):
            reply = self._newest(*key) if saying.answers else None
            self.scene.put(saying.unit, saying.message, render(saying.message, self._view()), reply)
        if fact.kind in _SHOWN_BY_INJECT:
            self._refresh(*key)
        if fact.kind in {FactKind.ENDEX, FactKind.ABORTED}:
            for inject, unit in tuple(self._copies):
                self._refresh(inject, unit)
        if fact.kind in _NEVER_ARRIVED and fact.unit:
            self._note_in(fact.unit, f"{fact.inject} · {what_of(fact, self.exercise)}")
        self._steered(fact)
        self._show_board(fact)

    def _show_board(self, fact: Fact) -> None:
        """The live board: posted at STARTEX, and brought up to date from then on."""
        said = Board(exercise=self.exercise.number)
        if fact.kind is FactKind.STARTEX:
            self._board = self.scene.put(None, said, render(said, self._view()))
        elif self._board is None or (fact.kind not in TURNS and fact.at - self._board_at < _BOARD_EVERY):
            return
        else:
            self._show_anew(self._board, said)
        self._board_at = fact.at

    def _steered(self, fact: Fact) -> None:
        """What was done in the control room by command: the words of the command are not in a record."""
        if fact.kind not in _SAID_IN_CONTROL or fact.actor is None or fact.actor == SYSTEM:
            return
        unit = self.exercise.scenario.units[fact.unit].name.in_language(self.scene.language) if fact.unit else ""
        about = " · ".join(part for part in (fact.inject or "", unit, what_of(fact, self.exercise)) if part)
        self.scene.quote(None, fact.actor.id, about)
        if fact.kind not in {FactKind.NOTED, FactKind.RATED} and fact.inject and self.stage.course is not None:
            self.stage.course.steered.add(fact.inject)

    def _put_inject(self, inject: str, unit: str, was: Delivery) -> None:
        exercise = self.exercise
        run, delivery = exercise.injects[inject], exercise.injects[inject].deliveries[unit]
        post = InjectPost(exercise=exercise.number, inject=inject, unit=unit, edition=delivery.resent)
        repeat = was.state is DeliveryState.UNCERTAIN
        message = self.scene.put(unit, post, render(post, self._view(), repeat))
        self._copies[inject, unit].append((post, message.message_id))
        for part in parts(exercise, run, delivery):
            self.scene.put(unit, part, render(part, self._view()))

    def _refresh(self, inject: str, unit: str) -> None:
        """Let every copy show how things stand."""
        chat = self.scene.chat(unit)
        for post, message_id in self._copies[inject, unit]:
            self._show_anew(chat.messages[message_id], post)

    def _show_anew(self, message: Message, said: InjectPost | Board) -> None:
        body = self.scene.body(said, render(said, self._view()))
        if (message.text, message.markup) != (body.get("text"), body.get("markup")):
            self.scene.world.edit(message, **body)

    def _reported(self, fact: Fact) -> str:
        kind = str(fact.detail.get("kind", ""))
        words = clean(str(fact.detail.get("text", "")))
        known = find(self.scene.language, f"report_kind.{kind}")
        without = say(self.scene.language, "replay.file", kind=known) if known and kind != "text" else ""
        if kind == "location" and known:
            without = f"{known}: {one_line(str(fact.detail.get('file', '')))}"
        return "\n".join(part for part in (without, words) if part) or "-"

    def _newest(self, inject: str, unit: str) -> int | None:
        copies = self._copies[inject, unit]
        return copies[-1][1] if copies else None

    def _note_in(self, unit: str, words: str, reply_to: int | None = None) -> None:
        self.scene.note(self.scene.chat(unit), words, reply_to)

    def _view(self) -> View:
        return View(
            exercise=self.exercise,
            language=self.scene.language,
            now=self.clock.now(),
            bot_username=self.scene.bot.username or "",
            log=tuple(self._told) if self.exercise.summarised else (),
        )
