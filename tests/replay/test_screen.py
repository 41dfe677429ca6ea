"""The replay in the terminal."""

import asyncio

import pytest

from bot.rehearsal.replay.screen import ReplayScreen
from tests.replay.records import of_the_builders, prepared


@pytest.mark.parametrize("terminal", [True, False])
async def test_the_terminal_shows_what_it_is_both_clocks_and_what_happened(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    else:
        monkeypatch.delenv("FORCE_COLOR", raising=False)
    replay = prepared(of_the_builders())
    replay.patience = 0.02
    async with asyncio.timeout(60), ReplayScreen(replay):
        await replay.play()
    shown = capsys.readouterr().out
    assert replay.title in shown
    assert "LATIHAN LATIHAN LATIHAN" in shown
    assert "09.35.00 WIB · J+00:30:00 · ENDEX · Direktur Sari" in shown
    assert all(words in shown for words in ("Catatan kejadian", "↺ Posko Ops")) == terminal
