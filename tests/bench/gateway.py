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

from services.llm import open_models
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import arun
from tests.bench.measure import Line, Section, line, valkey
from tests.loads import REQUEST

MODEL = "gpt-4o-mini"
Once = Callable[[], Awaitable[Any]]


def sections() -> Iterator[Section]:
    lines: list[Line] = []
    for wait_s, at_once, each, most in (
        (0.0, 1, 150, None),
        (0.0, 64, 5, None),
        (0.3, 1, 8, 1.05),
        (0.3, 64, 5, 1.05),
    ):
        what = f"{wait_s:g} s model, {at_once} at once"
        bare, ours = asyncio.run(_compare(wait_s, at_once, each, "always"))
        lines += [line(what, "bare client", bare, "ms"), line(what, "gateway", ours, "ms")]
        lines.append(_ratio(what, "ratio", ours, bare, goal=most))
        if at_once > 1:
            bare, ours = asyncio.run(_compare(wait_s, at_once, each, "everysec"))
            lines.append(_ratio(what, "ratio, writes not synced", ours, bare))
    yield Section(
        "One question to a model, through budget, circuit breaker and ledger of costs",
        lines,
        "A Redis that does not sync each write is for comparison; the embedded one does.",
    )


def _ratio(what: str, by: str, ours: list[float], bare: list[float], **goal: Any) -> Line:
    return Line(what, by, statistics.median(ours) / statistics.median(bare), "x", **goal)


async def _compare(wait_s: float, at_once: int, each: int, sync: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each call by a bare client and by the gateway, in turns."""
    from langchain_openai import ChatOpenAI

    with valkey() as server, provider(wait_s) as url:
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
    return times


async def _calls(once: Once, times: int) -> list[float]:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        await once()
        took.append((time.perf_counter() - started) * 1000)
    return took


@contextmanager
def provider(wait_s: float) -> Iterator[str]:
    """The address of a model provider in a process of its own."""
    command = [sys.executable, "-m", "tests.openai_server", f'{{"wait_s": {wait_s}}}']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield process.stdout.readline().strip()
        process.stdin.close()
