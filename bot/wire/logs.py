"""Logs: lines on stderr, for people on a terminal and as JSON elsewhere, and never a secret in them.

Everything goes through one handler of the standard library, ours and every library's alike, and each line is
redacted whole, traceback and all, as the last thing before it is written.
"""

import contextlib
import logging
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Final, TextIO

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
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a line of {record.name} could not be logged: {record.pathname}:{record.lineno}\n")


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
    handler = _Handler(stream)
    handler.setFormatter(_Redacting(_formatter(shared, pretty=stream.isatty()), secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def _formatter(shared: list[Processor], *, pretty: bool) -> logging.Formatter:
    # A plain traceback shows no values of variables, which may be secrets, and breaks no line within one.
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


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
