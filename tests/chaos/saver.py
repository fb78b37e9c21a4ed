"""R6: the saver never lies, whatever becomes of Redis and the wire. R7: it never shows two moments as one."""

import asyncio
import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

from services import JSON
from services.checkpoint import RedisSaver
from services.errors import StorageError
from services.redis_client import RedisClient
from services.steps import Steps, arun, run
from tests.chaos.proxy import Fault, proxying
from tests.chaos.scribe import Lie, Scribe, assert_whole
from tests.servers import RedisServer

_FAULTS: tuple[Fault, ...] = ("late", "cut", "reset", "swallow")
_PATIENCE_S = 0.15  # of the client; what is late is so by up to twice that
_STEPS = 20
_AFTER_A_REFUSAL_S = 0.01


def fault_schedules(server: RedisServer, *, schedules: int, at_once: int, seed: int) -> JSON:
    """R6. Each schedule is a thread of its own, written through a wire with faults of its own, while Redis is
    killed or stopped now and then; half of them are awaited, and cancelled at random."""
    started = time.monotonic()
    with _nemesis(server, random.Random(seed), (0.5, 2)) as outages, ThreadPoolExecutor(at_once) as pool:
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
                _count(counted, lambda: do(scribe.step()))
            share = 0.0
            _at_last(counted, lambda: do(scribe.read()))
        finally:
            runner.run(_closed(client))
        counted["steps"] = scribe.did
    return counted


async def _closed(client: RedisClient) -> None:
    await client.aclose()
    await asyncio.sleep(0.01)  # what was cancelled closes in the loop's next rounds


def _count(counted: Counter[str], do: Callable[[], None]) -> bool:
    """Whether it was done. What is no typed error is raised: that is a failure, too."""
    try:
        do()
        return True
    except (StorageError, TimeoutError):  # the second: cancelled by us
        counted["refused"] += 1
        time.sleep(_AFTER_A_REFUSAL_S)
    except Lie as lie:
        counted["lies"] += 1
        counted["None"] += str(lie).startswith("None")
    return False


def _at_last(counted: Counter[str], read: Callable[[], None]) -> None:
    """The wire is sound again: within seconds there must be an answer."""
    deadline = time.monotonic() + 30
    while not _count(counted, read) and not counted["lies"]:
        if time.monotonic() > deadline:
            raise TimeoutError("No answer 30 s after the last fault.")
        time.sleep(0.05)


@contextmanager
def _nemesis(
    server: RedisServer, chance: random.Random, every_s: tuple[float, float]
) -> Iterator[Counter[str]]:
    """Kills or stops Redis again and again, never for long; what it did so far."""
    over, did = Event(), Counter[str]()

    def rage() -> None:
        while not over.wait(chance.uniform(*every_s)):
            how = chance.choice(("kill", "stop"))
            did[how] += 1
            server.kill(signal.SIGKILL if how == "kill" else signal.SIGSTOP)
            time.sleep(chance.uniform(0.05, 0.4))
            server.start() if how == "kill" else server.resume()

    thread = Thread(target=rage)
    thread.start()
    try:
        yield did
    finally:
        over.set()
        thread.join()


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
        _nemesis(server, random.Random(seed), every_s) as outages,
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
        counted["done"] += _count(counted, lambda do=do: run(do()))  # type: ignore[misc]
    client.close()
    return counted


def _read(url: str, writers: int, operations: int, seed: int) -> Counter[str]:
    chance, counted = random.Random(f"{seed}.reader"), Counter[str]()
    client = RedisClient(url, timeout_seconds=2)
    saver = RedisSaver(client)
    seen: dict[str, str] = {}

    def read() -> None:
        thread = f"w{chance.randrange(writers)}-{chance.randrange(_THREADS_OF_A_WRITER)}"
        found = saver.get_tuple({"configurable": {"thread_id": thread}})
        if found is None:
            if thread in seen:
                raise Lie("None for a thread that exists")
            return
        assert_whole(found)
        if found.checkpoint["id"] < seen.get(thread, ""):
            raise Lie("an older state than was seen before")
        seen[thread] = found.checkpoint["id"]

    while counted["done"] < operations:
        counted["done"] += _count(counted, read)
    client.close()
    return counted
