"""What the model gateway adds to a bare client, and what its bounds hold to under load."""

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
from tests.loads import REQUEST, ask_in_outage, ask_often, in_processes, look, spend_all
from tests.openai_server import OpenAIServer, failure

MODEL = "gpt-4o-mini"
Once = Callable[[], Awaitable[Any]]


def tables() -> Iterator[Table]:
    yield _overhead()
    yield _bounds()


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


def _bounds() -> Table:
    table = Table("8 processes x 16 callers", "goal", "measured", title="Bounds that processes share")
    with valkey() as server:
        in_processes(spend_all, [(server.url, 10.0, 16, seed) for seed in range(8)])
        (truth,) = look(server.url, "GET", "truth")
        table.add_row("spent of a cap of 10.00 USD", "9.50 .. 10.00", f"{truth / 1e6:.2f}")
        server.flush()
        begun = look(server.url, "TIME")
        in_processes(ask_often, [(server.url, "anna", 6000, 16, 100)] * 8)
        ended = look(server.url, "TIME")
        back = (ended[0] - begun[0] + (ended[1] - begun[1]) / 1e6) / 0.6
        (passed,) = look(server.url, "GET", "passed")
        table.add_row("requests let through of 12,800", f"6000 .. {6000 + back:.0f}", str(passed))
        server.flush()
        outage = OpenAIServer(failure(503)).start()
        in_processes(ask_in_outage, [(server.url, outage.url, 10**6, 16, 20)] * 8)
        ratio = len(outage.requests) / (8 * 16 * 20)
        table.add_row("requests a question in an outage, no breaker", "<= 1.20", f"{ratio:.2f}")
        server.flush()
        outage.requests.clear()
        outage.times.clear()
        in_processes(ask_in_outage, [(server.url, outage.url, 5, 16, 200)] * 8)
        table.add_row("requests in an outage of 25,600 questions", "few", str(len(outage.requests)))
        stopped = outage.times[-1] - outage.times[4]
        table.add_row("from the fifth failure to the last request", "<= 1 s", f"{stopped:.2f} s")
        outage.stop()
    return table
