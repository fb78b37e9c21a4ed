"""How many requests one user gets through, however many processes they come to."""

import asyncio
import math

import pytest

from services.errors import RateLimited
from services.limits import Limiter
from services.redis_client import RedisClient
from services.settings import Settings
from services.steps import arun
from tests.loads import ask_often, in_processes, look


def limiter(redis: RedisClient, *, minute: int = 1000, hour: int = 1000) -> Limiter:
    return Limiter(Settings(max_requests_per_minute=minute, max_requests_per_hour=hour), redis)


async def passed(one: Limiter, user: str, times: int) -> int:
    count = refused = 0
    for _ in range(times):
        try:
            await arun(one.check(user))
            count += 1
        except RateLimited as error:
            refused += error.details["retry_after_s"] > 0
    assert count + refused == times
    return count


@pytest.mark.parametrize(("minute", "hour"), [(5, 1000), (1000, 5)])
async def test_the_smaller_limit_decides(redis_client: RedisClient, minute: int, hour: int) -> None:
    assert await passed(limiter(redis_client, minute=minute, hour=hour), "anna", 20) == 5


@pytest.mark.parametrize(("minute", "hour"), [(2, 1000), (1000, 2)])
async def test_a_refusal_takes_nothing(redis_client: RedisClient, minute: int, hour: int) -> None:
    one = limiter(redis_client, minute=minute, hour=hour)
    await passed(one, "anna", 2)
    waits = []
    for _ in range(50):
        with pytest.raises(RateLimited) as refused:
            await arun(one.check("anna"))
        waits.append(refused.value.details["retry_after_s"])
    assert waits == sorted(waits, reverse=True)


async def test_users_do_not_share(redis_client: RedisClient) -> None:
    one = limiter(redis_client, minute=3)
    hostile = ["anna", "anna:60", "{anna}", "*", "\ud800", "x" * 10_000]
    assert [await passed(one, user, 5) for user in hostile] == [3] * len(hostile)


async def test_after_the_wait_that_was_named_the_next_request_passes(redis_client: RedisClient) -> None:
    one = limiter(redis_client, minute=60, hour=3600)
    assert await passed(one, "anna", 60) == 60
    with pytest.raises(RateLimited) as refused:
        await arun(one.check("anna"))
    await asyncio.sleep(refused.value.details["retry_after_s"])
    await arun(one.check("anna"))


def test_the_limit_is_exact_over_processes(redis_url: str) -> None:
    begun = look(redis_url, "TIME")
    in_processes(ask_often, [(redis_url, "anna", 60, 8, 100)] * 4)
    ended = look(redis_url, "TIME")
    seconds = ended[0] - begun[0] + (ended[1] - begun[1]) / 1e6
    (count,) = look(redis_url, "GET", "passed")
    assert 60 <= count <= 60 + math.ceil(seconds / 60)  # one a minute comes back meanwhile
