"""A Redis that falls silent costs one wait: all others are told at once, and nothing is sent unseen."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import redis

from services.errors import StorageUnavailable
from services.redis_client import RedisClient
from services.redis_silence import Silence
from services.steps import arun, run
from tests.servers import RedisServer

PATIENCE_S = 0.3
Ask = Callable[[RedisClient], object]


@contextmanager
def silent(server: RedisServer) -> Iterator[None]:
    server.kill(signal.SIGSTOP)
    try:
        yield
    finally:
        server.resume()


@pytest.fixture
def client(redis_url: str) -> Iterator[RedisClient]:
    client = RedisClient(redis_url, timeout_seconds=PATIENCE_S)
    yield client
    client.close()


def blocking(client: RedisClient) -> object:
    return run(client.command("INCR", "n"))


def awaiting(client: RedisClient) -> object:
    async def once() -> object:
        try:
            return await arun(client.command("INCR", "n"))
        finally:
            await client.aclose()

    return asyncio.run(once())


def refused(ask: Ask, client: RedisClient) -> float:
    """How long it took to be told."""
    started = time.monotonic()
    with pytest.raises(StorageUnavailable) as caught:
        ask(client)
    assert caught.value.details["retry_after_s"] == 1
    return time.monotonic() - started


def answered(client: RedisClient, within_s: float = 2.0) -> object:
    """The first answer after an outage."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            return blocking(client)
        except StorageUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@pytest.mark.parametrize(("first", "then"), [(blocking, awaiting), (awaiting, blocking)])
def test_only_the_first_call_waits_and_the_others_are_neither_sent_nor_kept_waiting(
    redis_server: RedisServer, client: RedisClient, first: Ask, then: Ask
) -> None:
    assert first(client) == 1
    with silent(redis_server):
        assert refused(first, client) >= PATIENCE_S
        assert sum(refused(then, client) for _ in range(20)) < PATIENCE_S
    assert answered(client) in (2, 3)  # the one that waited may have been counted after all, no other


def test_calls_that_were_under_way_together_fail_together(
    redis_server: RedisServer, client: RedisClient
) -> None:
    blocking(client)
    with silent(redis_server), ThreadPoolExecutor(64) as pool:
        started = time.monotonic()
        list(pool.map(lambda _: refused(blocking, client), range(64)))
        assert time.monotonic() - started < 2 * PATIENCE_S + 0.5
    assert answered(client)


def test_a_redis_that_was_slow_once_is_asked_again_within_moments(
    redis_server: RedisServer, client: RedisClient
) -> None:
    with silent(redis_server):
        refused(blocking, client)
    started = time.monotonic()
    answered(client)
    assert time.monotonic() - started < PATIENCE_S + 0.5


def test_a_redis_that_died_after_it_fell_silent_is_served_from_as_soon_as_it_is_back(
    redis_server: RedisServer, client: RedisClient
) -> None:
    with silent(redis_server):
        refused(blocking, client)
        redis_server.kill()
    refused(blocking, client)
    redis_server.start()
    assert answered(client, within_s=1.0)


def test_a_watch_that_nobody_asks_about_ends_by_itself() -> None:
    pings: list[float] = []

    def ping() -> None:
        pings.append(time.monotonic())
        raise redis.exceptions.TimeoutError

    silence = Silence(ping, unasked_s=0.1)
    silence.began()
    for thread in threading.enumerate():
        if thread.name == "redis-silence":
            thread.join(5)
    assert pings
    assert silence.lasts_s() is None


def test_a_busy_event_loop_is_not_taken_for_a_silent_redis(client: RedisClient) -> None:
    async def busy() -> object:
        try:
            asking = asyncio.create_task(arun(client.command("INCR", "n")))
            await asyncio.sleep(0.01)
            time.sleep(4 * PATIENCE_S)  # as a first import does
            return await asking
        finally:
            await client.aclose()

    assert asyncio.run(busy()) == 1


def test_many_who_wait_for_their_turn_all_get_it(redis_url: str) -> None:
    client = RedisClient(redis_url, timeout_seconds=PATIENCE_S, max_connections=2)
    slow = "local n = 0 for i = 1, 1000000 do n = n + i end return n"

    async def many() -> list[Any]:
        try:
            return await asyncio.gather(*(arun(client.command("EVAL", slow, 0)) for _ in range(200)))
        finally:
            await client.aclose()

    started = time.monotonic()
    assert len(asyncio.run(many())) == 200
    assert time.monotonic() - started > PATIENCE_S, "too quick to have waited"


def test_of_those_who_wait_for_their_turn_nobody_waits_longer_for_a_silent_redis(
    redis_server: RedisServer, redis_url: str
) -> None:
    client = RedisClient(redis_url, timeout_seconds=PATIENCE_S, max_connections=2)

    async def many() -> list[Any]:
        asked = (arun(client.command("INCR", "n")) for _ in range(50))
        try:
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await client.aclose()

    with silent(redis_server):
        started = time.monotonic()
        told = asyncio.run(many())
        assert time.monotonic() - started < 2 * PATIENCE_S + 0.3
    assert all(isinstance(one, StorageUnavailable) for one in told)
