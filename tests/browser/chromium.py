"""Where a Chromium is, on this machine: `python -m tests.browser.chromium` prints it, or ends with status 1."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
IS_REQUIRED = bool(os.environ.get("BROWSER_REQUIRED"))
"""In CI a missing browser is a failure, not a reason to skip."""
MISSING = "there is no Chromium here: `make browser` brings one"


def chromium(own: str) -> str | None:
    """The path of a Chromium: Playwright's ``own`` if it is installed, else one of the system's."""
    if Path(own).exists():
        return own
    return next((found for name in NAMES if (found := shutil.which(name))), None)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        found = chromium(playwright.chromium.executable_path)
    sys.exit(0 if found and sys.stdout.write(f"{found}\n") else MISSING)
