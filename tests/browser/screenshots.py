"""The pictures of the rehearsal page in docs/images: `python -m tests.browser.screenshots`.

A Sispamkota drill runs for a while with leaders who answer by themselves, then slowly while it is photographed.
An emoji font (e.g. fonts-noto-color-emoji) makes the marks look as on a phone.
"""

import asyncio
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import MISSING, chromium

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PATIENCE = 300_000.0
"""Milliseconds."""
PHOTOGRAPHED = "I-24"
"""The inject at which the pictures are taken: the units on top of the wall are in the thick of it."""
COLOURS = 200
VIEWS = (
    ("rehearsal-wide", 1440, 900, "light", None),
    ("rehearsal-dark", 1440, 900, "dark", None),
    ("rehearsal-phone", 390, 800, "light", "Dalmas Lanjut"),
)


async def photograph() -> None:
    """Run the drill and take the pictures."""
    arguments = ["-m", "bot", "rehearse", "--autoplay", "--stay", "--port", "0", "--speed", "60", "--seed", "1"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with async_playwright() as playwright:
            executable = chromium(playwright.chromium.executable_path)
            if executable is None:
                sys.exit(MISSING)
            browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            await _slow_down(browser, url)
            for name, width, height, scheme, chat in VIEWS:
                await _take(browser, url, name, (width, height), scheme, chat)
            await browser.close()
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _slow_down(browser: Browser, url: str) -> None:
    """Let the drill come to the moment of the pictures, and go on as slowly as life."""
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(url)
    await page.locator("body.ready").wait_for()
    await page.locator(f'.mark[data-first="{PHOTOGRAPHED}"]:not(.waiting)').wait_for()
    await page.locator(".transport select").select_option("1")
    await page.locator(".chat .message").first.wait_for()
    await page.close()


async def _take(browser: Browser, url: str, name: str, size: tuple[int, int], scheme: str, chat: str | None) -> None:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(url)
    await page.locator("body.ready").wait_for()
    if chat is not None:
        await page.locator("#list li button", has_text=chat).click()
    await page.locator("section.chat .message").first.wait_for()
    await page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(await page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)
    await context.close()


if __name__ == "__main__":
    asyncio.run(photograph())
