"""The page in a real browser: two tabs, a phone, the keyboard alone, assistive technology, and hostile content."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Status
from bot.texts.catalogue import say
from tests.browser.conftest import PATIENCE, Room, Theatre

pytestmark = pytest.mark.timeout(600)
expect.set_options(timeout=PATIENCE)
HOSTILE = '"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\u202e'
BUTTON = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "a:1"}]]}


def text(key: str, **gaps: object) -> str:
    return say("id", f"page.{key}", **gaps)


async def test_two_tabs_and_a_reload_show_the_same(room: Room, theatre: Theatre) -> None:
    one, other = await room.sit(), await room.sit()
    for seat in (one, other):
        await seat.open(theatre.url)
    posko = 'section.chat[aria-label="Posko"]'
    await one.page.locator(posko).get_by_label(text("write")).fill("halo semua")
    await one.page.locator(posko).get_by_label(text("write")).press("Enter")
    await theatre.bot_sends(theatre.drill.units["posko"], "Siaga", reply_markup=BUTTON)
    await one.page.locator(posko).get_by_role("button", name="TERIMA").click()
    await theatre.bot_answers("Diterima.")
    for seat in (one, other):
        await expect(seat.page.locator(posko).locator(".message.mine .words")).to_have_text("halo semua")
        await expect(seat.page.locator(posko).locator(".toast")).to_contain_text("Diterima.")
    await other.page.reload()
    await expect(other.page.locator(posko).locator(".message.mine .words")).to_have_text("halo semua")
    assert not one.faults + other.faults


async def test_groups_are_changed_as_people_change_them(room: Room, theatre: Theatre) -> None:
    seat = await room.sit()
    page = seat.page
    await seat.open(f"{theatre.url}#chat={theatre.drill.units['posko'].id}")
    window = page.locator("#wall section.chat")

    async def choose(item: str) -> None:
        await window.get_by_role("button", name=text("chat_menu")).click()
        await page.get_by_role("menuitem", name=item, exact=True).click()

    await choose(text("remove_bot"))
    await expect(window.locator(".titles")).to_contain_text(text("without_bot"))
    await choose(text("add_bot"))
    await expect(window.locator(".titles")).not_to_contain_text(text("without_bot"))
    await choose(text("upgrade"))
    await expect(window.locator(".service").last).to_contain_text(text("service.migrate_from_chat_id"))
    await window.get_by_label(text("act_as")).select_option(label="Orang Luar (orang luar)")
    await window.get_by_label(text("write")).fill("halo")
    await page.keyboard.press("Enter")
    await expect(window.locator(".toast.bad")).to_contain_text("Orang")
    await page.locator("#list header").get_by_role("button", name=text("list_menu")).click()
    await page.get_by_role("menuitem", name=text("new_forum")).click()
    await page.locator("dialog input").fill("Forum")
    await page.locator("dialog .primary").click()
    await expect(window.locator("h2")).to_have_text("Forum")
    await choose(text("new_topic"))
    await page.locator("dialog input").fill("Utara")
    await page.locator("dialog .primary").click()
    await window.locator(".topics").get_by_role("button", name="Utara").click()
    for item in ("photo_plain", "voice"):
        await window.get_by_role("button", name=text("attach")).click()
        await page.get_by_role("menuitem", name=text(item)).click()
    await window.get_by_role("button", name=text("attach")).click()
    await page.get_by_role("menuitem", name=text("location")).click()
    await page.locator("dialog .primary").click()
    for part in (".photo img", ".file", ".place"):
        await expect(window.locator(part)).to_be_visible()
    forum = next(chat for chat in theatre.world.chats.values() if chat.is_forum)
    (topic,) = forum.topics
    assert {message.thread_id for message in forum.messages.values() if not message.service} == {topic}
    assert all("409" in fault for fault in seat.faults), seat.faults


async def test_a_question_opens_the_reply_field_of_whom_it_asks(room: Room, theatre: Theatre) -> None:
    chat, leader = theatre.drill.units["posko"], theatre.drill.leaders["posko"]
    seat = await room.sit()
    page = seat.page
    await seat.open(f"{theatre.url}#chat={chat.id}")
    window = page.locator("#wall section.chat")
    await expect(window.locator("textarea")).to_be_focused()
    ask = {"force_reply": True, "selective": True}
    other = theatre.drill.members["posko"].id
    asked = '<a href="tg://user?id={}">Kamu</a>: apa alasannya?'
    await theatre.bot_sends(chat, asked.format(other), parse_mode="HTML", reply_markup=ask)
    await expect(window.locator(".words")).to_have_count(1)
    await expect(window.locator(".about")).to_be_hidden()
    sent = await theatre.bot_sends(chat, asked.format(leader.id), parse_mode="HTML", reply_markup=ask)
    await expect(window.locator(".about")).to_be_visible()
    await window.locator("textarea").fill("karena aman")
    await page.keyboard.press("Enter")
    await expect(window.locator(".message.mine .quote")).to_be_visible()
    assert theatre.world.last_message(chat, leader.user).reply_to == sent


async def test_the_bots_commands_are_offered_while_one_is_typed(room: Room, theatre: Theatre) -> None:
    chat = theatre.drill.units["posko"]
    commands = [{"command": name, "description": f"untuk {name}"} for name in ("lapor", "tugas", "terima")]
    token = theatre.world.only_bot.token
    async with theatre.session.post(f"{theatre.root}/bot{token}/setMyCommands", json={"commands": commands}) as answer:
        assert (await answer.json())["ok"]
    seat = await room.sit()
    page = seat.page
    await seat.open(f"{theatre.url}#chat={chat.id}")
    await expect(page.locator("#wall textarea")).to_be_focused()
    await page.keyboard.type("/t")
    await expect(page.locator("#wall .commands [role=option]")).to_have_count(2)
    assert await _serious(Axe(), page) == []
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#wall textarea")).to_have_value("/terima ")
    await page.keyboard.press("Enter")
    await expect(page.locator("#wall .message.mine .words")).to_have_text("/terima")
    assert not seat.faults


async def test_a_page_comes_back_by_itself_when_the_line_was_cut(room: Room, theatre: Theatre) -> None:
    seat = await room.sit()
    await seat.open(theatre.url)
    await theatre.standin.go_down()
    await expect(seat.page.locator("body.cut")).to_be_attached()
    theatre.drill.leaders["posko"].say(theatre.drill.units["posko"], "Masih di sini?")
    await theatre.standin.come_back()
    await expect(seat.page.locator('section.chat[aria-label="Posko"]')).to_contain_text("Masih di sini?")
    await expect(seat.page.locator("body.cut")).to_have_count(0)
    await theatre.bot_sends(theatre.drill.units["posko"], "Ya.")
    await expect(seat.page.locator('section.chat[aria-label="Posko"] .words').last).to_have_text("Ya.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_one_thing_at_a_time(room: Room, theatre: Theatre, scheme: str) -> None:
    await theatre.bot_sends(theatre.drill.units["posko"], "Siaga satu " * 40, reply_markup=BUTTON)
    seat = await room.sit(390, 844, touch=True, scheme=scheme)
    page = seat.page
    await seat.open(theatre.url)
    await expect(page.locator("section.chat")).to_have_count(0)
    row = page.locator("#list li button", has_text="Posko")
    await expect(row.locator(".unread")).not_to_be_empty()
    await row.tap()
    await expect(page.locator("#list")).to_be_hidden()
    await expect(page.locator("section.chat h2")).to_have_text("Posko")
    await expect(page.get_by_role("button", name="TERIMA")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await _serious(Axe(), page) == []
    await page.get_by_role("button", name=text("back")).tap()
    await expect(page.locator("#list")).to_be_visible()
    await expect(row.locator(".unread")).to_be_empty()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await _serious(Axe(), page) == []


async def test_the_keyboard_alone_is_enough(room: Room, theatre: Theatre) -> None:
    await theatre.bot_sends(theatre.drill.units["posko"], "Siaga", reply_markup=BUTTON)
    seat = await room.sit()
    page = seat.page
    await seat.open(theatre.url)

    async def tab_to(condition: str, key: str = "Tab") -> None:
        for _ in range(150):
            if await page.evaluate(f"(() => {{ const at = document.activeElement; return {condition}; }})()"):
                return
            await page.keyboard.press(key)
        raise AssertionError(condition)

    chat = str(theatre.drill.units["posko"].id)
    await tab_to(f"at.closest('#list') && at.dataset.chat === '{chat}'")
    await page.keyboard.press("Enter")
    # The other chats go only when this one is there.
    await expect(page.locator("#wall .composer textarea:focus")).to_have_count(1)
    await page.keyboard.type("lapor siap")
    await page.keyboard.press("Enter")
    await expect(page.locator("#wall .message.mine .words")).to_have_text("lapor siap")
    await tab_to("at.textContent === 'TERIMA'", "Shift+Tab")
    await page.keyboard.press("Enter")
    await theatre.bot_answers("Tercatat.")
    await expect(page.locator("#wall .toast")).to_contain_text("Tercatat.")
    await tab_to("at.classList.contains('messages')", "Shift+Tab")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type("sudah")
    await page.keyboard.press("Enter")
    await expect(page.locator("#wall .message.mine .quote")).to_contain_text("lapor siap")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("lapor")
    await expect(page.locator(".found button").first).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.locator("body.one")).to_have_count(0)
    assert not seat.faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_assistive_technology_finds_nothing_serious(room: Room, theatre: Theatre, scheme: str) -> None:
    leader, chat = theatre.drill.leaders["posko"], theatre.drill.units["posko"]
    await theatre.bot_sends(chat, "<b>Siaga</b> <i>satu</i> /terima", parse_mode="HTML", reply_markup=BUTTON)
    leader.send_photo(chat, caption="Foto")
    leader.send_location(chat, -7.6, 112.9)
    leader.send_document(chat, "laporan.txt", b"x", reply_to=1)
    seat = await room.sit(1440, 1000, scheme=scheme)
    await seat.open(theatre.url)
    await seat.page.get_by_role("button", name=text("trouble"), exact=True).click()
    await expect(seat.page.locator(".message .photo img").first).to_be_visible()
    assert await _serious(Axe(), seat.page) == []
    await seat.page.get_by_role("button", name=text("search")).click()
    await expect(seat.page.locator("dialog")).to_be_visible()
    assert await _serious(Axe(), seat.page) == []


async def test_hostile_names_and_words_stay_words(room: Room, theatre: Theatre) -> None:
    world = theatre.world
    mallory = Person(world, world.add_user(HOSTILE, last_name="<b>"))
    group = mallory.create_group(HOSTILE)
    mallory.add_bot(group)
    mallory.say(group, HOSTILE)
    mallory.send_document(group, '"><svg onload=alert(1)>.html', b"<script>1</script>", caption=HOSTILE)
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:window.hacked=3"}
    world.post(group, mallory.user, text="klik", entities=(link,))
    overlapping = ({"type": "bold", "offset": 0, "length": 9}, {"type": "italic", "offset": 2, "length": 99})
    world.post(group, mallory.user, text="<b>x</b>", entities=overlapping)
    await theatre.bot_sends(
        group, "tombol", reply_markup={"inline_keyboard": [[{"text": HOSTILE, "callback_data": "1"}]]}
    )
    theatre.drill.leaders["posko"].add(theatre.drill.units["posko"], mallory.user, Status.MEMBER)
    seat = await room.sit()
    page = seat.page
    await seat.open(f"{theatre.url}#chat={group.id}")
    window = page.locator("#wall section.chat")
    await expect(window.locator("h2")).to_have_text(HOSTILE)
    await expect(window.locator(".words").first).to_have_text(HOSTILE)
    await expect(window.locator(".key")).to_have_text(HOSTILE)
    await expect(window.locator(".words", has_text="klik").locator("a")).to_have_count(0)
    await expect(window.locator(".words strong")).to_have_text("<b>x</b>")
    await page.get_by_role("button", name=text("search")).click()
    await page.locator("dialog input").fill("onerror")
    await expect(page.locator(".found button").first).to_contain_text("onerror")
    assert await page.evaluate("window.hacked") is None
    assert await page.locator("script").count() == 1
    assert not seat.faults


async def test_a_long_chat_keeps_little_in_the_document_and_leads_to_any_message(room: Room, theatre: Theatre) -> None:
    chat, leader = theatre.drill.units["posko"], theatre.drill.leaders["posko"]
    for number in range(10_000):
        leader.say(chat, f"pesan {number}")
    last = chat.last_message_id
    seat = await room.sit()
    page = seat.page
    await seat.open(f"{theatre.url}#chat={chat.id}&message={last - 5_000}")
    window = page.locator("#wall section.chat")
    await expect(window.locator(".message.lit .words")).to_have_text("pesan 4999")
    for _ in range(6):
        await window.locator(".messages").evaluate("node => { node.scrollTop = 0; }")
        await page.wait_for_timeout(100)
    assert await window.locator(".message").count() <= 140
    leader.say(chat, "yang terakhir")
    await window.get_by_role("button", name=text("newest")).click()
    await expect(window.locator(".message .words").last).to_have_text("yang terakhir")
    assert await window.locator(".message").count() <= 140
    assert not seat.faults


async def _serious(axe: Axe, page: object) -> list[str]:
    """What axe calls serious or worse, each with its first place."""
    results = await axe.run(page)
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:160]}"
        for found in results.response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
