"""The picture of answer times, read back pixel by pixel."""

from io import BytesIO

import pytest
from PIL import Image

from bot.exercise.figures import Outcome, asked_by_unit, figures_by_unit
from bot.report.chart_marks import LOOKS
from bot.report.spread_chart import spread_png, spread_svg
from bot.report.standing import Standing
from tests.builders import Play, a_wide_scenario, an_exercise, played


def picture(play: Play, language: str = "id") -> Image.Image:
    return Image.open(BytesIO(spread_png(play.exercise, language))).convert("RGB")


def places(image: Image.Image, colour: str) -> list[tuple[int, int]]:
    """Where a colour is in the first unit's strip."""
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    pixels = image.load()
    assert pixels is not None
    return [(x, y) for y in range(253, 290) for x in range(image.width) if pixels[x, y] == wanted]


def test_what_was_asked_of_each_unit_is_what_its_figures_count() -> None:
    exercise = played().exercise
    figures = figures_by_unit(exercise)
    for unit, asked in asked_by_unit(exercise).items():
        assert len(asked) == figures[unit].asked
        assert sum(one.outcome is Outcome.MISSED for one in asked) == figures[unit].missed
        assert sum(not one.exact for one in asked) == figures[unit].upper_bounds


def test_a_slower_answer_lies_further_right_and_a_missed_one_is_there_too() -> None:
    play = Play(an_exercise(a_wide_scenario(1, 3))).startex()
    play.acknowledge(10.5, "I-000", "u1").acknowledge(60 + 110.5, "I-001", "u1").endex(600)
    image = picture(play)
    in_time, late, missed = (
        places(image, LOOKS[how].fill) for how in (Standing.IN_TIME, Standing.LATE, Standing.MISSED)
    )
    assert min(map(len, (in_time, late, missed))) > 50
    assert max(x for x, _ in in_time) < min(x for x, _ in missed), "missed: at least its deadline of 60 seconds"
    assert max(x for x, _ in missed) < min(x for x, _ in late)


@pytest.mark.parametrize(("exact", "answered"), [(True, True), (False, True), (True, False)])
def test_a_time_that_is_only_a_bound_has_an_arrow(*, exact: bool, answered: bool) -> None:
    play = Play(an_exercise(a_wide_scenario(1, 1))).startex()
    if answered:
        play.acknowledge(40.5, "I-000", "u1", exact=exact)
    image = picture(play.endex(600))
    marks = places(image, LOOKS[Standing.IN_TIME if answered else Standing.MISSED].fill)
    left, right = min(x for x, _ in marks), max(x for x, _ in marks)
    middle = sum(y for _, y in marks) / len(marks)
    arrows = [x for x, y in places(image, "#000000") if abs(y - middle) < 5]
    before, after = [x for x in arrows if left - 40 < x < left - 4], [x for x in arrows if right + 4 < x < right + 40]
    assert (len(before) > 10, len(after) > 10) == (answered and not exact, not answered)


@pytest.mark.parametrize("play", [Play(an_exercise()), Play(an_exercise(a_wide_scenario(2, 1))).startex()])
def test_without_any_time_there_is_a_picture_that_says_so(play: Play) -> None:
    assert picture(play).width == 1400


def test_the_svg_is_always_the_same_bytes() -> None:
    assert spread_svg(played().exercise, "en") == spread_svg(played().exercise, "en")


def test_a_hundred_units_fit_a_sheet_of_paper() -> None:
    image = picture(Play(an_exercise(a_wide_scenario(120, 5))).startex().endex(600))
    assert image.height / image.width < 2.2
