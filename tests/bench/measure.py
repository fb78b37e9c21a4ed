"""How things are measured here: medians of many runs, in milliseconds, and a real server beneath."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import BINARIES, RedisServer


def median_ms(once: Callable[[], object], *, runs: int = 100, warm: int = 5) -> float:
    """The median time of one call."""
    for _ in range(warm):
        once()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        once()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


@contextmanager
def valkey() -> Iterator[RedisServer]:
    """A Valkey of its own, with AOF as the embedded one."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        try:
            yield server
        finally:
            server.kill()
