"""The chart: read back pixel by pixel, since it is pixels that people see."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.exercise.conduct import pause
from bot.report.chart import chart_png, chart_svg
from bot.report.chart_layout import TimeScale, packed
from bot.report.chart_marks import BLUE, GREY, LOOKS, RED, draw_diamonds, draw_marks
from bot.report.chart_plan import Plan
from bot.report.sheet import Sheet, fitted, legible, text_width
from bot.report.standing import Standing
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, a_wide_scenario, an_exercise, played

Corners = tuple[float, float, float, float]
GREEN = LOOKS[Standing.IN_TIME].fill
ORANGE = LOOKS[Standing.LATE].fill


def picture(png: bytes) -> Image.Image:
    """The picture, as colours."""
    return Image.open(BytesIO(png)).convert("RGB")


def drawn(play: Play, language: str = "id") -> Image.Image:
    """The chart of a play."""
    return picture(chart_png(play.exercise, language))


def pixels(image: Image.Image, colour: str, corners: Corners | None = None) -> int:
    """How many pixels have exactly that colour, in all or within the corners."""
    part = image.crop(corners) if corners else image
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    return sum(number for number, found in part.getcolors(part.width * part.height) or [] if found == wanted)


def around(plan: Plan, inject: str, unit: str, *, start: bool = False) -> Corners:
    """The place of the mark of one delivery."""
    lane = next(lane for lane in plan.lanes if lane.unit == unit)
    bar = next(bar for bar in lane.bars if bar.inject == inject)
    x, y = plan.x(bar.start if start else bar.end), plan.y(lane, bar)
    return (x - 14, y - 14, x + 14, y + 14)


def lanes_of(plan: Plan) -> Corners:
    """The place of all lanes, without names and counts."""
    return (plan.left, plan.top, plan.right, plan.bottom)


def test_each_outcome_is_drawn_where_it_belongs() -> None:
    play = played()
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    assert pixels(image, GREEN, around(plan, "I-01", "posko")) > 100
    assert pixels(image, ORANGE, around(plan, "I-02", "medis")) > 100
    assert pixels(image, RED, around(plan, "I-02", "dalmas")) > 100
    assert pixels(image, "#000000", around(plan, "I-06", "medis")) > 100
    for inject, unit in (("I-02", "medis"), ("I-02", "dalmas"), ("I-06", "medis"), ("I-08", "posko")):
        assert pixels(image, GREEN, around(plan, inject, unit)) == 0


def test_an_answer_in_time_and_none_at_all_look_different() -> None:
    answered, silent = (Play(an_exercise(a_wide_scenario(1, 1))).startex() for _ in range(2))
    answered.acknowledge(50, "I-000", "u1")
    images = [(Plan(play.exercise, "id", 1400), drawn(play)) for play in (answered.endex(600), silent.endex(600))]
    assert [pixels(image, GREEN, lanes_of(plan)) > 100 for plan, image in images] == [True, False]
    assert [pixels(image, RED, lanes_of(plan)) > 100 for plan, image in images] == [False, True]


def test_a_missed_inject_is_drawn_up_to_its_deadline() -> None:
    play = Play(an_exercise(a_wide_scenario(1, 1))).startex().endex(600)
    plan = Plan(play.exercise, "id", 1400)
    (bar,) = plan.bars
    assert (bar.start - STARTEX, bar.end - STARTEX) == (timedelta(seconds=0.5), timedelta(seconds=60.5))


def silhouette(draw: str | Standing) -> Image.Image:
    """A mark in black and white: what is left of it without colour."""
    sheet = Sheet(60, 60)
    match draw:
        case Standing():
            draw_marks(sheet, LOOKS[draw], [(30, 30)], 40)
        case _:
            draw_diamonds(sheet, [(30, 30)], 40, taken=draw == "taken")
    return picture(sheet.png()).convert("L").point(lambda grey: 255 if grey > 235 else 0)


def test_every_mark_can_be_told_without_colour() -> None:
    marks: list[str | Standing] = [
        Standing.IN_TIME,
        Standing.LATE,
        Standing.MISSED,
        Standing.OPEN,
        Standing.INFORMED,
        Standing.FAILED,
        "taken",
        "silent",
    ]
    shapes = {mark: silhouette(mark) for mark in marks}
    for one, other in combinations(marks, 2):
        apart = ImageChops.difference(shapes[one], shapes[other]).histogram()[255]
        inked = min(shapes[one].histogram()[0], shapes[other].histogram()[0])
        assert apart > 0.25 * inked, f"{one} looks like {other}"


def test_decisions_are_diamonds_under_the_answers() -> None:
    play = played()
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    diamonds = {bar.inject: bar.diamond for bar in plan.bars if bar.diamond}
    assert {inject: diamond.taken for inject, diamond in diamonds.items()} == {"I-03": True, "I-05": False}
    taken = around(plan, "I-03", "posko")
    x = plan.x(diamonds["I-03"].at)
    assert pixels(image, BLUE, (x - 4, taken[1], x + 16, taken[3])) > 50


def test_doubt_about_the_sending_is_a_question_mark_before_the_bar() -> None:
    play = played()
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    left, top, _, bottom = around(plan, "I-06", "humas", start=True)
    assert pixels(image, BLUE, (left - 20, top, left + 10, bottom)) > 20


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_marking_stands_at_the_top_and_at_the_bottom(language: str) -> None:
    play = played(language)
    plan, image = Plan(play.exercise, language, 1400), drawn(play, language)
    words = {"id": "LATIHAN LATIHAN LATIHAN", "en": "EXERCISE EXERCISE EXERCISE"}[language]
    assert plan.head[0].words == plan.marking == words
    for top in (0, image.height - 70):
        assert pixels(image, RED, (400, top, 1000, top + 70)) > 2000


def test_pauses_are_hatched_grey_and_real_events_red() -> None:
    play = played()
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    pause_at, real_at = (
        (plan.x(stop.began_at) + 2, plan.lanes[-1].top + 4, plan.x(stop.ended_at or stop.began_at) - 2, plan.bottom - 4)
        for stop in play.exercise.clock.stops
    )
    assert pixels(image, GREY, pause_at) > 15 > pixels(image, RED, pause_at) * 10
    assert pixels(image, RED, real_at) > 15 > pixels(image, GREY, real_at) * 10


def test_the_height_grows_with_the_units_and_the_width_does_not() -> None:
    sizes = [drawn(Play(an_exercise(a_wide_scenario(units, 1))).startex().endex(300)).size for units in (1, 15, 100)]
    assert [width for width, _ in sizes] == [1400] * 3
    heights = [height for _, height in sizes]
    assert heights == sorted(set(heights))
    assert heights[1] < 1400, "fifteen units fit a phone's screen"


def test_the_same_chart_as_svg_is_always_the_same_bytes() -> None:
    play = played()
    made = chart_svg(play.exercise, "id")
    assert made == chart_svg(played().exercise, "id")
    assert made != chart_svg(play.exercise, "en")
    root = ET.fromstring(made)  # noqa: S314 - our own picture
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert b"date" not in made
    for look in (Standing.IN_TIME, Standing.LATE, Standing.MISSED):
        assert LOOKS[look].fill.encode() in made


def test_a_hundred_units_fit_a_sheet_of_paper_and_fifteen_keep_a_phone_s_size() -> None:
    few, many = (Play(an_exercise(a_wide_scenario(units, 30))).startex().endex(2000) for units in (15, 100))
    assert Plan(few.exercise, "id", 1400).text == 27
    plan = Plan(many.exercise, "id", 1400)
    height = drawn(many).height
    assert height / 1400 < 1.8, "as tall as a sheet of paper between its margins, or little more"
    millimetres = plan.text / height * 277
    assert millimetres > 1.7, "small print, but print"


def test_where_answers_lie_over_one_another_trouble_is_on_top() -> None:
    play = Play(an_exercise(a_wide_scenario(100, 30, every=15))).startex()
    play.acknowledge(65, "I-000", "u1")
    play.acknowledge(290, "I-015", "u1").acknowledge(290, "I-017", "u1").endex(1000)
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    late, in_time = (next(bar for bar in plan.lanes[0].bars if bar.inject == inject) for inject in ("I-015", "I-017"))
    assert (late.standing, in_time.standing) == (Standing.LATE, Standing.IN_TIME)
    assert (late.end, late.row) == (in_time.end, in_time.row)
    left, top, right, bottom = around(plan, "I-015", "u1")
    assert pixels(image, ORANGE, (left + 8, top + 8, right - 8, bottom - 8)) > 40


def test_of_very_many_units_a_hundred_are_shown() -> None:
    play = Play(an_exercise(a_wide_scenario(120, 1))).startex()
    late_comer = "u117"
    play.acknowledge(5, "I-000", *(unit for unit in play.exercise.seats if unit != late_comer)).endex(100)
    plan = Plan(play.exercise, "en", 1400)
    assert len(plan.lanes) == 100
    assert late_comer in {lane.unit for lane in plan.lanes}
    assert plan.head[-1].words == "100 of 120 units: those to look at most"


@pytest.mark.parametrize(
    "name", ["$x_1$ {n}", "$\\nonsense$ {n}", "漢字 {n}", "\u202e{n}", "{n}🚒", "a\nb{n}", "W" * 500 + "{n}"]
)
def test_no_name_breaks_the_chart(name: str) -> None:
    scenario = a_wide_scenario(3, 2, unit_name=name)
    play = Play(an_exercise(scenario, name=name * 30)).startex().stand_still(50, 70, name).endex(300)
    assert drawn(play).width == 1400


def test_an_exercise_before_startex_and_one_under_way_have_charts() -> None:
    assert drawn(Play(an_exercise())).width == 1400
    play = Play(an_exercise()).startex().acknowledge(20, "I-01", "posko").to(45)
    play.take(pause(play.exercise, DIRECTOR, STARTEX + timedelta(seconds=50)))
    plan, image = Plan(play.exercise, "id", 1400), drawn(play)
    assert pixels(image, GREEN, around(plan, "I-01", "posko")) > 100


def test_injects_that_went_wrong_are_named_without_covering_another_mark() -> None:
    plan = Plan(played().exercise, "id", 1400)
    assert plan.named
    for lane in plan.lanes:
        for one, other in combinations(lane.bars, 2):
            if one.row == other.row:
                (left, right), (other_left, other_right) = plan.extent(one), plan.extent(other)
                assert right <= other_left or other_right <= left


def test_a_chart_of_fifteen_units_and_fifty_injects_is_quickly_drawn() -> None:
    play = Play(an_exercise(a_wide_scenario(15, 50))).startex()
    for inject in range(50):
        play.acknowledge(inject * 60 + 20, f"I-{inject:03d}", "u1", "u2", "u3", "u4", "u5")
    play.endex(3100)
    chart_png(play.exercise, "id")
    began = time.process_time()
    chart_png(play.exercise, "id")
    assert time.process_time() - began < 2


def test_charts_drawn_at_the_same_time_do_not_disturb_one_another() -> None:
    exercises = [played().exercise, Play(an_exercise(a_wide_scenario(5, 9))).startex().endex(700).exercise] * 3
    alone = [chart_png(exercise, "id") for exercise in exercises[:2]] * 3
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda exercise: chart_png(exercise, "id"), exercises))
    assert together == alone


def test_the_chart_leaves_pyplot_alone() -> None:
    code = "import sys, bot.report.chart; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def scale_with_stops(stops: list[tuple[int, int]]) -> TimeScale:
    """The scale of an exercise of an hour, with stops so many seconds apart and long."""
    play = Play(an_exercise(a_scenario(injects=[{"id": "I-1", "at": "0s", "to": ["all"], "text": "x"}]))).startex()
    second = 0
    for gap, lasting in stops:
        play.stand_still(second + gap, second + gap + lasting)
        second += gap + lasting
    return TimeScale(play.endex(second + 3600).exercise)


def test_a_long_stop_takes_little_room() -> None:
    scale = scale_with_stops([(1800, 4 * 3600)])
    before = scale.share(STARTEX + timedelta(seconds=1800))
    after = scale.share(STARTEX + timedelta(seconds=1800 + 4 * 3600))
    assert 0.04 < after - before < 0.05


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 9000)), max_size=5), st.lists(st.integers(-60, 60_000)))
def test_later_is_never_further_left(stops: list[tuple[int, int]], seconds: list[int]) -> None:
    scale = scale_with_stops(stops)
    shares = [scale.share(STARTEX + timedelta(seconds=second)) for second in sorted(seconds)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert scale.share(scale.end) == pytest.approx(1)
    assert scale.share(STARTEX) == 0


def test_ticks_are_round_and_few() -> None:
    scale = scale_with_stops([(100, 50)])
    offsets = [offset.total_seconds() for offset, _ in scale.ticks(7)]
    assert offsets == [0, 600, 1200, 1800, 2400, 3000, 3600]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 120)), max_size=12))
def test_bars_that_touch_take_rows_of_their_own(spans: list[tuple[int, int]]) -> None:
    play = Play(an_exercise(a_wide_scenario(1, 1))).startex().endex(10)
    (bar,) = Plan(play.exercise, "id", 1400).bars
    extents = {str(number): (start, start + length) for number, (start, length) in enumerate(spans)}
    found = packed(
        [replace(bar, inject=name) for name in extents],
        lambda placed: extents[placed.inject],
        most_rows=len(spans) or 1,
    )
    for one, other in combinations(found, 2):
        if one.row == other.row:
            (left, right), (other_left, other_right) = extents[one.inject], extents[other.inject]
            assert right <= other_left or other_right <= left


def test_words_are_cut_to_the_width_they_have() -> None:
    cut = fitted("Polsek Kecamatan Bugul Kidul", 27, 200)
    assert cut.endswith("…")
    assert 150 < text_width(cut, 27) <= 200
    assert legible("Damkar 🚒 漢字") == "Damkar"
