"""The report's page in a real browser: to explore, by keyboard, on a phone, on paper, with hostile names."""

from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Request, expect

from bot.report.account import account
from bot.report.html_page.page import report_html
from tests.browser.conftest import PATIENCE, Room, Seat
from tests.builders import Play, a_wide_scenario, an_exercise, played

pytestmark = pytest.mark.timeout(600)
expect.set_options(timeout=PATIENCE)
HOSTILE = '"></td></script><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\u202e{n}'


class Reader:
    """Somebody who reads the page; ``asked`` is whatever the browser asked of any network."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.asked: list[str] = []
        seat.page.on("request", self._hear)

    @property
    def page(self) -> Page:
        return self.seat.page

    def _hear(self, request: Request) -> None:
        if not request.url.startswith(("data:", "file:")):
            self.asked.append(request.url)

    async def read(self, folder: Path, play: Play, language: str = "en") -> None:
        file = folder / "report.html"
        file.write_bytes(report_html(account(play.exercise, play.log), language))
        await self.page.goto(file.as_uri())
        await expect(self.page.locator("#explorer .lane").first).to_be_attached()


async def test_the_timeline_is_filtered_by_unit_phase_and_status(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    await reader.read(tmp_path, played())
    counter, lanes = page.get_by_role("status"), page.locator(".lane:visible")
    await expect(counter).to_contain_text("15 of 15")
    await expect(lanes).to_have_count(4)
    await page.get_by_role("checkbox", name="in time").uncheck()
    await expect(counter).to_contain_text("5 of 15")
    await page.get_by_label("Unit", exact=True).fill("follow")
    await expect(lanes).to_have_count(1)
    await expect(lanes).to_contain_text("Follow-on")
    await expect(lanes.locator(".bar")).to_have_class(["bar missed"])
    await page.get_by_label("Phase").select_option(label="Opening")
    await expect(lanes).to_have_count(0)
    assert not reader.seat.faults + reader.asked


async def test_the_moments_on_the_axis_overlap_on_no_screen(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    await reader.read(tmp_path, Play(an_exercise(a_wide_scenario(2, 11))).startex().endex(700))
    shown = page.locator(".axis .tick:visible:not(.last)")
    for width in (360, 500, 1_280):
        await page.set_viewport_size({"width": width, "height": 800})
        await expect(page.locator(".axis .tick").first).to_be_visible()
        # The labels are set anew once the browser has told the new width.
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        places = await shown.evaluate_all(
            "(all) => all.map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.right])"
        )
        assert all(one[1] <= other[0] for one, other in pairwise(places)), (width, places)
        assert len(places) > 1, width
    assert not reader.seat.faults + reader.asked


async def test_the_keyboard_alone_reaches_every_answer(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    await reader.read(tmp_path, played())
    await page.locator('.bar[tabindex="0"]').focus()
    card = page.get_by_role("complementary", name="Details of the answer")
    await expect(card).to_contain_text("I-01 · Ops post")
    await page.keyboard.press("ArrowDown")
    await expect(card).to_contain_text("I-01 · Follow-on")
    await page.keyboard.press("ArrowRight")
    await expect(card).to_contain_text("I-02 · Follow-on")
    await expect(card).to_contain_text("missed")
    await expect(card).to_contain_text("≥60 s")
    plan = page.locator(".plan")
    before = await plan.evaluate("plan => plan.offsetWidth")
    await page.keyboard.press("+")
    assert await plan.evaluate("plan => plan.offsetWidth") > before
    await page.keyboard.press("Escape")
    await expect(card).to_be_hidden()
    assert not reader.seat.faults + reader.asked


async def test_tables_are_sorted_by_their_heads_numbers_as_numbers(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    units = reader.page.locator("#units")
    await reader.read(tmp_path, played())
    head = units.get_by_role("button", name="Asked")
    asked = units.locator("tbody td:nth-child(2)")
    await head.click()
    await expect(asked).to_have_text(["2", "3", "4", "5"])
    await head.click()
    await expect(asked).to_have_text(["5", "4", "3", "2"])


async def test_what_people_wrote_stays_text_and_nothing_is_fetched(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    play = Play(an_exercise(a_wide_scenario(3, 2, unit_name=HOSTILE), name=HOSTILE)).startex()
    play.acknowledge(5, "I-000", "u1").report(8, "I-000", "u1", HOSTILE).stand_still(20, 30, HOSTILE).endex(300)
    await reader.read(tmp_path, play)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("<script>window.hacked=2</script>")
    await page.locator(".bar").first.click()
    await expect(page.get_by_role("complementary")).to_contain_text("onerror=")
    await expect(page.locator("#reports tbody td").last).to_contain_text("<img src=x")
    assert await page.evaluate("window.hacked") is None
    # The picture of the timeline is in the file too, and is shown in spite of the page's policy.
    await page.locator("details", has=page.locator("img")).locator("summary").click()
    assert await page.locator("figure img").first.evaluate("img => img.decode().then(() => img.naturalWidth)") > 1000
    assert not reader.seat.faults + reader.asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_on_a_phone_nothing_is_wider_than_the_screen(
    room: Room, tmp_path: Path, language: str, scheme: str
) -> None:
    reader = Reader(await room.sit(390, 844, touch=True, scheme=scheme))
    page = reader.page
    await reader.read(tmp_path, played(language), language)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator(".bar").first.tap()
    card = page.get_by_role("complementary")
    await expect(card).to_contain_text("I-01")
    box = await card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    found = (await Axe().run(page)).response["violations"]
    serious = {"serious", "critical"}
    assert not [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in serious]
    assert not reader.seat.faults + reader.asked


async def test_a_hundred_units_are_drawn_as_they_come_into_sight(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    await reader.read(tmp_path, Play(an_exercise(a_wide_scenario(100, 20))).startex().endex(1300))
    await expect(page.get_by_role("status")).to_contain_text("2000 of 2000")
    assert await page.locator(".bar").count() < 2000
    last = page.locator(".lane").last
    await last.scroll_into_view_if_needed()
    await expect(last.locator(".bar")).to_have_count(20)
    assert not reader.seat.faults


async def test_on_paper_everything_is_unfolded_and_the_timeline_is_a_picture(room: Room, tmp_path: Path) -> None:
    reader = Reader(await room.sit())
    page = reader.page
    await reader.read(tmp_path, played())
    await page.emulate_media(media="print")
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    await page.set_viewport_size({"width": 680, "height": 1000})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 680, "a sheet of A4 between its margins"
    await expect(page.locator("#explorer")).to_be_hidden()
    await expect(page.locator("figure img").first).to_be_visible()
    await expect(page.locator("#answers table")).to_be_visible()
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    await expect(page.locator("#answers table")).to_be_hidden()
