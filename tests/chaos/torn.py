"""R7: no read puts two moments together, while processes read and write and Redis is killed and stopped."""

import multiprocessing
import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from services import JSON
from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from services.steps import run
from tests.chaos.nemesis import nemesis
from tests.chaos.scribe import Lie, Scribe, assert_whole, counting
from tests.servers import RedisServer


def torn_reads(
    server: RedisServer,
    *,
    operations: int,
    writers: int,
    readers: int,
    seed: int,
    every_s: tuple[float, float] = (1, 4),
) -> JSON:
    """R7. Writers and readers are processes; a writer owns its threads, readers read them all."""
    started = time.monotonic()
    each = operations // (writers + readers)
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(writers + readers, mp_context=context) as pool,
        nemesis(server, random.Random(seed), every_s) as outages,
    ):
        jobs = [pool.submit(_write, server.url, writer, each, seed) for writer in range(writers)]
        jobs += [pool.submit(_read, server.url, writers, each, seed + n) for n in range(readers)]
        counted = sum((job.result() for job in jobs), Counter[str]())
    return {
        "operations": counted["done"],
        "kills and pauses of Redis": outages["kill"] + outages["stop"],
        "typed errors": counted["refused"],
        "torn": counted["lies"],
        "None for a thread that exists": counted["None"],
        "seconds": round(time.monotonic() - started, 1),
    }


_THREADS_OF_A_WRITER = 4
_PRUNED_EVERY = 50


def _write(url: str, writer: int, operations: int, seed: int) -> Counter[str]:
    chance, counted = random.Random(f"{seed}.{writer}"), Counter[str]()
    client = RedisClient(url, timeout_seconds=2)
    saver = RedisSaver(client)
    scribes = [Scribe(saver, f"w{writer}-{n}", chance) for n in range(_THREADS_OF_A_WRITER)]
    while counted["done"] < operations:
        scribe = chance.choice(scribes)
        do = scribe.prune if counted["done"] % _PRUNED_EVERY == 0 else scribe.step
        counted["done"] += counting(counted, lambda do=do: run(do()))  # type: ignore[misc]
    client.close()
    return counted


def _read(url: str, writers: int, operations: int, seed: int) -> Counter[str]:
    chance, counted = random.Random(f"{seed}.reader"), Counter[str]()
    client = RedisClient(url, timeout_seconds=2)
    saver = RedisSaver(client)
    seen: dict[str, str] = {}

    def read() -> None:
        thread = f"w{chance.randrange(writers)}-{chance.randrange(_THREADS_OF_A_WRITER)}"
        found = list(saver.list({"configurable": {"thread_id": thread}}, limit=chance.choice((1, 1, 5))))
        if not found:
            if thread in seen:
                raise Lie("None for a thread that exists")
            return
        for one in found:
            assert_whole(one)
        if found[0].checkpoint["id"] < seen.get(thread, ""):
            raise Lie("an older state than was seen before")
        seen[thread] = found[0].checkpoint["id"]

    until = time.monotonic() + 60
    while not seen and time.monotonic() < until:  # there is nothing to read yet
        counting(counted, read)
    while counted["done"] < operations:
        counted["done"] += counting(counted, read)
    client.close()
    return counted
