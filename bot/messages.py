"""Everything the bot can say, as values: what is said, not how it reads.

A use case puts messages into the outbox; the wire renders each at the moment of sending, and again when what
it shows has changed. ``exercise`` is an exercise's number, ``unit`` and ``inject`` are the scenario's ids.
A message that belongs to an exercise carries the exercise marking; ``Plain`` and ``RealWorld`` never do.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.exercise.forms import Form
from scenarios.model import EvidenceKind


class Said(BaseModel):
    """The base of all messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(Said):
    """A gap in a text, filled with a moment, shown in the exercise's zone."""

    at: datetime


class Span(Said):
    """A gap in a text, filled with a duration or an exercise time."""

    elapsed: timedelta


Gap = str | int | Moment | Span
Answered = Literal["", "yes", "no", "withdrawn"]
"""What became of a question: it is open while this is empty."""


class Plain(Said):
    """A reply about the bot itself: the text ``key`` of the catalogue, without marking."""

    type: Literal["plain"] = "plain"
    key: str
    params: dict[str, Gap] = {}
    language: str | None = None
    """The chat's language where ``None``."""


class Notice(Said):
    """A short message of an exercise: the text ``key`` of the catalogue, marked."""

    type: Literal["notice"] = "notice"
    exercise: int
    key: str
    params: dict[str, Gap] = {}


class RealWorld(Said):
    """A real emergency, in words that cannot be read as exercise."""

    type: Literal["realworld"] = "realworld"
    exercise: int
    who: str
    where: str
    text: str
    at: datetime
    to_director: bool = False
    """Whether it has the buttons that go on, or break off, while the exercise stands still for it."""
    again: bool = False
    """Whether the exercise stood still for one already: the control room alone is told."""


class Help(Said):
    """What this person may do here."""

    type: Literal["help"] = "help"
    name: str
    exercise: int | None = None
    standing: Literal["owner", "director", "controller", "observer", "leader", "member", "stranger"] = "stranger"
    unit: str | None = None


class ScenarioList(Said):
    """The scenarios that can be chosen; ``page`` counts from 0."""

    type: Literal["scenario_list"] = "scenario_list"
    page: int = 0


class ScenarioCard(Said):
    """One scenario of the library, looked at before it is chosen."""

    type: Literal["scenario_card"] = "scenario_card"
    scenario: str


class ScenarioProblems(Said):
    """Everything wrong with a scenario that was sent, a file: more than a reply has room for."""

    type: Literal["scenario_problems"] = "scenario_problems"
    problems: tuple[str, ...]


class ScenarioOffer(Said):
    """A scenario that was sent and is sound, looked at before it is added to the library, or is not."""

    type: Literal["scenario_offer"] = "scenario_offer"
    scenario: str
    document: str
    """The whole of it, JSON as :func:`scenarios.model.dump` gives it."""
    replaces: bool
    """Whether the library had one of that id when it was sent."""
    findings: tuple[str, ...] = ()
    """What a planner should look at: the first of them."""
    number_of_findings: int = 0
    answer: Answered = ""
    answered_by: str = ""


class ScenarioFile(Said):
    """One scenario of the library as a workbook, a file."""

    type: Literal["scenario_file"] = "scenario_file"
    scenario: str


class Created(Said):
    """A new exercise: one join code per unit."""

    type: Literal["created"] = "created"
    exercise: int
    codes: dict[str, str]


class UnitList(Said):
    """Which unit sits where; ``page`` counts from 0."""

    type: Literal["unit_list"] = "unit_list"
    exercise: int
    page: int = 0


class UnitCard(Said):
    """One unit's chat, leaders and join code, with what can be done about them."""

    type: Literal["unit_card"] = "unit_card"
    exercise: int
    unit: str


class UnitBound(Said):
    """For the control room: a unit has taken its seat in a chat, which can be undone."""

    type: Literal["unit_bound"] = "unit_bound"
    exercise: int
    unit: str
    chat: str
    chat_id: int
    thread_id: int | None = None
    by: str


class NextInjects(Said):
    """The injects that wait, soonest first, and the contingency injects on the shelf; ``page`` counts from 0."""

    type: Literal["next_injects"] = "next_injects"
    exercise: int
    page: int = 0


