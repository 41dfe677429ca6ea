"""A whole rehearsal before a real browser: the bot, the stand-in and the page as people start them."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.texts.catalogue import say
from tests.browser.conftest import PATIENCE, Room

pytestmark = pytest.mark.timeout(600)
expect.set_options(timeout=PATIENCE)

STRUCK = re.compile("^(2|1|✓.*)$")
"""Fewer are left than the three that were asked for."""


def text(key: str) -> str:
    return say("id", f"page.{key}")


async def write(page: Page, chat: str, words: str) -> None:
    """In the window of that chat, as whoever it is by default."""
    window = page.locator(f'section.chat[aria-label="{chat}"]')
    await window.get_by_label(text("write")).fill(words)
    await window.get_by_role("button", name=text("send"), exact=True).click()


async def test_a_newcomer_starts_answers_and_sees_the_summary(room: Room, rehearsal: str) -> None:
    seat = await room.sit()
    page = seat.page
    await seat.open(rehearsal)
    await page.get_by_role("button", name=text("begin")).click()
    await expect(page.locator(".state")).to_have_text(text("state.running"))
    posko = page.locator('section.chat[aria-label="Posko"]')
    await posko.get_by_role("button", name=say("id", "ack.button")).click()
    await expect(posko.locator(".message", has_text="Siaga satu")).to_contain_text("Diterima oleh")
    await expect(page.locator(".counters .acknowledged dd")).to_have_text("1/2")
    await page.get_by_role("button", name=text("step")).click()
    dalmas = page.locator('section.chat[aria-label="Dalmas"]')
    await expect(dalmas.locator(".message", has_text="Bergerak ke balai kota")).to_be_visible()
    await write(page, "Ruang Kendali", "/selesai")
    control = page.locator('section.chat[aria-label="Ruang Kendali"]')
    await control.get_by_role("button", name=say("id", "confirm.endex_yes")).click()
    await expect(page.locator(".state")).to_have_text(text("state.over"))
    await page.locator(".transport select").select_option("120")
    await expect(control.locator(".photo img").first).to_be_visible()
    await expect(control.locator(".file").last).to_contain_text(".json")
    assert not seat.faults


async def test_each_trouble_strikes_and_the_bot_comes_through(room: Room, rehearsal: str) -> None:
    seat = await room.sit(height=1000)
    page = seat.page
    await seat.open(rehearsal)
    await page.get_by_role("button", name=text("trouble"), exact=True).click()
    control = page.locator('section.chat[aria-label="Ruang Kendali"]')
    for kind in ("too_many", "reset_before", "reset_after", "bad_gateway", "stall"):
        button = page.locator(f'[data-trouble="{kind}"]')
        await button.click()
        await write(page, "Ruang Kendali", "/whoami")
        await expect(button.locator(".left")).to_have_text(STRUCK)
        await page.get_by_role("button", name=text("clear"), exact=True).click()
        await expect(button.locator(".left")).to_contain_text("✓")

    answers = control.locator(".message:not(.mine)", has_text="Direktur Latihan")
    await expect(answers.nth(4)).to_be_attached()

    before = await answers.count()
    await page.locator('[data-trouble="kill"]').click()
    await expect(page.locator("#trouble .alive")).to_have_text(say("id", "page.bot_dead", n=1))
    await write(page, "Ruang Kendali", "/whoami")
    await page.locator('[data-trouble="start_bot"]').click()
    await expect(answers.nth(before)).to_be_attached()
    await page.locator('[data-trouble="kill_and_start"]').click()
    await expect(page.locator("#trouble .alive")).to_have_text(say("id", "page.bot_alive", n=2))

    await page.locator("#trouble select").select_option(label="Posko")
    await page.locator('[data-trouble="phone"]').click()
    posko = page.locator('section.chat[aria-label="Posko"]')
    await expect(posko.locator(".titles")).to_contain_text(text("phone_off"))
    await write(page, "Posko", "/tugas")
    await expect(posko.locator(".toast.bad")).to_be_visible()
    await page.locator('[data-trouble="phone"]').click()
    await expect(posko.locator(".titles")).not_to_contain_text(text("phone_off"))
    assert all("409" in fault for fault in seat.faults), seat.faults


async def test_the_world_is_paused_and_goes_on(room: Room, rehearsal: str) -> None:
    seat = await room.sit()
    page = seat.page
    await seat.open(rehearsal)
    await expect(page.get_by_role("button", name=text("begin"))).to_be_enabled()
    await page.get_by_role("button", name=text("pause")).click()
    await expect(page.locator(".state")).to_have_text(text("state.still"))
    await page.locator(".plays select").select_option("quick")
    await expect(page.locator('section.chat[aria-label="Dalmas"] .titles')).to_contain_text(text("profile.quick"))
    await page.get_by_role("button", name=text("go_on")).click()
    await page.get_by_role("button", name=text("begin")).click()
    await expect(page.locator(".counters .acknowledged dd")).to_have_text("2/2")
    mark = page.locator('.mark[data-first="I-01"]')
    await expect(mark).to_have_class("mark answered")
    await mark.click()
    await page.locator("dialog .link", has_text="Posko").click()
    await expect(page.locator(".message.lit")).to_contain_text("Siaga satu")
    assert "message=" in page.url
