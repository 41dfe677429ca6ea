"""The tutorial, followed word by word: its commands, its sheets, its mistake, and the file that comes with it."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from bot.cli import app
from bot.texts.catalogue import LANGUAGES, say
from scenarios.reading import read_scenario
from tests.acceptance.process import Program
from tests.docs.tutorial import EXAMPLES, FILES, Step, fill_in, filled_in, mend, page, sheets, steps

STARTS_WITHIN = 120.0
"""Seconds."""
_PARAGRAPHS = re.compile(r"^## 5\..*?(?=^## 6\.)", re.MULTILINE | re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\]\((?!http)([^)#]+)|src=\"([^\"]+)\"")


def answered(step: Step) -> tuple[int, str]:
    """The exit status of a command of the page, and all that it says."""
    name, *words = step.command.split()
    assert name == "geladi"
    ended = CliRunner().invoke(app, words)
    return ended.exit_code, ended.output


async def opens(folder: Path, step: Step) -> None:
    """Start the rehearsal, and see the page at the address that it prints."""
    command = [sys.executable, "-m", "bot", *step.command.split()[1:], "--port", "0"]
    environment = Program(folder, {}).environment
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            address = (await process.stdout.readline()).decode().strip()
        shown = re.escape(step.answer.strip()).replace("8080", r"\d+").replace("…", r"[\w-]+")
        assert re.fullmatch(shown, address)
        async with ClientSession() as session, session.get(address) as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_commands_answer_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    template, check, check_again, rehearse = steps(language)
    file = tmp_path / FILES[language]
    assert answered(template) == (0, template.answer)
    fill_in(file, language)
    assert answered(check) == (1, check.answer)
    cell = mend(file)
    assert cell in check.answer
    assert len(re.findall(rf"\b{cell}\b", page(language))) > 1
    assert answered(check_again) == (0, check_again.answer)
    await opens(tmp_path, rehearse)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_builds_is_the_file_that_comes_with_it(tmp_path: Path, language: str) -> None:
    built = read_scenario(filled_in(tmp_path, language).read_bytes(), FILES[language])
    shipped = read_scenario((EXAMPLES / FILES[language]).read_bytes(), FILES[language])
    assert (built.problems, shipped.problems) == ((), ())
    assert built.scenario is not None
    assert built.scenario == shipped.scenario
    assert f" {built.scenario.id}`" in page(language)


def test_both_languages_build_the_same_drill(tmp_path: Path) -> None:
    one, other = (read_scenario(filled_in(tmp_path, each).read_bytes(), FILES[each]).scenario for each in LANGUAGES)
    assert one is not None
    assert other is not None
    assert [(i.id, i.at, i.kind, i.acknowledge, len(i.evidence), i.if_silent) for i in one.injects] == [
        (i.id, i.at, i.kind, i.acknowledge, len(i.evidence), i.if_silent) for i in other.injects
    ]
    assert [step.command.split()[1] for step in steps("id")] == [step.command.split()[1] for step in steps("en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_are_called_as_the_page_says(language: str) -> None:
    [played] = _PARAGRAPHS.findall(page(language))
    labels = [say(language, key) for key in ("page.begin", "ack.button", "page.reply", "confirm.endex_yes")]
    options = [row[2] for row in sheets(language)["options"][1:]]
    named = {" ".join(words.split()) for words in _BOLD.findall(played)}
    assert set(labels) <= named
    assert named - {*labels, *options} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_and_file_that_the_page_names_is_there(language: str) -> None:
    names = [name or picture for name, picture in _LINK.findall(page(language))]
    assert len([name for name in names if name.endswith(".png")]) >= 4
    assert [name for name in names if not (EXAMPLES.parent / name).is_file()] == []
