"""What the model gateway adds to a bare client; what its bounds hold to is asked by tests.chaos."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import redis
from pydantic import SecretStr
from rich.table import Table

from services.llm import open_models
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import arun
from tests.bench.measure import valkey
from tests.loads import REQUEST

MODEL = "gpt-4o-mini"
Once = Callable[[], Awaitable[Any]]


def tables() -> Iterator[Table]:
    yield _overhead()


def _overhead() -> Table:
    """The last column is of a Redis that does not sync each write, as the embedded one does."""
    table = Table(
        "model takes",
        "calls at once",
        "bare ms",
        "gateway ms",
        "ratio",
        "ratio, no sync",
        title="One question",
    )
    for wait_s, at_once, each in ((0.0, 1, 200), (0.0, 64, 5), (0.3, 1, 10), (0.3, 64, 5)):
        bare, synced = asyncio.run(_compare(wait_s, at_once, each, "always"))
        plain, unsynced = asyncio.run(_compare(wait_s, at_once, each, "everysec"))
        table.add_row(
            f"{wait_s:g} s",
            str(at_once),
            f"{bare:.2f}",
            f"{synced:.2f}",
            f"{synced / bare:.2f}",
            f"{unsynced / plain:.2f} (+{unsynced - plain:.2f} ms)",
        )
    return table


async def _compare(wait_s: float, at_once: int, each: int, sync: str) -> tuple[float, float]:
    """Median milliseconds of a call by a bare client and by the gateway, in turns."""
    from langchain_openai import ChatOpenAI

    with valkey() as server, _provider(wait_s) as url:
        with redis.Redis(port=server.port) as admin:
            admin.config_set("appendfsync", sync)
        client = RedisClient(server.url)
        settings = Settings(openai_base_url=url, openai_api_key=SecretStr("none"), primary_model=MODEL)
        gateway = open_models(settings, client)
        bare = ChatOpenAI(model=MODEL, base_url=url, api_key=SecretStr("none"), max_retries=0)
        asked = list(REQUEST.messages)

        async def by_client() -> object:
            return await bare.ainvoke(asked, temperature=0.2, max_completion_tokens=2000)

        async def by_gateway() -> object:
            return await arun(gateway.ask(REQUEST))

        ways: tuple[Once, Once] = (by_client, by_gateway)
        times: tuple[list[float], list[float]] = ([], [])
        for round_number in range(4):
            for once, kept in zip(ways, times, strict=True):
                took = await asyncio.gather(*(_calls(once, each) for _ in range(at_once)))
                if round_number:  # the first one warms up
                    kept.extend(ms for one in took for ms in one)
        await gateway.aclose()
        await client.aclose()
        await bare.root_async_client.close()
    return statistics.median(times[0]), statistics.median(times[1])


async def _calls(once: Once, times: int) -> list[float]:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        await once()
        took.append((time.perf_counter() - started) * 1000)
    return took


@contextmanager
def _provider(wait_s: float) -> Iterator[str]:
    """The address of a model provider in a process of its own."""
    command = [sys.executable, "-m", "tests.openai_server", f'{{"wait_s": {wait_s}}}']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield process.stdout.readline().strip()
        process.stdin.close()
