"""The paragraph that may be published: what was exercised and how it went, of nobody in particular. Pure.

It names no person and no unit, and gives no time that is one unit's own. What the director called the exercise is in
it.
"""

from collections import Counter

from bot.exercise.figures import figures
from bot.exercise.model import Exercise, ExerciseState
from bot.report.names import short
from bot.report.standing import decisions
from bot.report.telling import WORDS, Telling

FEWEST = 3
"""Units below which a median would be some unit's own time."""


def publishable(exercise: Exercise, language: str) -> str:
    """The paragraph, in plain words; of an exercise that began."""
    telling, clock, numbers = Telling.of(exercise, language), exercise.clock, figures(exercise)
    began = clock.startex_at or exercise.created_at
    until = clock.endex_at or max((stop.began_at for stop in clock.stops), default=began)
    say = telling.say
    title = short(exercise.scenario.title.in_language(language), WORDS)
    name = short(exercise.name, WORDS)
    aborted = exercise.state is ExerciseState.ABORTED
    said = [
        say(
            "public.aborted" if aborted else "public.held",
            name=name if name == title else f"{name} ({title})",
            date=telling.date(began),
            span=telling.span(clock.elapsed(until)),
            units=len(exercise.seats),
        )
    ]
    if numbers.asked:
        in_time = numbers.acknowledged - numbers.late
        said.append(
            say("public.answers", asked=numbers.asked, in_time=in_time, late=numbers.late, missed=numbers.missed)
        )
    if numbers.open:
        said.append(say("public.open", open=numbers.open))
    if len(exercise.seats) >= FEWEST and numbers.median_seconds is not None and not numbers.median_at_least:
        said.append(say("public.median", median=telling.bound(numbers.median_seconds, at_least=False)))
    taken = Counter(decision.delivery.choice is not None for decision in decisions(exercise))
    if taken:
        said.append(say("public.decisions", asked=taken.total(), taken=taken[True]))
    if clock.stops:
        stood_still = telling.span(until - began - clock.elapsed(until))
        said.append(say("public.stops", n=len(clock.stops), span=stood_still))
    return " ".join([*said, say("public.not_real")])
