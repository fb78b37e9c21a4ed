"""What a failing model costs everybody: little, and for a while nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from services.breaker import Breaker
from services.errors import CircuitOpen, StorageUnavailable
from services.redis_client import RedisClient
from services.steps import arun
from tests.loads import fail_always, in_processes, look
from tests.servers import free_port


def breaker(redis: RedisClient, *, threshold: int = 3, open_s: float = 60.0) -> Breaker:
    return Breaker(redis, threshold=threshold, open_s=open_s)


async def fail(one: Breaker, times: int, name: str = "p:m") -> None:
    for number in range(times):
        await arun(one.allow(name, f"t{number}"))
        await arun(one.failed(name, f"t{number}"))


async def refused(one: Breaker, name: str = "p:m") -> bool:
    try:
        await arun(one.allow(name, "asking"))
    except CircuitOpen as error:
        return float(error.details["retry_after_s"]) > 0
    return False


async def until(condition: Callable[[], Any]) -> None:
    """Waits for something that must come; pytest's time limit is the deadline."""
    while not await condition():
        await asyncio.sleep(0.02)


async def test_failures_in_a_row_open_a_circuit_for_every_process(redis_client: RedisClient) -> None:
    mine, another = breaker(redis_client), breaker(redis_client)
    await fail(mine, 2)
    assert not await refused(mine)
    await fail(mine, 1)
    assert await refused(mine)
    assert await refused(another)
    assert (await arun(another.state("p:m")))["state"] == "open"


async def test_circuits_are_apart(redis_client: RedisClient) -> None:
    mine = breaker(redis_client)
    await fail(mine, 3, "p:bad")
    assert await refused(mine, "p:bad")
    assert not await refused(mine, "p:good")


async def test_a_success_ends_the_row_of_failures(redis_client: RedisClient) -> None:
    mine = breaker(redis_client)
    await fail(mine, 2)
    await arun(mine.succeeded("p:m", "t", probe=False))
    await fail(mine, 2)
    assert not await refused(mine)


async def test_a_probe_that_succeeds_closes_the_circuit_and_one_that_fails_opens_it_anew(
    redis_client: RedisClient,
) -> None:
    one, other = (breaker(redis_client, threshold=1, open_s=0.1) for _ in range(2))
    await fail(one, 1)

    async def probing() -> bool:
        return not await refused(one)

    await until(probing)
    await arun(one.failed("p:m", "asking"))
    assert await refused(one)
    await until(probing)
    await arun(one.succeeded("p:m", "asking", probe=True))
    assert not await refused(one)
    assert (await arun(other.state("p:m")))["state"] == "closed"


async def test_once_open_requests_from_before_change_nothing(redis_client: RedisClient) -> None:
    mine, another = breaker(redis_client), breaker(redis_client)
    await fail(mine, 2)
    for token in ("slow", "slower"):
        await arun(another.allow("p:m", token))
    await fail(mine, 1)
    opened = (await arun(mine.state("p:m")))["retry_after_s"]
    await arun(another.succeeded("p:m", "slow", probe=False))
    await asyncio.sleep(0.05)
    await arun(another.failed("p:m", "slower"))
    later = await arun(breaker(redis_client).state("p:m"))
    assert later["state"] == "open"
    assert later["retry_after_s"] < opened


async def test_repeats_stay_a_tenth_of_the_requests_over_all_processes(redis_client: RedisClient) -> None:
    many = [breaker(redis_client, threshold=10_000) for _ in range(4)]
    repeats = 0
    for number in range(400):
        one = many[number % 4]
        await arun(one.allow("p:m", str(number)))
        repeats += await arun(one.failed("p:m", str(number)))
    assert 40 <= repeats <= 50


async def test_while_redis_is_away_each_process_counts_by_itself() -> None:
    nowhere = RedisClient(f"redis://127.0.0.1:{free_port()}/0")
    mine = breaker(nowhere)
    await fail(mine, 3)
    assert await refused(mine)
    with pytest.raises(StorageUnavailable):
        await arun(mine.state("p:m"))
    await nowhere.aclose()


async def test_a_process_hears_of_another_one_s_open_circuit(redis_client: RedisClient) -> None:
    mine, another = breaker(redis_client), breaker(redis_client)
    assert not await refused(mine)
    await fail(another, 3)

    async def stopped() -> bool:
        return await refused(mine)

    await until(stopped)


def test_processes_together_send_one_probe_a_period(redis_url: str) -> None:
    open_s = 0.4
    begun = look(redis_url, "TIME")
    in_processes(fail_always, [(redis_url, 5, open_s, 4, 2.5)] * 4)
    ended = look(redis_url, "TIME")
    probes, requests = look(redis_url, "MGET", "probes", "requests")
    seconds = ended[0] - begun[0] + (ended[1] - begun[1]) / 1e6
    assert 1 <= probes <= seconds / open_s
    assert requests <= 5 + 16  # the threshold, and what all callers had on the way then
