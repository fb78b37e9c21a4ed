"""Work for several processes at once against one Redis: what tests do in small and benchmarks in large."""

import asyncio
import multiprocessing
import random
import signal
from collections.abc import Callable, Sequence
from typing import Any

from services import ModelRequest
from services.breaker import Breaker
from services.costs import Costs
from services.errors import CircuitOpen, CostLimitReached, ModelError, RateLimited
from services.limits import Limiter
from services.llm import Gateway, open_models
from services.redis_client import RedisClient
from services.redis_cluster import open_redis
from services.settings import Settings
from services.steps import arun

REQUEST: ModelRequest[Any] = ModelRequest("primary", (("human", "hello"),), 0.2)


def in_processes(
    work: Callable[..., None],
    arguments: Sequence[tuple[Any, ...]],
    *,
    kill_first_when: Callable[[], bool] | None = None,
) -> None:
    """One process for each tuple of arguments."""
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=work, args=each) for each in arguments]
    for process in started:
        process.start()
    if kill_first_when is not None:
        while not kill_first_when():
            started[0].join(0.01)
        started[0].kill()
    for process in started:
        process.join()
    died = [process.exitcode for process in started if process.exitcode not in (0, -signal.SIGKILL)]
    if died:
        raise AssertionError(f"workers ended with {died}")


def spend_all(redis_url: str, cap_usd: float, callers: int, seed: int) -> None:
    """Callers that spend until nothing is left; what a provider would bill is counted at `truth`."""

    async def caller(redis: RedisClient, costs: Costs, chance: random.Random) -> None:
        refused = 0
        while refused < 100:
            worst = chance.randrange(3_000, 30_000)
            try:
                reservation = await arun(
                    costs.reserve(str(chance.getrandbits(64)), REQUEST, micro_usd=worst, tokens=1)
                )
            except CostLimitReached:
                refused += 1
                await asyncio.sleep(0.005)
                continue
            refused, actual = 0, chance.randrange(1, worst)
            await arun(redis.command("INCRBY", "truth", actual))
            await asyncio.sleep(chance.random() * 0.01)
            row = {"tokens_in": 1, "micro_usd": actual}
            await arun(costs.settle(reservation, micro_usd=actual, tokens=1, row=row))

    async def main() -> None:
        redis = open_redis(redis_url, timeout_seconds=5)
        costs = Costs(Settings(max_daily_cost_usd=cap_usd, alert_at_cost_usd=cap_usd), redis)
        chances = [random.Random(f"{seed}.{number}") for number in range(callers)]
        await asyncio.gather(*(caller(redis, costs, chance) for chance in chances))
        await redis.aclose()

    asyncio.run(main())


def ask_often(redis_url: str, user: str, per_hour: int, callers: int, checks: int) -> None:
    """Callers that check `checks` times each; what was let through is counted at `passed`."""

    async def caller(redis: RedisClient, limiter: Limiter) -> None:
        for _ in range(checks):
            try:
                await arun(limiter.check(user))
                await arun(redis.command("INCR", "passed"))
            except RateLimited:
                await asyncio.sleep(0)

    async def main() -> None:
        redis = open_redis(redis_url, timeout_seconds=5)
        limits = Settings(max_requests_per_minute=1_000_000, max_requests_per_hour=per_hour)
        limiter = Limiter(limits, redis)
        await asyncio.gather(*(caller(redis, limiter) for _ in range(callers)))
        await redis.aclose()

    asyncio.run(main())


def fail_always(redis_url: str, threshold: int, open_s: float, callers: int, seconds: float) -> None:
    """Callers whose every request fails; what was let out is counted at `requests` and `probes`."""

    async def caller(redis: RedisClient, breaker: Breaker, ends_at: float) -> None:
        loop, chance = asyncio.get_running_loop(), random.Random()
        while loop.time() < ends_at:
            token = str(chance.getrandbits(64))
            try:
                probe = await arun(breaker.allow("p:m", token))
            except CircuitOpen:
                await asyncio.sleep(0.01)
                continue
            await arun(redis.command("INCR", "probes" if probe else "requests"))
            await arun(breaker.failed("p:m", token))

    async def main() -> None:
        redis = open_redis(redis_url, timeout_seconds=5)
        breaker = Breaker(redis, threshold=threshold, open_s=open_s)
        ends_at = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*(caller(redis, breaker, ends_at) for _ in range(callers)))
        await redis.aclose()

    asyncio.run(main())


def ask_in_outage(redis_url: str, server_url: str, threshold: int, callers: int, each: int) -> None:
    """Callers that ask `each` questions of a model that always fails."""

    async def caller(gateway: Gateway) -> None:
        for _ in range(each):
            try:
                await arun(gateway.ask(REQUEST))
            except ModelError:
                await asyncio.sleep(0.001)

    async def main() -> None:
        redis = open_redis(redis_url, timeout_seconds=5)
        settings = Settings(openai_base_url=server_url, primary_model="gpt-4o-mini")
        settings = settings.model_copy(update={"circuit_failure_threshold": threshold})
        gateway = open_models(settings, redis, backoff_s=(0.01, 0.05))
        await asyncio.gather(*(caller(gateway) for _ in range(callers)))
        await gateway.aclose()
        await redis.aclose()

    asyncio.run(main())


def look(redis_url: str, *command: str) -> list[int]:
    """What one command answers, as whole numbers."""

    async def main() -> list[int]:
        redis = open_redis(redis_url, timeout_seconds=5)
        said = await arun(redis.command(*command))
        await redis.aclose()
        return [int(part or 0) for part in (said if isinstance(said, list | tuple) else [said])]

    return asyncio.run(main())
