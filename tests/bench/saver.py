"""The saver beside LangGraph's own in memory, and beside the one for Valkey of langgraph-checkpoint-aws.

That one is an extra of the bench alone (`make bench` fetches it); without it, its figures are left out.
"""

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint
from langgraph.checkpoint.memory import InMemorySaver

from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from tests.bench.assistants import empty
from tests.bench.measure import Line, Section, in_turns, line, ratio, valkey

_CHANNELS = 20
_STEPS = 6
_CLIENTS, _EACH, _PAUSE_S = 16, 60, 0.05
_numbers = itertools.count()
Saver = BaseCheckpointSaver[Any]
OURS, MEMORY, OTHER = "ours", "InMemorySaver", "ValkeySaver"


def sections() -> Iterator[Section]:
    with valkey() as server:
        client = RedisClient(server.url, timeout_seconds=10)
        savers: dict[str, Saver] = {OURS: RedisSaver(client), MEMORY: InMemorySaver()}
        if find_spec("langgraph_checkpoint_aws"):
            from langgraph_checkpoint_aws import ValkeySaver
            from valkey import Valkey

            savers[OTHER] = ValkeySaver(Valkey(port=server.port, db=1))
        lines = [*_steps(savers), *_operations(savers), *_clients(savers[OURS])]
        client.close()
    yield Section(
        "The saver",
        lines,
        f"On a Valkey that syncs each write. A step is one of {_STEPS} empty nodes, each kept before the "
        f"next (durability sync); operations are of checkpoints with {_CHANNELS} channels. ValkeySaver keeps "
        "each checkpoint whole in one value, which is quicker to put and repeats what did not change; ours "
        "keeps each value once and checks on reading that no part is gone.",
    )


def _steps(savers: dict[str, Saver]) -> Iterator[Line]:
    what = "one step, kept"
    ways = [empty(_STEPS, saver, durability="sync") for saver in savers.values()]
    took = {
        by: [ms / _STEPS for ms in times] for by, times in zip(savers, in_turns(*ways, runs=80), strict=True)
    }
    for by, times in took.items():
        yield line(what, by, times, "ms")
    for by, goal in ((MEMORY, 1.7), (OTHER, 0.7)):
        if by in took:
            yield ratio(what, f"ours over {by}", took[OURS], took[by], goal=goal)


def _operations(savers: dict[str, Saver]) -> Iterator[Line]:
    of = {by: _ways(saver) for by, saver in savers.items()}
    for what in of[OURS]:
        took = in_turns(*(ways[what] for ways in of.values()), runs=60)
        for by, times in zip(savers, took, strict=True):
            yield line(what, by, times, "ms")


def _ways(saver: Saver) -> dict[str, Callable[[], object]]:
    """Each operation, on one thread that grows by it."""
    config: RunnableConfig = {"configurable": {"thread_id": f"s-{next(_numbers)}", "checkpoint_ns": ""}}
    latest = config

    def put() -> None:
        nonlocal latest
        number = next(_numbers)
        checkpoint = empty_checkpoint()
        versions: dict[str, str | int | float] = {
            f"channel-{i}": f"{number:032}.{i}" for i in range(_CHANNELS)
        }
        checkpoint["channel_values"] = {channel: {"value": "x" * 100} for channel in versions}
        checkpoint["channel_versions"] = versions
        latest = saver.put(config, checkpoint, {"source": "loop", "step": number}, versions)

    def put_writes() -> None:
        saver.put_writes(latest, [("channel-1", "x" * 100), ("channel-2", 1)], f"task-{next(_numbers)}")

    return {
        "put": put,
        "get_tuple": lambda: saver.get_tuple(config),
        "list of 50": lambda: list(saver.list(config, limit=50)),
        "put_writes": put_writes,
    }


def _clients(saver: Saver) -> Iterator[Line]:
    """Each client is a conversation: it writes, writes on and reads, and pauses between."""
    took: list[float] = []

    def client(pause_s: float) -> None:
        ways = _ways(saver)
        for _ in range(_EACH):
            for name in ("put", "put_writes", "get_tuple"):
                started = time.perf_counter()
                ways[name]()
                took.append((time.perf_counter() - started) * 1000)
                time.sleep(pause_s)

    for what, pause_s, goal in (
        (f"{_CLIENTS} clients, {_CLIENTS / _PAUSE_S:.0f} operations a second", _PAUSE_S, 5.0),
        (f"{_CLIENTS} clients that never pause", 0.0, None),
    ):
        took.clear()
        threads = [threading.Thread(target=client, args=(pause_s,)) for _ in range(_CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        yield line(what, "one operation", took, "ms")
        yield Line(what, "99 of 100 within", statistics.quantiles(took, n=100)[-1], "ms", goal=goal)
