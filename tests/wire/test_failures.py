"""Failures, classified."""

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.wire.failures import Failure, FailureKind, classify
from tests.wire.faulty import TOKEN


def caused(error: TelegramError, cause: BaseException) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError()), FailureKind.NOT_SENT),
        (TimedOut(), FailureKind.MAYBE_SENT),
        (NetworkError("reset"), FailureKind.MAYBE_SENT),
        (caused(NetworkError("reset"), aiohttp.ServerDisconnectedError()), FailureKind.MAYBE_SENT),
        (NetworkError("Bad Gateway"), FailureKind.MAYBE_SENT),
        (TelegramError("Invalid server response"), FailureKind.MAYBE_SENT),
        (KeyError("result"), FailureKind.MAYBE_SENT),
        (RuntimeError("something new"), FailureKind.MAYBE_SENT),
        (RetryAfter(12), FailureKind.FLOOD),
        (ChatMigrated(-1001), FailureKind.MIGRATED),
        (Forbidden("Forbidden: bot was blocked by the user"), FailureKind.REFUSED),
        (BadRequest("Bad Request: chat not found"), FailureKind.REFUSED),
        (InvalidToken(), FailureKind.UNAUTHORISED),
        (Conflict("Conflict: terminated by other getUpdates request"), FailureKind.NOT_SENT),
    ],
)
def test_each_error_has_its_kind(error: BaseException, kind: FailureKind) -> None:
    assert classify(error).kind is kind


def test_a_flood_says_how_long_to_wait() -> None:
    assert classify(RetryAfter(12)).retry_after == 12.0


def test_a_migration_says_where_to() -> None:
    assert classify(ChatMigrated(-1001)).new_chat_id == -1001


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the supergroup chat",
        "Forbidden: the group chat was deleted",
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot can't initiate conversation with a user",
    ],
)
def test_a_chat_that_threw_the_bot_out_is_gone(words: str) -> None:
    assert classify(Forbidden(words)).chat_gone


def test_a_chat_that_is_not_found_is_gone() -> None:
    assert classify(BadRequest("Bad Request: chat not found")).chat_gone


@pytest.mark.parametrize("words", ["message thread not found", "TOPIC_DELETED"])
def test_a_topic_that_is_not_found_is_gone_and_its_forum_is_not(words: str) -> None:
    failure = classify(BadRequest(f"Bad Request: {words}"))
    assert failure.topic_gone
    assert not failure.chat_gone


def test_a_refusal_of_the_text_leaves_the_chat_reachable() -> None:
    failure = classify(BadRequest("Bad Request: can't parse entities: unsupported start tag"))
    assert failure.kind is FailureKind.REFUSED
    assert not failure.chat_gone


def test_an_edit_that_changes_nothing_is_recognised() -> None:
    assert classify(BadRequest("Bad Request: message is not modified: specified new message content")).unchanged
    assert not classify(BadRequest("Bad Request: message to edit not found")).unchanged


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited"])
def test_a_message_that_cannot_be_edited_is_recognised(words: str) -> None:
    assert classify(BadRequest(f"Bad Request: {words}")).message_gone


def test_words_that_mean_refusal_mean_nothing_in_another_kind() -> None:
    assert not Failure(FailureKind.MAYBE_SENT, "chat not found").chat_gone


def test_the_words_carry_no_token() -> None:
    failure = classify(NetworkError(f"Cannot connect to http://x/bot{TOKEN}/sendMessage with {TOKEN}"))
    assert TOKEN not in failure.words
