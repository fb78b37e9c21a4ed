"""The command line from a cold start: time, memory, and 10,000 lines of `route`."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from tests.integration.conftest import environment

COMMAND = str(Path(sys.executable).with_name("jira-assistant"))
MESSAGES = ("done with PAY-12", "fixed button bug, tested staging", "almost done with the login page", "hi")


def tables() -> Iterator[Table]:
    table = Table("command", "seconds", "peak MB", title="Command line, cold")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for label, args, given in (
            ("ask, starting the embedded server", ("ask", MESSAGES[1], "--json"), ""),
            ("ask again, starting it again", ("ask", MESSAGES[1], "--json"), ""),
            ("pending", ("pending", "--json"), ""),
            ("route, 10,000 lines", ("route", "-"), "\n".join(MESSAGES[i % 4] for i in range(10_000))),
        ):
            seconds, megabytes = _cold(args, given, data)
            table.add_row(label, f"{seconds:.2f}", f"{megabytes:.0f}")
    yield table


def _cold(args: tuple[str, ...], given: str, data: Path) -> tuple[float, float]:
    """Wall seconds, and the peak resident memory of that one process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [COMMAND, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(data),
    )
    assert process.stdin
    process.stdin.write(given.encode())
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, args
    return time.perf_counter() - started, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    per_unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * per_unit / 1e6
