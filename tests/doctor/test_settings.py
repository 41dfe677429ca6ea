"""Settings as people write them."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.exercise.forms import Form
from bot.settings import Settings


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        ("pdf,xlsx,json", (Form.PDF, Form.XLSX, Form.JSON)),
        (" PDF , decisions-pdf,pdf", (Form.PDF, Form.DECISIONS_PDF)),
        ("", ()),
    ],
)
def test_the_files_after_endex_are_chosen_by_name(
    written: str, forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GELADI_FILES", written)
    assert Settings(_env_file=None).files == forms


def test_a_file_that_there_is_not_is_refused_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GELADI_FILES", "pdf,docx")
    with pytest.raises(ValidationError, match="write some of json, xlsx"):
        Settings(_env_file=None)


@pytest.mark.parametrize(
    ("webhook", "server"),
    [
        ("https://example.org/x", "https://api.telegram.org"),
        ("https://example.org:8443/x?y=1", "https://api.telegram.org"),
        ("https://example.org:443", "https://api.telegram.org/"),
        ("https://149.154.167.220:88/x", "https://api.telegram.org"),
        # A Bot API server of one's own, in local mode, takes plain HTTP, addresses of the house, and any port.
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8081"),
        ("http://[::1]:8080/x", "http://[::1]:8081"),
        ("http://10.0.0.5:9999/x", "http://telegram-bot-api:8081"),
        ("http://geladi:8080/x", "http://localhost:8081"),
    ],
)
def test_a_webhook_where_the_server_brings_updates_is_taken(webhook: str, server: str) -> None:
    values: dict[str, Any] = {"api_url": server, "webhook_url": webhook, "webhook_secret": "a-secret_0"}
    settings = Settings(_env_file=None, **values)
    assert settings.webhook_url == webhook
    assert settings.api_url == server.rstrip("/")


def test_a_secret_of_a_webhook_may_have_256_signs() -> None:
    values: dict[str, Any] = {"webhook_url": "https://example.org/x", "webhook_secret": "aZ_-" * 64}
    assert len(Settings(_env_file=None, **values).webhook_secret.get_secret_value()) == 256
