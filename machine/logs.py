"""One way to log for every process: an event in past-tense snake case, ids and enumerated words.

Libraries that log through the standard library come out in the same form. What a customer is
called, how he is reached and what he wrote is withheld, wherever it was put, and so are the texts
of foreign exceptions: a carrier's error quotes the number.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from models.errors import NotUnderstood, RappelError
from settings import LogFormat

PERSONAL = frozenset({"name", "phone", "email", "comment", "body", "address", "token"})
WITHHELD = "[withheld]"
QUIET = ("aiosqlite", "alembic", "asyncio", "httpx2", "uvicorn")
"""Loggers of which only warnings are kept; the last one would also print paths, tokens included."""


def set_up_logs(log_format: LogFormat) -> None:
    """Once a process, before anything logs."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        tell_exceptions,
        withhold_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(log_format),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def withhold_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last line of defence, not the first: nobody should log these at all."""
    return {key: _withheld(key, value) for key, value in event.items()}


def tell_exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Types and places of an exception and its causes; texts of our own errors only."""
    error = _exception(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = " <- ".join(_told(e) for e in _chain(error))
    return event


def _renderer(log_format: LogFormat) -> Processor:
    match log_format:
        case LogFormat.CONSOLE:
            return structlog.dev.ConsoleRenderer()
        case LogFormat.JSON:
            return structlog.processors.JSONRenderer(ensure_ascii=False)


def _withheld(key: str, value: object) -> object:
    if key in PERSONAL:
        return WITHHELD
    if isinstance(value, Mapping):
        return {k: _withheld(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_withheld("", v) for v in value]
    return value


def _exception(given: object) -> BaseException | None:
    match given:
        case BaseException():
            return given
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return None


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return chain


def _told(error: BaseException) -> str:
    ours = isinstance(error, RappelError) and not isinstance(error, NotUnderstood)
    words = f": {error}" if ours else ""
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" ({Path(f.filename).name}:{f.lineno} in {f.name})" for f in frames)
    return f"{type(error).__name__}{words}{place}"
