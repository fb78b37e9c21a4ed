"""The saver beside LangGraph's own in memory, on a server that syncs each write and on one that does not."""

import itertools
from collections.abc import Iterator
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint
from langgraph.checkpoint.memory import InMemorySaver
from rich.table import Table

from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from tests.bench.measure import median_ms, valkey

_CHANNELS = 20
_numbers = itertools.count()


def tables() -> Iterator[Table]:
    table = Table(
        "operation",
        "in memory ms",
        "no fsync ms",
        "fsync always ms",
        title=f"The saver, {_CHANNELS} channels",
    )
    memory = _times(InMemorySaver())
    with valkey() as server:
        client = RedisClient(server.url)
        synced = _times(RedisSaver(client))
        server.configure("appendfsync", "no")
        unsynced = _times(RedisSaver(client))
        client.close()
    for operation, ms in memory.items():
        table.add_row(operation, f"{ms:.3f}", f"{unsynced[operation]:.3f}", f"{synced[operation]:.3f}")
    yield table


def _times(saver: BaseCheckpointSaver[Any]) -> dict[str, float]:
    """The median milliseconds of each operation on one thread that grows by it."""
    config: RunnableConfig = {"configurable": {"thread_id": f"t-{next(_numbers)}", "checkpoint_ns": ""}}
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
        "put": median_ms(put),
        "get_tuple": median_ms(lambda: saver.get_tuple(config)),
        "list of 50": median_ms(lambda: list(saver.list(config, limit=50)), runs=30),
        "put_writes": median_ms(put_writes),
    }
