"""One set-up for structlog and for every library that uses ``logging``."""

import atexit
import logging
import sys
from collections.abc import MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, cast

from orouter.errors import ConfigurationError
from orouter.logs.access import AccessLog, Sink
from orouter.logs.files import LogFile
from orouter.logs.plain import structlog
from orouter.logs.redaction import clean

_QUIET = {
    "aiohttp.access": logging.CRITICAL,
    "aiohttp": logging.WARNING,
    "aiomysql": logging.WARNING,
    "asyncio": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "uvicorn.access": logging.CRITICAL,
    "watchfiles": logging.WARNING,
}
"""Libraries that talk too much, or tell URLs and parameters that are nobody's business."""

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,  # without the values of local variables
]


_WITH_HANDLERS_OF_THEIR_OWN = ("uvicorn", "uvicorn.error", "uvicorn.access")
"""uvicorn's default configuration gives them some, and then they do not tell the root logger."""


class _State:
    """What ``configure`` made, until the next call or ``close``."""

    access = AccessLog()
    file: LogFile | None = None


def configure(
    *,
    level: str = "INFO",
    format: str = "auto",  # noqa: A002  the name it has in orouter.yaml
    file: str | None = None,
    rotate_mb: float = 50,
    rotate_keep: int = 10,
    stream: TextIO | None = None,
) -> None:
    """Sends everything to ``stream`` (standard error) and, as JSON lines, to ``file``.

    The arguments are those of ``settings.logging``. May be called again. Raises
    ConfigurationError where the file cannot be written.
    """
    close()
    stream = stream or sys.stderr
    people = format == "console" or (format == "auto" and stream.isatty())
    _State.file = _open(file, int(rotate_mb * 2**20), rotate_keep) if file else None
    console = logging.StreamHandler(stream)
    shape = (_with_clock, _for_people(colors=stream.isatty())) if people else (_json(),)
    console.setFormatter(_formatter(*shape))
    handlers: list[logging.Handler] = [console]
    if _State.file is not None:
        handlers.append(_FileHandler(_State.file))
    logging.basicConfig(handlers=handlers, force=True)
    for name in _WITH_HANDLERS_OF_THEIR_OWN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    to_file = _State.file.write if _State.file else None
    _State.access = AccessLog(to_file, _to(stream), for_people=people)
    set_level(level)


def set_level(level: str) -> None:
    """DEBUG, INFO, WARNING or ERROR, from now on. Access lines are INFO."""
    number = logging.getLevelNamesMapping()[level]
    logging.getLogger().setLevel(number)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(number, quiet))
    _State.access.enabled = number <= logging.INFO


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that takes an event and its facts: ``log.info("ingested", rows=500)``."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def access() -> AccessLog:
    """Where each request is written; look it up once, after ``configure``."""
    return _State.access


def close() -> None:
    """Writes out what is in memory. Registered for the end of the process."""
    _State.access.close()
    _State.access = AccessLog()
    if _State.file is not None:
        logging.getLogger().handlers.clear()
        _State.file.close()
        _State.file = None


atexit.register(close)


class _FileHandler(logging.Handler):
    def __init__(self, file: LogFile) -> None:
        super().__init__()
        self._to = file
        self.setFormatter(_formatter(_json()))

    def emit(self, record: logging.LogRecord) -> None:
        self._to.write((self.format(record) + "\n").encode())


def _open(path: str, limit: int, keep: int) -> LogFile:
    try:
        return LogFile(Path(path), limit, keep)
    except OSError as error:
        raise ConfigurationError(
            f"logging.file {path} cannot be written: {error.strerror}",
            hint="choose another place, or `file: none` for no file",
        ) from error


def _to(stream: TextIO) -> Sink:
    def write(lines: bytes) -> None:
        stream.write(lines.decode())
        stream.flush()

    return write


def _formatter(*shape: structlog.typing.Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _cleaned,
            *shape,
        ],
        foreign_pre_chain=_SHARED,
    )


def _cleaned(_: Any, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    return clean(event)


def _with_clock(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The time as access lines tell it to people: of their own zone, to the second."""
    event["timestamp"] = datetime.now().astimezone().strftime("%H:%M:%S")
    return event


def _json() -> structlog.typing.Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _for_people(*, colors: bool) -> structlog.typing.Processor:
    return structlog.dev.ConsoleRenderer(
        colors=colors, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )
