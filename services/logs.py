"""What a process logs: which lines, in which form, and nothing sensitive in them.

Only entry points set this up (the web app, `serve`, commands); whoever uses the library keeps the logging
they have. Redaction sits on the handlers, where everything passes: our loggers, the libraries', the LangGraph
server's structlog, and tracebacks, which quote whatever an exception was told.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from services.sensitive import masked, quoted
from services.settings import Settings
from services.telemetry import ids

LONGEST = 10_000
"""Characters of a message or a traceback; redaction takes about 1 ms for 1,000 characters."""

_KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "exception", "color_message"}
_WORDS_OF_USERS = {"query_string", "req_header"}  # of the LangGraph server's access log
_STRUCTLOG = {"_logger", "_name", "_from_structlog", "_record"}  # not data


class _Text(str):
    """A message that was redacted."""


class _Event(dict[str, Any]):
    """The same of structlog's."""


class Redaction(logging.Filter):
    """Makes a record fit to be written, once, whichever handler sees it first: masked, with the ids of what
    it is about, its traceback as the text `exception`."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, _Text | _Event):
            return True
        if record.name == "uvicorn.access" and isinstance(record.args, tuple):
            record.args = tuple(_path_only(arg) for arg in record.args)  # its formatter wants them apart
            record.msg = _Text(record.msg)
        elif isinstance(record.msg, dict):  # an event of structlog
            told = {name: value for name, value in record.msg.items() if name not in _WORDS_OF_USERS}
            record.msg = _Event(masked(told))
        else:
            record.msg, record.args = _Text(quoted(_message(record), LONGEST)), ()
        if record.exc_info:
            lines = traceback.format_exception(*record.exc_info)
            record.exception = quoted("".join(lines).rstrip(), LONGEST)
            record.exc_info = record.exc_text = None
        if record.stack_info:
            record.stack_info = quoted(record.stack_info, LONGEST)
        for name, value in _extras(record):
            setattr(record, name, masked(value))
        for name, value in ids().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - values may raise anything; logging would print them as they are
        form = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        return f"{form} (its values could not be filled in: {type(error).__name__})"


def _path_only(arg: Any) -> Any:
    """Without the query, which holds people's words; what is sensitive in a path may be percent-encoded."""
    if not isinstance(arg, str):
        return arg
    path = arg.partition("?")[0]
    plain = unquote(path)
    shown = quoted(plain, LONGEST)
    return path if shown == plain else shown.encode("unicode_escape").decode()


def _extras(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    for name, value in list(vars(record).items()):
        if name not in _KNOWN and name not in _STRUCTLOG:
            yield name, value


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, ids, whatever else was logged, exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if isinstance(record.msg, dict):
            more = {name: value for name, value in record.msg.items() if name not in ("timestamp", "level")}
            line |= {"message": more.pop("event", ""), **more}
        else:
            line["message"] = record.getMessage()
        line |= {name: value for name, value in _extras(record) if name not in line}
        for name in ("exception", "stack_info"):
            if told := getattr(record, name, None):
                line[name] = told
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """For people: 10:15:02 WARNING services.llm: what happened [thread_id=... run_id=...]."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"{name}={value}" for name, value in _extras(record) if isinstance(value, str | int))
        exception = getattr(record, "exception", None)
        return "".join(
            [super().format(record), f" [{about}]" if about else "", f"\n{exception}" if exception else ""]
        )


_ours = logging.StreamHandler()
_OUR_LOGGERS = ("graph", "nodes", "prompts", "services", "web")


def set_up_logs(settings: Settings, *, level: str = "INFO") -> None:
    """Once a process; again changes nothing. `level` is for where LOG_LEVEL says nothing.

    Handlers that are there already stay (the LangGraph server's, those of a host) and are made to redact; in
    JSON they write what ours would. uvicorn's own give way: its lines go where all others go. DEBUG is for
    our own loggers: what libraries say then are whole requests.
    """
    root = logging.getLogger()
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        logger = logging.getLogger(name)
        if logger.handlers:  # without any it was switched off, as the LangGraph server does with access logs
            logger.handlers.clear()
            logger.propagate = True
        logger.setLevel(settings.log_level or logger.level)
    if not root.handlers:
        _ours.setFormatter(TextLines())
        root.addHandler(_ours)
    if settings.log_level or _ours in root.handlers:
        level = settings.log_level or level
        root.setLevel("INFO" if level == "DEBUG" else level)
        for name in _OUR_LOGGERS:
            logging.getLogger(name).setLevel(level)
    as_json = (settings.log_format or ("text" if settings.environment == "development" else "json")) == "json"
    for handler in root.handlers:
        if as_json:
            handler.setFormatter(JsonLines())
        if not any(isinstance(found, Redaction) for found in handler.filters):
            handler.addFilter(Redaction())
