"""The hot wash after ENDEX: its questions in a unit's chat, its result in the control room. Pure."""

from collections.abc import Iterator

from bot.buttons import ButtonData, Verb
from bot.exercise.hot_wash import RATINGS, HotWash, Question, Remark, hot_wash_in
from bot.messages import HotWashPost, HotWashPrompt, HotWashResult
from bot.report.pages import utf16_units
from bot.texts.catalogue import count, say
from bot.texts.times import decimal
from bot.wire.rendering.html import (
    Html,
    as_many,
    bold,
    clean,
    escape,
    fill,
    italic,
    joined,
    mention,
    one_line,
    shorten,
    visible,
)
from bot.wire.rendering.marking import marked, room
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, unit_name

_LONGEST_REMARK = 300
"""UTF-16 units of an answer in the control room; whole it is in the record."""


def hot_wash_post(message: HotWashPost, view: View) -> Rendered:
    """What a unit is asked, until when, and what it has said so far."""
    language, unit = view.language, message.unit
    wash = _of(view)
    over = wash.closed or view.now >= wash.closes_at
    rated = wash.ratings.get(unit)
    lines = [
        bold(fill(language, "wash.title")),
        fill(language, "wash.over") if over else fill(language, "wash.ask", at=at_clock_time(view, wash.closes_at)),
    ]
    for question in Question:
        given = len(wash.of(unit, question))
        heard = count(language, "wash.heard", given) if given else ""
        lines.append(joined((f"• {say(language, f'wash.question.{question}')}", heard), " · "))
    if rated is not None:
        lines.append(fill(language, "wash.rated", rating=str(rated.rating)))
        lines.append(fill(language, "wash.rated_by", name=one_line(rated.by.name)) if rated.by else Html())
    elif not over:
        lines.append(fill(language, "wash.rate"))
    if not over:
        key = "wash.without_names" if unit in wash.nameless else "wash.with_names"
        lines.append(italic(fill(language, key)))
    return Rendered(marked(joined(lines), language), () if over else _buttons(message, wash, language))


def hot_wash_prompt(message: HotWashPrompt, view: View) -> Rendered:
    """One question; the answer is a reply to it."""
    language = view.language
    named = bool(message.by_id)
    who = mention(message.by_id, message.by_name) if named else ""
    asked = bold(say(language, f"wash.question.{Question(message.question)}"))
    how = fill(language, "wash.reply" if named else "wash.reply_nameless")
    # Whom the reply box is opened for would be told by it.
    return Rendered(marked(joined((who, asked, how)), language), force_reply=named)


def hot_wash_result(message: HotWashResult, view: View) -> Rendered:
    """How many units have answered, their ratings and their words, question by question."""
    exercise, language = view.run, view.language
    if message.exercise != exercise.number:
        raise ValueError(f"the view is of exercise {exercise.number}, the result of {message.exercise}")
    wash = _of(view)
    over = wash.closed or view.now >= wash.closes_at
    head = [
        bold(fill(language, "wash.result", heard=str(len(wash.heard)), asked=str(len(wash.units)))),
        fill(language, "wash.closed") if over else fill(language, "wash.until", at=at_clock_time(view, wash.closes_at)),
    ]
    if wash.mean is not None:
        mean = decimal(wash.mean, language)
        head.append(fill(language, "wash.mean", mean=mean, count=str(len(wash.ratings))))
    above = joined(head)
    left = room(language) - utf16_units(visible(above)) - 1
    return Rendered(marked(joined((above, as_many(list(_said(wash, view)), left, language))), language))


def _said(wash: HotWash, view: View) -> Iterator[Html]:
    language = view.language
    for question in Question:
        remarks = [remark for remark in wash.remarks if remark.question is question]
        if remarks:
            yield bold(say(language, f"wash.question.{question}"))
            yield from (_remark(remark, view) for remark in remarks)
    silent = [unit_name(view.run, unit, language) for unit in wash.units if unit not in wash.heard]
    if silent:
        yield fill(language, "wash.silent", units=shorten(", ".join(silent), _LONGEST_REMARK))


def _remark(remark: Remark, view: View) -> Html:
    words = one_line(clean(remark.text), _LONGEST_REMARK)
    unit = unit_name(view.run, remark.unit, view.language)
    who = f" ({one_line(remark.by.name)})" if remark.by else ""
    return escape(f"• {unit}{who}: {words}")


def _buttons(message: HotWashPost, wash: HotWash, language: str) -> tuple[tuple[Button, ...], ...]:
    rated = wash.ratings.get(message.unit)

    def button(label: str, choice: str) -> Button:
        return Button(label, ButtonData(Verb.HOT_WASH, str(message.exercise), choice).pack())

    ratings = tuple(
        button(f"✓ {rating}" if rated and rated.rating == rating else str(rating), str(rating)) for rating in RATINGS
    )
    questions = tuple((button(say(language, f"wash.button.{question}"), question.value),) for question in Question)
    nameless = () if message.unit in wash.nameless else ((button(say(language, "wash.button.nameless"), "nameless"),),)
    return (ratings, *questions, *nameless)


def _of(view: View) -> HotWash:
    wash = hot_wash_in(entry.fact for entry in view.log)
    if wash is None:
        raise ValueError(f"exercise {view.run.number} has had no hot wash")
    return wash
