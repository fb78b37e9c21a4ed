"""R19: what grows while the assistant serves for long. A process of its own serves; this one looks at it.

Run as `python -m tests.chaos.soak REDIS_URL RECEIVER_PORT SECONDS A_SECOND TTL_S` it is the one that serves.
"""

import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import redis
from langgraph.types import Command

from services import JSON
from tests.chaos.approvals import ROOT
from tests.chaos.receiver import receiver
from tests.chaos.worker import SPEAKER, UPDATE, assistant
from tests.servers import RedisServer

_AT_ONCE = 4


def soak(server: RedisServer, *, minutes: float, a_second: float = 20, ttl_s: float = 15) -> JSON:
    """R19. Slopes are least squares over all looks; none is taken until code is loaded and the first threads
    have expired, for three times `ttl_s`. The ledger keeps a row and its history for each action on purpose,
    so its keys are told apart from those of the saver, which expire."""
    server.flush()
    seconds = minutes * 60
    with receiver() as effects:
        args = [server.url, effects.server_port, seconds, a_second, ttl_s]
        command = [sys.executable, "-m", "tests.chaos.soak", *map(str, args)]
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT)
        looks: list[tuple[float, ...]] = []
        while process.poll() is None:
            if effects.times and time.monotonic() - effects.times[0] > 3 * ttl_s:
                with suppress(OSError):  # it ended just now
                    looks.append(_look(process.pid, server, len(effects.effects)))
            time.sleep(min(2.0, ttl_s))
        took = time.monotonic() - (effects.times or [started])[0]
        done = len(effects.effects)
        if process.returncode:
            raise RuntimeError(f"The one that serves ended with {process.returncode}.")
        time.sleep(ttl_s + 1)
        left = _keys(server, "checkpoint:*")
    threads, memory, descriptors, saver, ledger = zip(*looks, strict=True)
    return {
        "minutes": round(took / 60, 1),
        "threads": done,
        "not carried out": int(seconds * a_second) - done,
        "threads a second": round(done / took, 1),
        "MB at first, at last": f"{memory[0] / 1e6:.1f}, {memory[-1] / 1e6:.1f}",
        "bytes a thread": round(_slope(threads, memory)),
        "descriptors a 1,000 threads": round(1000 * _slope(threads, descriptors), 2),
        "saver keys at most": max(saver),
        "saver keys left": left,
        "ledger keys a thread": round(_slope(threads, ledger), 3),
    }


def _look(pid: int, server: RedisServer, threads: int) -> tuple[float, ...]:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    saver = _keys(server, "checkpoint:*")
    return threads, pages * 4096, descriptors, saver, _keys(server, "*") - saver


def _slope(x: tuple[float, ...], y: tuple[float, ...]) -> float:
    return statistics.linear_regression(x, y).slope


def _keys(server: RedisServer, pattern: str) -> int:
    with redis.Redis(port=server.port) as client:
        return client.dbsize() if pattern == "*" else sum(1 for _ in client.scan_iter(pattern, count=1000))


def main() -> None:
    """Conversations from message to carried-out action, so many a second, or as many as can be."""
    url, port, seconds, a_second, ttl_s = sys.argv[1], *map(float, sys.argv[2:])
    compiled, _ = assistant(url, int(port), lambda point: None, ttl_seconds=ttl_s)

    def serve(number: int) -> None:
        config: Any = {"configurable": {"thread_id": f"soak-{number}"}}
        out = compiled.invoke(UPDATE, config, context=SPEAKER)
        compiled.invoke(Command(resume={out["__interrupt__"][0].id: "yes"}), config, context=SPEAKER)

    started, numbers = time.monotonic(), count()

    def serve_many(_: int) -> None:
        for number in numbers:
            if number >= seconds * a_second:
                return
            time.sleep(max(0.0, started + number / a_second - time.monotonic()))
            serve(number)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(serve_many, range(_AT_ONCE)))


if __name__ == "__main__":
    main()
