"""The pictures of the report's page in docs/images: `python -m tests.browser.report_pictures PAGE.html`.

The page is one that `geladi export --format html` wrote.
"""

import asyncio
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from tests.browser.chromium import MISSING, chromium
from tests.browser.screenshots import COLOURS, IMAGES

VIEWS = (("report-page", 1280, 1010),)


async def photograph(address: str) -> None:
    """The timeline of the page with one late answer looked at."""
    async with async_playwright() as playwright:
        executable = chromium(playwright.chromium.executable_path)
        if executable is None:
            sys.exit(MISSING)
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for name, width, height in VIEWS:
            page = await browser.new_page(viewport={"width": width, "height": height})
            await page.goto(address)
            await page.locator("#explorer").evaluate("place => scrollBy(0, place.getBoundingClientRect().top - 60)")
            await page.locator(".bar.late").first.click()
            await page.mouse.move(0, 0)
            picture = Image.open(BytesIO(await page.screenshot()))
            picture.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(photograph(Path(sys.argv[1]).resolve().as_uri()))
