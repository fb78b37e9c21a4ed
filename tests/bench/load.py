"""Users over HTTP, and what serves them, each in processes of their own."""

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from services import JSON
from tests.bench.gateway import provider
from tests.clusters import wait
from tests.integration.conftest import environment
from tests.servers import free_port

SECONDS = 3.0  # a figure
UPDATE = "fixed button bug, tested staging"
REFUSED = float("inf")
UNBOUNDED = {
    **{"MAX_REQUESTS_PER_MINUTE": "1000000", "MAX_REQUESTS_PER_HOUR": "10000000"},
    **{"MAX_TOKENS_PER_HOUR": "1000000000", "MAX_DAILY_COST_USD": "1000000"},
}
_numbers = itertools.count()


@dataclass(frozen=True)
class Load:
    """What was answered in SECONDS, and how much was refused for want of time or connections."""

    a_second: float
    median_ms: float
    slowest_ms: float  # of 95 of 100
    refused: int
    answered: int

    def __str__(self) -> str:
        refused = f", {self.refused} refused" if self.refused else ""
        return f"{self.a_second:.0f}/s, {self.median_ms:.0f} ms ({self.slowest_ms:.0f}){refused}"


@contextmanager
def serving(redis_url: str, workers: int, *, by_model: bool, model_s: float) -> Iterator[tuple[int, int]]:
    """The port and the process of `serve`."""
    with ExitStack() as stack:
        settings = {**UNBOUNDED, "REDIS_URL": redis_url, "CACHE_ENABLED": "false"}
        if by_model:
            address = stack.enter_context(provider(model_s))
            settings |= {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "none", "PRIMARY_MODEL": "gpt-4o-mini"}
        folder, port = Path(stack.enter_context(tempfile.TemporaryDirectory())), free_port()
        command = [str(Path(sys.executable).with_name("jira-assistant")), "serve", "--port", str(port)]
        command += ["--workers", str(workers)]
        with subprocess.Popen(command, cwd=folder, env=environment(folder, **settings), stderr=-3) as process:
            try:
                wait(lambda: _answers(port), 60)
                load(port, UPDATE, 8 * workers, seconds=1)  # what is loaded at first use is loaded then
                yield port, process.pid
            finally:
                process.terminate()
                process.wait(30)


def _answers(port: int) -> bool:
    try:
        asyncio.run(_some(port, "hello", 0))
    except OSError:
        return False
    return True


def memory_mb(pid: int, workers: int) -> float:
    """The median resident memory of what serves."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if workers > 1 else [str(pid)]
    sizes = [Path(f"/proc/{child}/statm").read_text().split()[1] for child in children]
    return statistics.median(sorted(map(int, sizes))[-workers:]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def load(port: int, message: str, at_once: int, *, seconds: float = SECONDS) -> Load:
    async def all_of_them() -> list[list[float]]:
        return await asyncio.gather(*(_some(port, message, seconds) for _ in range(at_once)))

    started = time.perf_counter()
    asked = list(itertools.chain.from_iterable(asyncio.run(all_of_them())))
    took = time.perf_counter() - started
    times = sorted(time_s for time_s in asked if time_s < REFUSED) or [0.0]
    slowest = times[int(len(times) * 0.95)]
    return Load(
        len(times) / took,
        statistics.median(times) * 1000,
        slowest * 1000,
        sum(t == REFUSED for t in asked),
        len(asked),
    )


async def _some(port: int, message: str, seconds: float) -> list[float]:
    """What each request of one user took, one after another, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ends, times = time.perf_counter() + seconds, []
    while (started := time.perf_counter()) < ends:
        answer = await _post(reader, writer, "/chat", {"message": message, "context": user()})
        times.append(time.perf_counter() - started if answer["success"] else REFUSED)
    writer.close()
    return times


def converse(port: int, message: str, *, approves: bool) -> int:
    """How many conversations one user had in SECONDS."""

    async def conversations() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ends, done = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < ends:
            context = user()
            said = await _post(reader, writer, "/chat", {"message": message, "context": context})
            if approves:
                path = f"/approvals/{said['pending_approval']['action_id']}"
                await _post(reader, writer, path, {"verb": "accept", **context})
            done += 1
        writer.close()
        return done

    return asyncio.run(conversations())


def user() -> dict[str, str]:
    return {"user_id": f"user-{next(_numbers)}"}


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: object) -> JSON:
    """As few instructions as can be: the load shares the cores with what it measures."""
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    answered = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(answered.partition(b"content-length: ")[2].split(b"\r\n")[0])
    answer: JSON = json.loads(await reader.readexactly(length))
    return answer