class InjectCard(Said):
    """An inject with what only controllers may know of it: for the control room."""

    type: Literal["inject_card"] = "inject_card"
    exercise: int
    inject: str


class ConfirmStartex(Said):
    """STARTEX asked for while units are unbound: go on, or not."""

    type: Literal["confirm_startex"] = "confirm_startex"
    exercise: int
    unbound: tuple[str, ...]
    scheduled_at: datetime | None = None
    answer: Answered = ""
    answered_by: str = ""


class ConfirmEnd(Said):
    """ENDEX while something is open, breaking off for a reason, or going on after a real emergency: really?"""

    type: Literal["confirm_end"] = "confirm_end"
    exercise: int
    turn: Literal["endex", "abort", "resumex"]
    why: str = ""
    answer: Answered = ""
    answered_by: str = ""


class CommCheck(Said):
    """The test of the line in a unit's chat; ``round`` counts the tests from 1."""

    type: Literal["comm_check"] = "comm_check"
    exercise: int
    unit: str
    round: int


class CommCheckResult(Said):
    """Who has answered the newest test of the line: for the control room."""

    type: Literal["comm_check_result"] = "comm_check_result"
    exercise: int


class HotWashPost(Said):
    """After ENDEX, in a unit's chat: the questions of the hot wash, with their buttons."""

    type: Literal["hot_wash"] = "hot_wash"
    exercise: int
    unit: str


class HotWashPrompt(Said):
    """One question of the hot wash, answered by a reply; ``by_id`` is 0 where nobody is to be named."""

    type: Literal["hot_wash_prompt"] = "hot_wash_prompt"
    exercise: int
    unit: str
    question: str
    by_id: int = 0
    by_name: str = ""


class HotWashResult(Said):
    """What the units say in the hot wash: for the control room."""

    type: Literal["hot_wash_result"] = "hot_wash_result"
    exercise: int


class ActionList(Said):
    """The corrective actions of an exercise: for the control room."""

    type: Literal["action_list"] = "action_list"
    exercise: int


class InjectPost(Said):
    """An inject in a unit's chat, with its buttons and what has been answered."""

    type: Literal["inject"] = "inject"
    exercise: int
    inject: str
    unit: str
    edition: int = 0
    """How often it had been sent again when this message was made."""


class InjectPart(Said):
    """What comes with an inject beside its words: another of its media, or (``medium`` is ``None``) its place."""

    type: Literal["inject_part"] = "inject_part"
    exercise: int
    inject: str
    unit: str
    number: int
    """Which of the inject's messages it is, the words being the first."""
    medium: int | None = None
    """Which of the inject's media, counted from 0; the first comes with the words."""
    edition: int = 0
    """How often the inject had been sent again when this message was made."""


class UnitReport(Said):
    """For the control room: what a unit has reported; ``what`` says that it corrects or adds to a report."""

    type: Literal["unit_report"] = "unit_report"
    exercise: int
    unit: str
    inject: str | None = None
    by: str
    at: datetime
    kind: str
    text: str = ""
    file: str = ""
    """Telegram's id of what came with it; of a location, its degrees."""
    what: Literal["", "correction", "more"] = ""


class ReasonPrompt(Said):
    """A leader chose an option that asks for a reason, which is given as a reply to this message."""

    type: Literal["reason_prompt"] = "reason_prompt"
    exercise: int
    inject: str
    unit: str
    option: str
    by_id: int
    by_name: str


class Reminder(Said):
    """An inject is about to run out of time, or (``overdue``) has: then the unit's leaders are called by name."""

    type: Literal["reminder"] = "reminder"
    exercise: int
    inject: str
    unit: str
    decision: bool = False
    overdue: bool = False


class EvidenceReminder(Said):
    """Evidence that an inject asks for has not come in time."""

    type: Literal["evidence_reminder"] = "evidence_reminder"
    exercise: int
    inject: str
    unit: str
    kind: EvidenceKind


class Escalation(Said):
    """A unit has not answered in time (``decision``: has not decided): for the control room."""

    type: Literal["escalation"] = "escalation"
    exercise: int
    inject: str
    unit: str
    decision: bool = False


