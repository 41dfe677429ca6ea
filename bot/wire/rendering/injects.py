"""An inject in a unit's chat: what it says, what it asks for, what has been answered, and its buttons. Pure.

What controllers alone may know (``expect``, ``notes``) is not read here.
"""

from collections.abc import Iterator

from bot.buttons import ButtonData, Verb
from bot.exercise.evidence import missing_evidence
from bot.exercise.figures import Outcome, latency, outcome
from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.messages import InjectPost
from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.texts.times import span
from bot.wire.rendering.html import (
    LONGEST_WORDS,
    Html,
    beside,
    bold,
    clean,
    escape,
    fill,
    italic,
    joined,
    one_line,
    shorten,
)
from bot.wire.rendering.marking import LONGEST_CAPTION, LONGEST_TEXT, marked, room
from bot.wire.rendering.parts import named, place_of, without
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import (
    at_exercise_time,
    delivery_of,
    header,
    inject_words,
    option_name,
    situation_name,
    step_name,
    taken,
    unit_name,
)
from scenarios.model import Evidence, Kind

LONGEST_LABEL = 60
"""UTF-16 units of a button's label that a phone shows."""


def inject_post(post: InjectPost, view: View, *, repeat: bool) -> Rendered:
    """The inject as the unit sees it at this moment."""
    exercise = view.run
    run, delivery = delivery_of(exercise, post.inject, post.unit)
    head = joined(
        (
            header(exercise, run, delivery.due_at, view.language),
            _edition(post, delivery, view.language),
            _nature(run, view.language),
        )
    )
    asked = joined(
        (
            fill(view.language, "inject.repeat") if repeat or delivery.possible_duplicate else "",
            *_asks(exercise, run, delivery, view.language),
            *_long_options(run, delivery, view.language),
        )
    )
    answered = joined(answers(exercise, run, delivery, view.language))
    around = joined((head, "…", asked, answered), "\n\n")
    # With or without its file, the message keeps to the length of a caption: which it was is Telegram's to know.
    longest = LONGEST_CAPTION if run.inject.media else LONGEST_TEXT
    words = beside(inject_words(run, view.language), around, room(view.language, longest))
    body = joined((head, escape(words), asked, answered), "\n\n")
    buttons = () if exercise.state.is_over else tuple(_buttons(run, delivery, view.language))
    if not run.inject.media:
        return Rendered(marked(body, view.language), buttons)
    alone = marked(joined((body, without(run, 0, view.language)), "\n\n"), view.language)
    if view.medium is None:
        return Rendered(alone, buttons)
    medium = named(view.medium, view.language)
    return Rendered(marked(body, view.language, longest), buttons, medium=medium, alone=alone)


def _edition(post: InjectPost, delivery: Delivery, language: str) -> Html:
    """That the same inject stands in the chat twice, and which message holds."""
    if post.edition < delivery.resent:
        return bold(fill(language, "inject.superseded"))
    return bold(fill(language, "inject.again")) if post.edition else Html()


def _nature(run: InjectRun, language: str) -> str:
    inject = run.inject
    kind = say(language, f"kind.{inject.kind}") if inject.kind is not Kind.ORDER else ""
    situation = inject.situation and situation_name(inject.situation, language)
    parts = (kind, situation and say(language, "inject.situation", situation=situation))
    words = " · ".join(part for part in parts if part)
    return joined((italic(words) if words else "", place_of(run, language)))


def _asks(exercise: Exercise, run: InjectRun, delivery: Delivery, language: str) -> Iterator[Html]:
    asked = run.inject.acknowledge
    if asked and not delivery.acknowledged:
        key = "inject.leader_within" if asked.by == "leader" else "inject.answer_within"
        yield fill(language, key, span=span(asked.within, language))
    decision = run.inject.decision
    if decision and decision.by == delivery.unit and not delivery.choice:
        yield fill(language, "inject.decide_within", span=span(decision.within, language))
    elif decision and decision.by != delivery.unit:
        yield fill(language, "inject.decided_elsewhere", unit=unit_name(exercise, decision.by, language))
    missing = missing_evidence(run, delivery)
    if missing:
        wanted = [evidence for evidence in run.inject.evidence if evidence.kind in missing]
        kinds = ", ".join(_evidence(evidence, language) for evidence in wanted)
        yield fill(language, "inject.evidence", kinds=kinds)


