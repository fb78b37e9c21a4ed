"""The whole graph on Redis beside as many empty LangGraph nodes in memory; and many runs at once."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import redis
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from rich.table import Table
from typing_extensions import TypedDict

from graph.server import Assistant, compile_graph
from services import Models, Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from tests.bench.measure import median_ms, valkey
from tests.fakes import NoLimits, NoModels, SlowModels

_numbers = itertools.count()
UPDATE = "fixed button bug, tested staging"


def tables() -> Iterator[Table]:
    with valkey() as server:
        client = RedisClient(server.url)
        assistant = _assistant(client, NoModels())
        quick = _assistant(client, SlowModels(0.0))
        yield _routes(assistant, quick, server.port)
        client.close()
        yield _concurrency(server.url)


def _assistant(client: RedisClient, models: Models) -> Assistant:
    services = Services(Settings(), models, RedisCache(client), RedisLedger(client), {}, NoLimits())
    return compile_graph(services, RedisSaver(client))


def _routes(assistant: Assistant, quick: Assistant, port: int) -> Table:
    """`quick` has a model that answers at once, `assistant` has none."""
    once: Callable[[], object]
    table = Table("route", "steps", "ms", "empty graph ms", "ratio", "Redis commands", title="One message")
    with redis.Redis(port=port) as admin:
        for label, steps, once in (
            ("finished task", 6, lambda: _say(assistant, "done with PAY-12")),
            ("question back", 4, lambda: _say(assistant, "hello")),
            ("draft by rules, paused", 6, lambda: _say(assistant, UPDATE)),
            ("draft by a 0 ms model", 6, lambda: _say(quick, f"{UPDATE} number {next(_numbers)}")),
            ("draft from the cache", 6, lambda: _say(quick, UPDATE)),
            ("draft, pause, accept", 9, lambda: _approved(assistant)),
        ):
            ours, empty = median_ms(once), median_ms(_empty(steps))
            commands = _commands(admin, port, once)
            table.add_row(
                label, str(steps), f"{ours:.2f}", f"{empty:.2f}", f"{ours / empty:.2f}", str(commands)
            )
    return table


def _commands(admin: redis.Redis, port: int, once: Callable[[], object]) -> int:
    """Commands that clients sent meanwhile; what scripts call inside is not counted."""
    watching: Any = admin
    with watching.monitor() as monitor, redis.Redis(port=port) as marker:
        once()
        marker.echo("the end")
        seen = 0
        for command in monitor.listen():
            if command["command"].endswith("the end"):
                return seen
            seen += command["client_type"] != "lua"
    raise AssertionError("the monitor ended early")


def _config() -> Any:
    return {"configurable": {"thread_id": f"t-{next(_numbers)}"}}


def _say(assistant: Assistant, message: str) -> None:
    context: Any = {"user_id": "u1"}
    assistant.invoke({"message": message}, _config(), context=context)


def _approved(assistant: Assistant) -> None:
    config = _config()
    context: Any = {"user_id": "u1"}
    assistant.invoke({"message": UPDATE}, config, context=context)
    assert assistant.invoke(Command(resume="yes"), config, context=context)["executed"]


def _empty(steps: int) -> Callable[[], object]:
    """A graph of so many steps that do nothing, kept in memory."""

    class Nothing(TypedDict):
        number: int

    graph = StateGraph(Nothing)
    names = [START, *(f"step_{i}" for i in range(steps)), END]
    for name in names[1:-1]:
        graph.add_node(name, lambda state: {"number": state["number"] + 1})
    for before, after in itertools.pairwise(names):
        graph.add_edge(before, after)
    compiled = graph.compile(checkpointer=InMemorySaver())
    return lambda: compiled.invoke({"number": 0}, _config())


def _concurrency(url: str) -> Table:
    table = Table(
        "at once", "seconds", "runs a second", title="ainvoke with a model that takes 1 s, one process"
    )
    for at_once in (1, 8, 64, 100):
        seconds = asyncio.run(_many(url, at_once))
        table.add_row(str(at_once), f"{seconds:.2f}", f"{at_once / seconds:.1f}")
    return table


async def _many(url: str, at_once: int) -> float:
    client = RedisClient(url)
    assistant = _assistant(client, SlowModels(1.0))
    context: Any = {"user_id": "u1"}
    started = time.perf_counter()
    await asyncio.gather(
        *(
            assistant.ainvoke({"message": f"{UPDATE} number {next(_numbers)}"}, _config(), context=context)
            for _ in range(at_once)
        )
    )
    seconds = time.perf_counter() - started
    await client.aclose()
    return seconds
