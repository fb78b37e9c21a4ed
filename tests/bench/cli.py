"""The command line from a cold start: time, memory, and 10,000 lines of `route`."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Section, line
from tests.integration.conftest import environment

ASSISTANT = str(Path(sys.executable).with_name("jira-assistant"))
MESSAGES = ("done with PAY-12", "fixed button bug, tested staging", "almost done with the login page", "hi")
_TIMES = 4


def sections() -> Iterator[Section]:
    lines = []
    ask = (ASSISTANT, "ask", MESSAGES[1], "--json")
    routed = "\n".join(MESSAGES[i % 4] for i in range(10_000))
    for what, command, given, goals in (
        ("import the graph and the saver", (sys.executable, "-c", "import graph.server"), "", None),
        ("ask, which starts the embedded server", ask, "", (2.5, 150.0)),
        ("pending", (ASSISTANT, "pending", "--json"), "", None),
        ("route, 10,000 lines", (ASSISTANT, "route", "-"), routed, None),
    ):
        with tempfile.TemporaryDirectory() as folder:
            runs = [_cold(command, given, Path(folder) / "data") for _ in range(_TIMES)]
        seconds, memory = zip(*runs, strict=True)
        lines.append(line(what, "time", seconds, "s", goal=goals and goals[0]))
        lines.append(line(what, "memory", memory, "MB at most", goal=goals and goals[1]))
    yield Section("Command line, cold, no key", lines)


def _cold(command: tuple[str, ...], given: str, data: Path) -> tuple[float, float]:
    """Wall seconds, and the peak resident memory of that one process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(data),
    )
    assert process.stdin
    process.stdin.write(given.encode())
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - started, megabytes(usage)


def megabytes(usage: resource.struct_rusage) -> float:
    per_unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * per_unit / 1e6
