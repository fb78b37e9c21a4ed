"""R6: the saver never lies, whatever becomes of Redis and the wire."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from services import JSON
from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from services.steps import Steps, arun, run
from tests.chaos.nemesis import nemesis
from tests.chaos.proxy import Fault, proxying
from tests.chaos.scribe import Scribe, counting
from tests.servers import RedisServer

_FAULTS: tuple[Fault, ...] = ("late", "cut", "reset", "swallow")
_PATIENCE_S = 0.15  # of the client; what is late is so by up to twice that
_STEPS = 20


def fault_schedules(server: RedisServer, *, schedules: int, at_once: int, seed: int) -> JSON:
    """R6. Each schedule is a thread of its own, written through a wire with faults of its own, while Redis is
    killed or stopped now and then; half of them are awaited, and cancelled at random."""
    started = time.monotonic()
    with nemesis(server, random.Random(seed), (0.5, 2)) as outages, ThreadPoolExecutor(at_once) as pool:
        counted = list(pool.map(lambda number: _schedule(server.port, f"{seed}.{number}"), range(schedules)))
    total = sum(counted, Counter[str]())
    return {
        "schedules": schedules,
        "outages of Redis": outages["kill"] + outages["stop"],
        "steps": total["steps"],
        "typed errors": total["refused"],
        "lies": total["lies"],
        "None for a thread that exists": total["None"],
        "seconds": round(time.monotonic() - started, 1),
    }


def _schedule(port: int, seed: str) -> Counter[str]:
    chance, counted = random.Random(seed), Counter[str]()
    share = chance.choice((0.0, 0.01, 0.05, 0.2))

    def fault(answer: bool) -> Fault:
        return chance.choice(_FAULTS) if chance.random() < share else "none"

    with (
        asyncio.Runner() as runner,
        proxying(port, fault, lambda: chance.uniform(0, 2 * _PATIENCE_S)) as wire,
    ):
        client = RedisClient(f"redis://127.0.0.1:{wire}/0", timeout_seconds=_PATIENCE_S)
        scribe = Scribe(RedisSaver(client), seed, chance)

        def awaited(steps: Steps[None]) -> None:
            late_s = chance.uniform(0, 0.02) if chance.random() < share else None
            runner.run(asyncio.wait_for(arun(steps), late_s))

        do: Callable[[Steps[None]], None] = chance.choice((run, awaited))
        try:
            for _ in range(_STEPS):
                counting(counted, lambda: do(scribe.step()))
            share = 0.0
            _at_last(counted, lambda: do(scribe.read()))
        finally:
            runner.run(_closed(client))
        counted["steps"] = scribe.did
    return counted


async def _closed(client: RedisClient) -> None:
    await client.aclose()
    await asyncio.sleep(0.01)  # what was cancelled closes in the loop's next rounds


def _at_last(counted: Counter[str], read: Callable[[], None]) -> None:
    """The wire is sound again: within seconds there must be an answer."""
    deadline = time.monotonic() + 30
    while not counting(counted, read) and not counted["lies"]:
        if time.monotonic() > deadline:
            raise TimeoutError("No answer 30 s after the last fault.")
        time.sleep(0.05)