class InDoubt(Said):
    """For the control room: nothing tells whether an inject has arrived, and by itself it is sent no more."""

    type: Literal["in_doubt"] = "in_doubt"
    exercise: int
    inject: str
    unit: str


class Overdue(Said):
    """For the control room: the auditor found that an inject's moment has passed, and it has not been sent.

    ``issued``: it waits in the outbox for some of its units; else it was never put there.
    """

    type: Literal["overdue"] = "overdue"
    exercise: int
    inject: str
    issued: bool


class GateQuestion(Said):
    """An inject is due and its condition is undecided: send it, or skip it?"""

    type: Literal["gate_question"] = "gate_question"
    exercise: int
    inject: str


class HeldQuestion(Said):
    """Injects came due during an interruption: send them all, shift the timetable, or skip them?"""

    type: Literal["held_question"] = "held_question"
    exercise: int
    injects: tuple[str, ...]
    asked_again: bool = False
    """A later question asks about these and more."""


class Board(Said):
    """The live board of the control room, kept current by edits."""

    type: Literal["board"] = "board"
    exercise: int
    at_rest: bool = False
    """Whether a newer board has taken its place."""


class Summary(Said):
    """The timeline summary for the control room; ``page`` counts from 0."""

    type: Literal["summary"] = "summary"
    exercise: int
    page: int = 0


class SummaryChart(Said):
    """A picture of the exercise: its chart, or (``spread``) how the units' answer times spread."""

    type: Literal["summary_chart"] = "summary_chart"
    exercise: int
    spread: bool = False


class PublicSummary(Said):
    """The paragraph that may be published, for observers: no names, and no times of individuals."""

    type: Literal["public_summary"] = "public_summary"
    exercise: int


class RecordFile(Said):
    """The record in one of its forms, a file."""

    type: Literal["record_file"] = "record_file"
    exercise: int
    form: Form = Form.JSON


class SentFiles(Said):
    """The files that units and controllers sent, in one archive."""

    type: Literal["sent_files"] = "sent_files"
    exercise: int


class Comparison(Said):
    """Runs side by side, by number, for the control room; ``page`` counts from 0."""

    type: Literal["comparison"] = "comparison"
    exercise: int
    runs: tuple[int, ...]
    page: int = 0


class ComparisonChart(Said):
    """How the units' times have moved from run to run, a picture."""

    type: Literal["comparison_chart"] = "comparison_chart"
    exercise: int
    runs: tuple[int, ...]


class UnitSummary(Said):
    """A unit's own lines of the summary."""

    type: Literal["unit_summary"] = "unit_summary"
    exercise: int
    unit: str
    page: int = 0


Message = Annotated[
    Plain
    | Notice
    | RealWorld
    | Help
    | ScenarioList
    | ScenarioCard
    | ScenarioFile
    | ScenarioOffer
    | ScenarioProblems
    | Created
    | UnitList
    | UnitCard
    | UnitBound
    | NextInjects
    | InjectCard
    | ConfirmStartex
    | ConfirmEnd
    | CommCheck
    | CommCheckResult
    | HotWashPost
    | HotWashPrompt
    | HotWashResult
    | ActionList
    | Comparison
    | ComparisonChart
    | InjectPost
    | InjectPart
    | ReasonPrompt
    | Reminder
    | EvidenceReminder
    | Escalation
    | InDoubt
    | Overdue
    | GateQuestion
    | HeldQuestion
    | Board
    | Summary
    | SummaryChart
    | PublicSummary
    | RecordFile
    | SentFiles
    | UnitReport
    | UnitSummary,
    Field(discriminator="type"),
]

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_SHORT = 1_000
"""Characters of a packed message that is worth remembering; a scenario that is offered has a million."""


def pack(message: Message) -> str:
    """The message as JSON, as the outbox keeps it."""
    return message.model_dump_json(exclude_defaults=False)


def unpack(packed: str) -> Message:
    """The message that :func:`pack` packed."""
    return _unpack_short(packed) if len(packed) <= _SHORT else _MESSAGE.validate_json(packed)


# A press reads the message under which it was, and then what it changes of the same: values that nobody changes.
@lru_cache(maxsize=1_024)
def _unpack_short(packed: str) -> Message:
    return _MESSAGE.validate_json(packed)
