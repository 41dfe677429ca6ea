"""The page's words: what its scripts say and what the catalogues hold are the same."""

import re
from importlib import resources

from bot.texts.catalogue import keys

SCRIPTS = {
    file.name: file.read_text(encoding="utf-8")
    for file in (resources.files("bot.rehearsal.page") / "static").iterdir()
    if file.name.endswith(".js")
}
HELD = {key.removeprefix("page.") for key in keys() if key.startswith("page.")}
SOURCE = "\n".join(SCRIPTS.values())
SAID = set(re.findall(r'\bt\(\s*"([\w.]+)"', SOURCE))
FAMILIES = set(re.findall(r"\bt\(`([\w]+\.)\$\{", SOURCE))

ALLOWED = {"http://www.w3.org", "https://www.openstreetmap.org", "https://${words}"}
"""A namespace, a link to be followed, and a link made of words."""


def test_every_text_that_a_script_says_is_held() -> None:
    assert len(SAID) > 50
    assert not SAID - HELD


def test_every_family_that_a_script_completes_is_held() -> None:
    assert not [family for family in FAMILIES if not any(key.startswith(family) for key in HELD)]


def test_every_text_that_is_held_is_said_somewhere() -> None:
    chosen = set(re.findall(r'"([\w.]+)"', SOURCE))
    carried = {"photo", "document", "video", "voice", "sign"}
    silent = {key for key in HELD - SAID - chosen - carried if not key.startswith(tuple(FAMILIES))}
    assert not silent


def test_no_script_puts_strings_into_markup() -> None:
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert forbidden not in SOURCE


def test_nothing_is_fetched_from_elsewhere() -> None:
    static = resources.files("bot.rehearsal.page") / "static"
    for file in static.iterdir():
        text = file.read_text(encoding="utf-8")
        addresses = set(re.findall(r"https?://[^\s\"'`/]+", text))
        assert addresses <= {"http://www.w3.org", "https://www.openstreetmap.org", "https://$", "https://${words}"}, (
            file.name
        )
