"""The pictures of the tutorial in docs/images: `python -m tests.browser.tutorial_pictures`.

The workbook is filled in as the tutorial says, looked at in LibreOffice on a screen of its own (apt-get install xvfb
xdotool libreoffice-calc libreoffice-gtk3 libreoffice-l10n-id), and played as the tutorial plays it. Without LibreOffice
the pictures of the workbook stay as they are.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from PIL import Image, ImageGrab
from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.texts.catalogue import LANGUAGES, say
from tests.browser.chromium import MISSING, chromium
from tests.browser.screenshots import COLOURS, IMAGES, PATIENCE
from tests.docs.tutorial import filled_in, sheets

TOOLS = ("soffice", "Xvfb", "xdotool")
DESKTOP = (1360, 560)
WINDOW = (1280, 800)
PHONE = (400, 800)
CONTROL = {"id": "Ruang Kendali", "en": "Control room"}
ENDEX = {"id": "/selesai", "en": "/endex"}
REASON = {"id": "Warga sudah lemas, air terus naik", "en": "They are exhausted and the water is rising"}
ASKED, GOES_IN = "B-03", 2
"""The inject that asks for a decision, and the row of the option that is chosen."""
_OFFICES = {"id": "id", "en": "en-US"}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Linguistic/General">
<prop oor:name="UILocale" oor:op="fuse"><value>{language}</value></prop></item>
</oor:items>
"""


def save(picture: Image.Image, name: str) -> None:
    """A small PNG in docs/images."""
    picture.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


def look_at(workbook: Path, language: str) -> Image.Image:
    """The workbook as LibreOffice shows it."""
    _let_rows_grow(workbook)
    profile = workbook.parent / f"office-{language}"
    (profile / "user").mkdir(parents=True)
    settings = _PROFILE.format(language=_OFFICES[language])
    (profile / "user" / "registrymodifications.xcu").write_text(settings)
    soffice, xvfb, xdotool = (shutil.which(tool) or tool for tool in TOOLS)
    size = f"{DESKTOP[0]}x{DESKTOP[1]}x24"
    screen = subprocess.Popen([xvfb, "-displayfd", "1", "-screen", "0", size], stdout=subprocess.PIPE, text=True)
    assert screen.stdout is not None
    display = f":{screen.stdout.readline().strip()}"
    there = {**os.environ, "DISPLAY": display}
    opening = [soffice, "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}", str(workbook)]
    office = subprocess.Popen(opening, env=there, start_new_session=True)
    try:
        find = [xdotool, "search", "--sync", "--onlyvisible", "--name", workbook.name]
        window = subprocess.check_output(find, env=there, text=True).split()[0]
        for change in (("windowmove", "0", "0"), ("windowsize", *map(str, DESKTOP))):
            subprocess.check_call([xdotool, change[0], window, *change[1:]], env=there)
        before, now = None, ImageGrab.grab(xdisplay=display)
        while before != now:
            time.sleep(5)  # nothing tells that an office is done with drawing
            before, now = now, ImageGrab.grab(xdisplay=display)
        return now
    finally:
        with suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGTERM)
        office.wait()
        screen.terminate()
        screen.wait()


def _let_rows_grow(workbook: Path) -> None:
    """As they do while somebody types: a file that was filled in by a program shows one line of each text."""
    book = load_workbook(workbook)
    sheet = book["injects"]
    for number in range(2, sheet.max_row + 1):
        words = str(sheet.cell(number, 5).value)
        sheet.row_dimensions[number].height = 15 * ceil(len(words) / 58)
    book.save(workbook)


async def play(browser: Browser, workbook: Path, language: str) -> None:
    """Play the drill as the tutorial does, and take the pictures."""
    command = ["-m", "bot", "rehearse", workbook.name, "--language", language, "--port", "0", "--speed", "3"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=workbook.parent, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        page = await _opened(browser, url, WINDOW)
        await page.locator(".begin:not([disabled])").click()
        for unit in _units(language):
            await _button(_chat(page, unit), say(language, "ack.button")).first.wait_for()
        save(await _picture(page), f"tutorial-start.{language}")
        for unit in _units(language):
            await _button(_chat(page, unit), say(language, "ack.button")).first.click()
        await _step_to(page, ASKED, language)
        await _decide(await _opened(browser, url, PHONE, _units(language)[1]), language)
        await _step_to(page, "B-06", language)
        await _write(_chat(page, CONTROL[language]), ENDEX[language], language)
        await _button(_chat(page, CONTROL[language]), say(language, "confirm.endex_yes")).click()
        control = await _opened(browser, url, PHONE, CONTROL[language])
        await control.locator(".file", has_text=".json").wait_for(timeout=2 * PATIENCE)
        await control.locator(".message", has_text=".pdf").evaluate("message => message.scrollIntoView()")
        await control.wait_for_load_state("networkidle")
        save(await _picture(control), f"tutorial-report.{language}")
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _opened(browser: Browser, url: str, size: tuple[int, int], chat: str | None = None) -> Page:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    await page.goto(url)
    await page.locator("body.ready").wait_for()
    if chat is not None:
        await page.locator("#list li button", has_text=chat).click()
        await page.locator("section.chat .message").first.wait_for()
    return page


async def _decide(page: Page, language: str) -> None:
    """Go straight in, and say why."""
    asked = page.locator(".message", has_text=ASKED).first
    await _button(asked, say(language, "ack.button")).click()
    option = _button(asked, sheets(language)["options"][GOES_IN][2])
    await option.wait_for()
    await page.locator(".toast").wait_for(state="hidden")
    await page.mouse.move(0, 0)
    save(await _picture(page), f"tutorial-decision.{language}")
    await option.click()
    await page.locator(
        ".message", has_text=say(language, "reason.ask", mention="", inject="", option="")[-20:]
    ).wait_for()
    await _write(page.locator("section.chat"), REASON[language], language)
    await page.locator(".message", has_text="C-01").wait_for()


async def _step_to(page: Page, inject: str, language: str) -> None:
    """Step from inject to inject until this one is sent."""
    mark = page.locator(f'.mark[data-first="{inject}"]:not(.waiting)')
    step = page.get_by_role("button", name=say(language, "page.step"))
    while not await mark.count():
        await step.click()
        await page.wait_for_timeout(3000)


async def _write(chat: Locator, words: str, language: str) -> None:
    await chat.get_by_label(say(language, "page.write")).fill(words)
    await chat.get_by_role("button", name=say(language, "page.send"), exact=True).click()


def _units(language: str) -> list[str]:
    """The names of the units, in the order of their sheet."""
    return [row[1] for row in sheets(language)["units"][1:]]


def _chat(page: Page, title: str) -> Locator:
    return page.locator(f'section.chat[aria-label="{title}"]')


def _button(within: Locator, words: str) -> Locator:
    return within.get_by_role("button", name=words)


async def _picture(of: Page) -> Image.Image:
    return Image.open(BytesIO(await of.screenshot()))


async def photograph() -> None:
    """Take them all."""
    async with async_playwright() as playwright:
        executable = chromium(playwright.chromium.executable_path)
        if executable is None:
            sys.exit(MISSING)
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        with TemporaryDirectory() as folder:
            for language in LANGUAGES:
                workbook = await asyncio.to_thread(filled_in, Path(folder), language)
                if all(map(shutil.which, TOOLS)):
                    save(await asyncio.to_thread(look_at, workbook, language), f"tutorial-injects.{language}")
                await play(browser, workbook, language)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(photograph())
