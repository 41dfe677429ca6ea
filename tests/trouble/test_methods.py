"""The list of what the bot asks of Telegram: what is not in it has not been tried under every fault."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.rehearsal.standin.checks import methods

ROOT = Path(__file__).parents[2]
ITS_OWN_TELEGRAM = ROOT / "bot" / "rehearsal"
SENDING, PRESSES, CALLS, POLLING = (f"test_faults_of_{of}.py" for of in ("sending", "presses", "calls", "polling"))
TRIED = {
    "sendMessage": SENDING,
    "sendPhoto": SENDING,
    "sendDocument": SENDING,
    "sendVideo": SENDING,
    "sendVoice": SENDING,
    "sendVenue": SENDING,
    "editMessageText": SENDING,
    "editMessageCaption": SENDING,
    "answerCallbackQuery": PRESSES,
    "getChatMember": PRESSES,
    "getMe": CALLS,
    "getFile": CALLS,
    "setMyCommands": CALLS,
    "deleteMyCommands": CALLS,
    "setWebhook": CALLS,
    "getWebhookInfo": CALLS,
    "deleteWebhook": CALLS,
    "getUpdates": POLLING,
}
"""Where each method meets every fault."""
BY_ANOTHER_NAME = {("query", "answer"): "answerCallbackQuery", ("bot", "initialize"): "getMe"}
"""Calls of the library that are named otherwise than what they ask, by receiver and name."""
NAMES = {method.name.casefold(): method.name for method in methods().values()}


def used() -> Iterator[str]:
    """Every method of the Bot API that the source calls, or names as the protocol does."""
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            if not path.is_relative_to(ITS_OWN_TELEGRAM):
                yield from _in(ast.parse(path.read_text(encoding="utf-8")))


def _in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            receiver = getattr(node.value, "id", getattr(node.value, "attr", ""))
            name = BY_ANOTHER_NAME.get((receiver.removeprefix("_"), node.attr))
            yield from [name] if name else _named(node.attr.replace("_", "")) if "_" in node.attr else ()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.removeprefix("/")
            yield from [word] if word in NAMES.values() else ()


def _named(word: str) -> list[str]:
    name = NAMES.get(word.casefold())
    return [name] if name else []


def test_every_method_that_the_bot_uses_is_tried_under_every_fault() -> None:
    assert set(used()) == set(TRIED)


def test_each_is_tried_where_the_list_says() -> None:
    for method, file in TRIED.items():
        assert f'"{method}"' in (Path(__file__).parent / file).read_text(encoding="utf-8"), method
