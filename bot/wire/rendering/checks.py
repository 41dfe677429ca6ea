"""The test of the line, in a unit's chat and in the control room. Pure."""

from collections.abc import Iterator

from bot.buttons import ButtonData, Verb
from bot.exercise import commcheck
from bot.exercise.commcheck import Heard
from bot.messages import CommCheck, CommCheckResult
from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, as_many, bold, escape, fill, joined, one_line, visible
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, taken, unit_name


def comm_check(message: CommCheck, view: View) -> Rendered:
    """What a unit is asked before STARTEX; afterwards, who answered."""
    exercise, language = view.run, view.language
    check = commcheck.newest(entry.fact for entry in view.log)
    current = check is not None and check.round == message.round
    heard = check.answers.get(message.unit) if check and current else None
    lines = [bold(fill(language, "check.title", number=str(message.round)))]
    if heard is not None:
        lines.append(fill(language, "check.heard", name=one_line(heard.by.name), span=_after(heard, language)))
    else:
        lines.append(fill(language, "check.ask"))
    asks = current and heard is None and not exercise.state.is_under_way and not exercise.state.is_over
    data = ButtonData(Verb.COMMCHECK, str(exercise.number), str(message.round)).pack()
    buttons = ((Button(say(language, "check.button"), data),),) if asks else ()
    return Rendered(marked(joined(lines), language), buttons)


def comm_check_result(message: CommCheckResult, view: View) -> Rendered:
    """Who has answered after how long, and before them all who has not, cannot be reached or has not joined."""
    exercise, language = view.run, view.language
    check = commcheck.newest(entry.fact for entry in view.log)
    if check is None:
        raise ValueError(f"exercise {message.exercise} has had no test of the line")
    title = fill(
        language,
        "check.result",
        number=str(check.round),
        heard=str(len(check.answers)),
        asked=str(len(check.units)),
        time=at_clock_time(view, check.began_at),
    )
    silent = [_silent(view, check.units, unit) for unit in exercise.seats if unit not in check.answers]
    heard = sorted(check.answers.items(), key=lambda each: each[1].after)
    lines = [*silent, *_heard(view, heard)]
    head = joined((bold(title), fill(language, "check.all_heard" if not silent else "check.wait")))
    left = room(language) - utf16_units(visible(head)) - 1
    return Rendered(marked(joined((head, as_many(lines, left, language))), language))


def _silent(view: View, asked: tuple[str, ...], unit: str) -> Html:
    seat, language = view.run.seats[unit], view.language
    if seat.place is None:
        symbol, key = "⚪", "check.unbound"
    elif seat.unreachable:
        symbol, key = "🚫", "check.unreachable"
    elif unit not in asked:
        symbol, key = "🆕", "check.joined_since"
    else:
        symbol, key = "⏳", "check.silent"
    return escape(f"{symbol} {unit_name(view.run, unit, language)} · {say(language, key)}")


def _heard(view: View, answers: list[tuple[str, Heard]]) -> Iterator[Html]:
    for unit, heard in answers:
        name, after = unit_name(view.run, unit, view.language), _after(heard, view.language)
        yield escape(f"✅ {name} · {after} · {one_line(heard.by.name)}")


def _after(heard: Heard, language: str) -> str:
    return taken(heard.after, language, exact=heard.exact)
