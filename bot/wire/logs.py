"""Logs: lines on stderr, for people on a terminal and as JSON elsewhere, and never a secret in them.

Libraries log through a handler of the standard library. What the bot says itself, which is a line for each fact of an
exercise, goes past that, in a third of the time. Either way a line is redacted whole, traceback and all, as the last
thing before it is written.
"""

import contextlib
import json
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.typing import Processor

from bot.wire.redaction import redact

_TALKATIVE: Final = ("httpx", "httpcore", "telegram", "aiohttp.access", "apscheduler", "alembic", "matplotlib")
"""Libraries whose everyday talk is of no use here; some of it would show the token."""

log = structlog.get_logger(__name__)


class _Redacting(logging.Formatter):
    """Another formatter's lines, without secrets."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), *self._secrets)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; one that cannot be formatted is told of without its content."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the standard library's name
        _tell_of_failure(self.stream, f"{record.name} ({record.pathname}:{record.lineno})")


class _Lines:
    """Writes the lines of one of our own loggers, each with one call, so that threads do not mix theirs.

    ``rendering`` makes the text of what is to be said.
    """

    def __init__(self, name: str, stream: TextIO, rendering: Sequence[Processor], secrets: Sequence[str]) -> None:
        self.name = name
        self._stream = stream
        self._rendering = rendering
        self._secrets = secrets

    def write(self, **said: object) -> None:
        """Write a line; one that cannot be rendered is told of without its content, and breaks nobody's work."""
        line: Any = said
        try:
            for render in self._rendering:
                line = render(self, "", line)
            self._stream.write(redact(line, *self._secrets) + "\n")
            self._stream.flush()
        except Exception:  # noqa: BLE001 - whatever is wrong with a line, what it tells of has happened
            _tell_of_failure(self._stream, self.name)

    debug = info = warning = error = critical = write


def _tell_of_failure(stream: TextIO, whose: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        stream.write(f"a line of {whose} could not be logged\n")


def set_up_logging(level: str, *secrets: str, stream: TextIO | None = None) -> None:
    """Begin to log at ``level`` (``debug``, ``info``, ``warning`` or ``error``) to ``stream``, by default stderr.

    ``secrets`` are hidden wherever they would show, and so is anything that looks like a bot token.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.contextvars.merge_contextvars,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering = _rendering(pretty=stream.isatty())
    handler = _Handler(stream)
    theirs = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    )
    handler.setFormatter(_Redacting(theirs, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=lambda name="": _Lines(name, stream, rendering, secrets),
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def _rendering(*, pretty: bool) -> list[Processor]:
    # A plain traceback shows no values of variables, which may be secrets, and breaks no line within one.
    if pretty:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_written)]


def _written(event: object, default: Callable[[object], object]) -> str:
    """A line as JSON, in ASCII: whatever the encoding of the stream, it can be read."""
    try:
        line = orjson.dumps(event, default=default).decode()
    except TypeError:
        line = ""
    return line if line and line.isascii() else json.dumps(event, default=default)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("uncaught", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _log_unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        log.error("unraisable", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
