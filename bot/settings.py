"""Settings from the environment, or a file ``.env`` in the working directory."""

import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.exercise.forms import Form
from bot.wire.pacing import Rate, Rates
from scenarios.durations import parse_duration

PREFIX = "GELADI_"
_LONGEST_KEPT = 36_500
"""Days."""
_TELEGRAM: Final = "api.telegram.org"
WEBHOOK_PORTS: Final = frozenset({None, 443, 80, 88, 8443})
"""Those that Telegram brings updates to; ``None``: the usual one."""
_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


class BadSettingError(Exception):
    """A setting is missing or wrong; the message is one line that names the variable."""


class Settings(BaseSettings):
    """What can be set, with the prefix ``GELADI_``; see ``.env.example``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    owners: Annotated[tuple[int, ...], NoDecode] = ()
    api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite+aiosqlite:///geladi.db"
    timezone: str = "Asia/Jakarta"
    language: Literal["id", "en"] = "id"
    listen: str = "127.0.0.1:8080"
    scenarios: Path | None = None
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    rate_overall: str = "28/s"
    rate_group: str = "18/min"
    rate_chat: str = "1/s"
    hot_wash: Annotated[timedelta, NoDecode] = timedelta(minutes=60)
    files: Annotated[tuple[Form, ...], NoDecode] = (Form.PDF, Form.XLSX, Form.JSON)
    keep_days: Annotated[timedelta | None, NoDecode] = None
    log: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("owners", mode="before")
    @classmethod
    def _split_owners(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdigit() for part in parts):
            raise ValueError("write Telegram user ids, separated by commas, e.g. 123456789,987654321")
        return tuple(int(part) for part in parts)

    @field_validator("log", mode="before")
    @classmethod
    def _fold_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("hot_wash", mode="before")
    @classmethod
    def _a_duration(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.strip() in {"", "0"}:
            return timedelta()
        try:
            return parse_duration(value)
        except ValueError:
            raise ValueError("write a duration, e.g. 60m or 1h30m, or 0 for no hot wash") from None

    @field_validator("keep_days", mode="before")
    @classmethod
    def _days(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        if not value.strip().isdecimal() or not 1 <= int(value) <= _LONGEST_KEPT:
            raise ValueError(f"write a number of days, 1 to {_LONGEST_KEPT}, or nothing to keep names for ever")
        return timedelta(days=int(value))

    @field_validator("files", mode="before")
    @classmethod
    def _forms(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            # Each once, as they are written.
            return tuple(dict.fromkeys(Form(part.strip().lower()) for part in value.split(",") if part.strip()))
        except ValueError:
            raise ValueError(f"write some of {', '.join(Form)}, separated by commas, or nothing for no files") from None

    @field_validator("scenarios", mode="before")
    @classmethod
    def _none_where_empty(cls, value: object) -> object:
        return value or None

    @field_validator("scenarios")
    @classmethod
    def _a_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("write the path of a folder that is there")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no IANA time zone; write e.g. Asia/Jakarta")
        return value

    @field_validator("api_url")
    @classmethod
    def _a_root(cls, value: str) -> str:
        parts = _web_address(value)
        if parts.query or parts.fragment:
            raise ValueError("write the root of the server, without ? and #")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _within_reach(cls, value: str, others: ValidationInfo) -> str:
        if not value:
            return value
        parts = _web_address(value)
        if "{" in parts.path or "}" in parts.path:
            raise ValueError("write a path without { and }")
        # A Bot API server of one's own, in local mode, brings updates anywhere.
        by_telegram = urlsplit(others.data.get("api_url", "")).hostname == _TELEGRAM
        if by_telegram and (
            parts.scheme != "https" or parts.port not in WEBHOOK_PORTS or _is_private(parts.hostname or "")
        ):
            raise ValueError("write https://HOST/PATH with a public host, at port 443, 80, 88 or 8443")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and not _WEBHOOK_SECRET.fullmatch(secret):
            raise ValueError("write 1 to 256 letters (A to Z), digits, _ and -")
        return value

    @field_validator("rate_overall", "rate_group", "rate_chat")
    @classmethod
    def _a_rate(cls, value: str) -> str:
        Rate.parse(value)
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isdigit() and int(port) < 65_536):
            raise ValueError("write HOST:PORT, e.g. 127.0.0.1:8080, or leave it empty")
        return value

    @model_validator(mode="after")
    def _webhook_whole(self) -> "Settings":
        if bool(self.webhook_url) != bool(self.webhook_secret.get_secret_value()):
            raise ValueError("set GELADI_WEBHOOK_URL and GELADI_WEBHOOK_SECRET both, or neither")
        return self

    @property
    def rates(self) -> Rates:
        """The pacing of everything that goes out."""
        return Rates(Rate.parse(self.rate_overall), Rate.parse(self.rate_group), Rate.parse(self.rate_chat))

    def read_token(self) -> str:
        """The bot token, from its variable or its file.

        Raises:
            BadSettingError: there is none, or its file cannot be read.
        """
        token = self.token.get_secret_value()
        if not token and self.token_file is not None:
            try:
                token = self.token_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSettingError(f"GELADI_TOKEN_FILE: cannot read {self.token_file}: {error.strerror}") from None
        if not token:
            raise BadSettingError("GELADI_TOKEN: not set; get a token from BotFather (see README)")
        number, _, secret = token.partition(":")
        if not (number.isdigit() and secret):
            raise BadSettingError("GELADI_TOKEN: this is no bot token; it looks like 123456789:AAE...")
        return token


def _web_address(value: str) -> SplitResult:
    """The parts of a URL at which there can be a server.

    Raises:
        ValueError: there can be none; the message is for people.
    """
    reason = "write a URL, e.g. https://example.org or http://127.0.0.1:8081"
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").encode("idna"), parts.port
    except ValueError:
        raise ValueError(reason) from None
    # Tabs and line breaks are left out of the parts in silence.
    if parts.scheme not in {"http", "https"} or not host or port == 0 or any(char.isspace() for char in value):
        raise ValueError(reason)
    return parts


def _is_private(host: str) -> bool:
    """Whether nobody on the Internet can reach a host by this name."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host


def load_settings(**overrides: object) -> Settings:
    """The settings as the environment has them.

    Raises:
        BadSettingError: a value is wrong; the message names the first such variable.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        reason = str(first["msg"]).removeprefix("Value error, ")
        if not first["loc"]:
            raise BadSettingError(reason) from None
        raise BadSettingError(f"{PREFIX}{str(first['loc'][0]).upper()}: {reason}") from None
