"""From a message to what Telegram is asked to show: domain in, text and buttons out. Pure."""

from dataclasses import replace
from typing import assert_never

from bot.messages import (
    ActionList,
    Board,
    CommCheck,
    CommCheckResult,
    Comparison,
    ComparisonChart,
    ConfirmEnd,
    ConfirmStartex,
    Created,
    Escalation,
    EvidenceReminder,
    GateQuestion,
    HeldQuestion,
    Help,
    HotWashPost,
    HotWashPrompt,
    HotWashResult,
    InDoubt,
    InjectCard,
    InjectPart,
    InjectPost,
    Message,
    NextInjects,
    Notice,
    Overdue,
    Plain,
    PublicSummary,
    RealWorld,
    ReasonPrompt,
    RecordFile,
    Reminder,
    ScenarioCard,
    ScenarioFile,
    ScenarioList,
    ScenarioOffer,
    ScenarioProblems,
    SentFiles,
    Summary,
    SummaryChart,
    UnitBound,
    UnitCard,
    UnitList,
    UnitReport,
    UnitSummary,
)
from bot.wire.rendering.actions import action_list
from bot.wire.rendering.board import board
from bot.wire.rendering.cards import inject_card
from bot.wire.rendering.checks import comm_check, comm_check_result
from bot.wire.rendering.comparisons import comparison, comparison_chart
from bot.wire.rendering.guidance import guidance
from bot.wire.rendering.held import held_question
from bot.wire.rendering.hot_washes import hot_wash_post, hot_wash_prompt, hot_wash_result
from bot.wire.rendering.injects import inject_post
from bot.wire.rendering.lists import created, next_injects, scenario_list
from bot.wire.rendering.marking import LONGEST_CAPTION, LONGEST_TEXT, repeated
from bot.wire.rendering.notices import notice, plain, realworld
from bot.wire.rendering.overdue import overdue
from bot.wire.rendering.parts import inject_part
from bot.wire.rendering.questions import confirm_end, confirm_startex, gate_question, reason_prompt
from bot.wire.rendering.reminders import escalation, evidence_reminder, in_doubt, reminder
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.scenarios import scenario_card, scenario_file, scenario_offer, scenario_problems
from bot.wire.rendering.seats import unit_bound, unit_card, unit_list
from bot.wire.rendering.summaries import (
    public_summary,
    record_file,
    sent_files,
    summary,
    summary_chart,
    unit_summary,
)
from bot.wire.rendering.unit_report import unit_report
from bot.wire.rendering.view import View


def render(message: Message, view: View, repeat: bool = False) -> Rendered:
    """How ``message`` reads at this moment.

    ``repeat`` says that the chat may have it already: so it says that itself. The chart of a summary is drawn here:
    call it from a thread.

    Raises:
        ValueError: the view lacks the exercise, or the record, that the message shows.
    """
    rendered = _rendered(message, view, repeat)
    if not repeat or isinstance(message, InjectPost | InjectPart | RealWorld):
        return rendered
    language = (message.language if isinstance(message, Plain) else None) or view.language
    longest = LONGEST_TEXT if rendered.only_words else LONGEST_CAPTION
    return replace(rendered, text=repeated(rendered.text, language, longest))


def _rendered(message: Message, view: View, repeat: bool) -> Rendered:  # noqa: C901, PLR0911, PLR0912 - one short arm for each kind of message
    match message:
        case Plain():
            return plain(message, view)
        case Notice():
            return notice(message, view)
        case RealWorld():
            return realworld(message, view, repeat=repeat)
        case Help():
            return guidance(message, view)
        case ScenarioList():
            return scenario_list(message, view)
        case ScenarioCard():
            return scenario_card(message, view)
        case ScenarioFile():
            return scenario_file(message, view)
        case ScenarioOffer():
            return scenario_offer(message, view)
        case ScenarioProblems():
            return scenario_problems(message, view)
        case Created():
            return created(message, view)
        case UnitList():
            return unit_list(message, view)
        case UnitCard():
            return unit_card(message, view)
        case UnitBound():
            return unit_bound(message, view)
        case NextInjects():
            return next_injects(message, view)
        case InjectCard():
            return inject_card(message, view)
        case ConfirmStartex():
            return confirm_startex(message, view)
        case CommCheck():
            return comm_check(message, view)
        case CommCheckResult():
            return comm_check_result(message, view)
        case ConfirmEnd():
            return confirm_end(message, view)
        case HotWashPost():
            return hot_wash_post(message, view)
        case HotWashPrompt():
            return hot_wash_prompt(message, view)
        case HotWashResult():
            return hot_wash_result(message, view)
        case ActionList():
            return action_list(message, view)
        case Comparison():
            return comparison(message, view)
        case ComparisonChart():
            return comparison_chart(message, view)
        case InjectPost():
            return inject_post(message, view, repeat=repeat)
        case InjectPart():
            return inject_part(message, view, repeat=repeat)
        case ReasonPrompt():
            return reason_prompt(message, view)
        case Reminder():
            return reminder(message, view)
        case EvidenceReminder():
            return evidence_reminder(message, view)
        case Escalation():
            return escalation(message, view)
        case InDoubt():
            return in_doubt(message, view)
        case Overdue():
            return overdue(message, view)
        case GateQuestion():
            return gate_question(message, view)
        case HeldQuestion():
            return held_question(message, view)
        case Board():
            return board(message, view)
        case Summary():
            return summary(message, view)
        case SummaryChart():
            return summary_chart(message, view)
        case PublicSummary():
            return public_summary(message, view)
        case RecordFile():
            return record_file(message, view)
        case SentFiles():
            return sent_files(message, view)
        case UnitReport():
            return unit_report(message, view)
        case UnitSummary():
            return unit_summary(message, view)
        case _:
            assert_never(message)