def _evidence(evidence: Evidence, language: str) -> str:
    kind = say(language, f"evidence.{evidence.kind}")
    if evidence.within is None:
        return kind
    return say(language, "inject.evidence_within", kind=kind, span=span(evidence.within, language))


def _long_options(run: InjectRun, delivery: Delivery, language: str) -> Iterator[str]:
    """The options in full, where a button is too small for one of them."""
    if delivery.choice or not _cut_options(run, delivery, language):
        return
    for number, option in enumerate(run.inject.decision.options if run.inject.decision else (), 1):
        yield f"{number}. {one_line(option.text.in_language(language), 300)}"


def _cut_options(run: InjectRun, delivery: Delivery, language: str) -> bool:
    decision = run.inject.decision
    return (
        decision is not None
        and decision.by == delivery.unit
        and any(utf16_units(clean(option.text.in_language(language))) > LONGEST_LABEL for option in decision.options)
    )


def answers(exercise: Exercise, run: InjectRun, delivery: Delivery, language: str) -> Iterator[Html]:
    """What the unit has answered, a line each: acknowledgement, evidence, progress, decision."""
    if acknowledged := delivery.acknowledged:
        key = "inject.by_radio" if acknowledged.by_radio else "inject.acknowledged"
        line = fill(language, key, name=one_line(acknowledged.by.name))
        time = latency(delivery, exercise)
        duration = taken(time, language, exact=acknowledged.exact) if time is not None else ""
        late = outcome(run, delivery, exercise) is Outcome.LATE
        noted = at_exercise_time(exercise, acknowledged.at, language) if acknowledged.by_radio else ""
        yield joined((line, duration, noted, say(language, "inject.late") if late else ""), " · ")
    for sent in delivery.evidence:
        at = at_exercise_time(exercise, sent.at, language)
        yield joined((f"📎 {say(language, f'evidence.{sent.kind}')}", at, one_line(sent.by.name)), " · ")
    for mark in delivery.progress:
        at = at_exercise_time(exercise, mark.at, language)
        at = at if mark.exact else Html(f"≤ {at}")
        yield joined((f"▪ {step_name(mark.step, language)}", at, one_line(mark.by.name)), " · ")
    yield from _decided(exercise, run, delivery, language)


def _decided(exercise: Exercise, run: InjectRun, delivery: Delivery, language: str) -> Iterator[Html]:
    choice, decision = delivery.choice, run.inject.decision
    if choice is None or decision is None:
        return
    line = fill(language, "inject.decided", option=option_name(run, choice.option, language))
    duration = late = ""
    if delivery.sent_at:
        time = exercise.clock.between(delivery.sent_at, choice.at)
        duration = taken(time, language, exact=choice.exact)
        late = say(language, "inject.late") if time > decision.within else ""
    yield joined((line, one_line(choice.by.name), duration, late), " · ")
    if choice.reason:
        yield fill(language, "inject.reason", reason=shorten(clean(choice.reason), LONGEST_WORDS))


def _buttons(run: InjectRun, delivery: Delivery, language: str) -> Iterator[tuple[Button, ...]]:
    if run.inject.acknowledge and not delivery.acknowledged:
        yield (_button(say(language, "ack.button"), Verb.ACKNOWLEDGE, delivery),)
        return
    decision = run.inject.decision
    if decision and decision.by == delivery.unit and not delivery.choice:
        numbered = _cut_options(run, delivery, language)
        for index, option in enumerate(decision.options):
            words = one_line(option.text.in_language(language), 300)
            label = shorten(f"{index + 1}. {words}" if numbered else words, LONGEST_LABEL)
            yield (_button(label, Verb.DECIDE, delivery, index),)
    marked_steps = {mark.step for mark in delivery.progress}
    steps = [(index, step) for index, step in enumerate(run.inject.progress) if step not in marked_steps]
    for start in range(0, len(steps), 2):
        pair = steps[start : start + 2]
        yield tuple(_button(step_name(step, language), Verb.PROGRESS, delivery, index) for index, step in pair)


def _button(label: str, verb: Verb, delivery: Delivery, choice: int | None = None) -> Button:
    return Button(label, ButtonData(verb, delivery.reference, "" if choice is None else str(choice)).pack())
