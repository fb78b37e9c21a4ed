"""What gets into a log: what it is about, and nothing that must not be there."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services import telemetry
from services.logs import LONGEST, JsonLines, Redaction, TextLines
from tests.integration.conftest import environment

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
Lines = Callable[[], list[Any]]


@pytest.fixture(params=[JsonLines, TextLines], ids=["json", "text"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    yield from _logging_to(request.param())


@pytest.fixture
def lines() -> Iterator[Lines]:
    streams = _logging_to(JsonLines())
    stream = next(streams)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    next(streams, None)


def _logging_to(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    stream, logger = io.StringIO(), logging.getLogger("test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(Redaction())
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)


log = logging.getLogger("test")


def raise_with(text: str) -> None:
    try:
        try:
            raise ValueError(f"refused {text}")
        except ValueError as error:
            raise RuntimeError(f"could not send {text}") from error
    except RuntimeError:
        log.exception("failed with %s", text)


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError(TOKEN)

    __repr__ = __str__


@pytest.mark.parametrize(
    "say",
    [
        lambda: log.info("the key is " + TOKEN),
        lambda: log.info("the key is %s", TOKEN),
        lambda: log.info("password: %s", TOKEN),
        lambda: log.info("%(key)s", {"key": TOKEN}),
        lambda: log.info("seen", extra={"headers": {"authorization": [f"Bearer {TOKEN}"]}}),
        lambda: raise_with(TOKEN),
        lambda: log.info("too %s many %s", TOKEN),
        lambda: log.info({"event": f"GET {TOKEN}", "query_string": "say=hunter2", "error": [TOKEN]}),
        lambda: log.info("x" * LONGEST + TOKEN),
    ],
    ids=["message", "value", "named", "mapping", "extra", "traceback", "misfit", "structlog", "long"],
)
def test_a_secret_is_never_written(written: io.StringIO, say: Callable[[], None]) -> None:
    say()
    assert written.getvalue()
    assert TOKEN not in written.getvalue()
    assert TOKEN[4:14] not in written.getvalue()
    assert "hunter2" not in written.getvalue()


def test_personal_data_is_never_written(written: io.StringIO) -> None:
    log.warning("call %s or pay with %s", "+49 151 23456789", "4111 1111 1111 1111")
    assert "[phone removed]" in written.getvalue()
    assert "[card removed]" in written.getvalue()


def test_a_line_says_what_it_is_about(lines: Lines) -> None:
    with telemetry.about(thread_id="t-1", run_id="r-1"), telemetry.about(action_id="a-1", run_id=None):
        log.warning("slow: %.1f s", 2.5, extra={"seconds": 2.5})
    log.info("outside")
    first, second = lines()
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "warning",
        "logger": "test",
        "message": "slow: 2.5 s",
        "seconds": 2.5,
        "thread_id": "t-1",
        "run_id": "r-1",
        "action_id": "a-1",
    }
    assert "thread_id" not in second


def test_a_traceback_stays_readable(lines: Lines) -> None:
    raise_with("anna")
    [line] = lines()
    assert "ValueError: refused anna" in line["exception"]
    assert "RuntimeError: could not send anna" in line["exception"]


def test_an_access_log_tells_no_query() -> None:
    record = logging.makeLogRecord(
        {
            "name": "uvicorn.access",
            "msg": '%s - "%s %s HTTP/%s" %d',
            "args": ("127.0.0.1:1", "GET", "/app?say=hunter2", "1.1", 200),
        }
    )
    Redaction().filter(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET /app HTTP/1.1" 200'


def test_what_cannot_be_printed_stops_nobody(written: io.StringIO) -> None:
    log.info("odd: %s", Unprintable())
    assert "odd" in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_each_message_of_one_request_has_its_own_id() -> None:
    with telemetry.request() as request_id:
        first, second = telemetry.new_request_id(), telemetry.new_request_id()
    assert first == request_id
    assert len({first, second, telemetry.new_request_id()}) == 3


LIBRARY = """
import logging
from graph import open_assistant
with open_assistant() as assistant:
    config = {"configurable": {"thread_id": "t"}}
    assistant.invoke({"message": "fixed PAY-1, tested"}, config, context={"user_id": "u1"})
print(logging.getLogger().handlers, logging.getLogger().level)
import sys
print("langsmith.client" in sys.modules and sys.modules["langsmith.run_trees"]._CLIENT)
"""


def test_the_library_leaves_logging_and_tracing_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIBRARY]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=60)
    handlers, client = done.stdout.splitlines()
    assert handlers == "[] 30", done.stderr
    assert client in ("False", "None")


SERVICE = """
import logging
from services.logs import set_up_logs
from services.settings import load_settings
set_up_logs(load_settings())
set_up_logs(load_settings())
logging.getLogger("web.x").info("password is Hunter2!x")
"""


@pytest.mark.parametrize(
    ("settings", "as_json", "shown"),
    [
        ({}, False, True),
        ({"ENVIRONMENT": "staging"}, True, True),
        ({"LOG_FORMAT": "json"}, True, True),
        ({"ENVIRONMENT": "staging", "LOG_FORMAT": "text"}, False, True),
        ({"LOG_LEVEL": "warning"}, False, False),
    ],
)
def test_the_settings_say_what_a_process_logs(
    tmp_path: Path, settings: dict[str, str], as_json: bool, shown: bool
) -> None:
    command = [sys.executable, "-c", SERVICE]
    env = environment(tmp_path, **settings)
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert done.stderr.count("[password removed]") == shown, done.stderr
    assert done.stderr.startswith("{") is as_json
