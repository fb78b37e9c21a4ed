"""The cache: whose results it gives, who makes a result that many want, and what an outage costs."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.cache import RedisCache
from services.redis_client import RedisClient
from services.steps import arun, run
from tests.servers import free_port

WAIT_S = 600  # longer than a test may take: what waits in vain fails
VALUE = {"draft": {"comment": "Fixed."}}


@pytest.fixture
def cache(redis_client: RedisClient) -> RedisCache:
    return RedisCache(redis_client)


@pytest.fixture
async def no_cache() -> AsyncIterator[RedisCache]:
    client = RedisClient(f"redis://127.0.0.1:{free_port()}")
    yield RedisCache(client)
    await client.aclose()


def key(cache: RedisCache, text: str = "fixed it", **other: str) -> str:
    return cache.key(**{"tenant": "t", "user": "u", "text": text, "model": "m", **other})


def test_a_key_holds_every_part_and_shows_none(cache: RedisCache) -> None:
    changes = [{}, {"tenant": "x"}, {"user": "x"}, {"text": "x"}, {"model": "x"}, {"more": "x"}]
    assert len({key(cache, **change) for change in changes}) == len(changes)
    assert cache.key(tenant="ab", user="c", text="") != cache.key(tenant="a", user="bc", text="")
    assert "somebody" not in key(cache, user="somebody", tenant="somebody", text="somebody")


async def test_of_many_who_want_the_same_at_once_one_makes_it(cache: RedisCache) -> None:
    made: list[int] = []

    async def ask(number: int) -> object:
        kept = await arun(cache.get_or_lead(key(cache), WAIT_S))
        if kept is None:
            made.append(number)
            await asyncio.sleep(0.05)
            await arun(cache.put(key(cache), VALUE, 1))
        return kept or VALUE

    assert await asyncio.gather(*(ask(number) for number in range(20))) == [VALUE] * 20
    assert len(made) == 1


def test_what_was_made_is_there_for_all_and_nobody_makes_it_any_more(
    cache: RedisCache, redis_client: RedisClient
) -> None:
    run(cache.get_or_lead(key(cache), WAIT_S))
    run(cache.put(key(cache), VALUE, 1))
    assert run(cache.get_or_lead(key(cache), WAIT_S)) == VALUE
    assert run(redis_client.command("KEYS", "*:making")) == []


async def test_when_the_first_gives_up_the_next_may_try(cache: RedisCache) -> None:
    assert await arun(cache.get_or_lead(key(cache), WAIT_S)) is None
    waiting = asyncio.create_task(arun(cache.get_or_lead(key(cache), WAIT_S)))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await arun(cache.release(key(cache)))
    assert await waiting is None


def test_nobody_waits_longer_than_they_said(cache: RedisCache) -> None:
    assert run(cache.get_or_lead(key(cache), WAIT_S)) is None
    assert run(cache.get_or_lead(key(cache), 0.1)) is None


def test_who_dies_while_making_it_blocks_others_no_longer_than_that(
    cache: RedisCache, redis_client: RedisClient
) -> None:
    run(cache.get_or_lead(key(cache), WAIT_S))
    left = run(redis_client.command("PTTL", f"jira-assistant:cache:{key(cache)}:making"))
    assert 0 < left <= WAIT_S * 1000


def test_a_lifetime_of_zero_keeps_nothing_and_lets_the_next_try(cache: RedisCache) -> None:
    assert run(cache.get_or_lead(key(cache), WAIT_S)) is None
    run(cache.put(key(cache), VALUE, 0))
    assert run(cache.get_or_lead(key(cache), WAIT_S)) is None


def test_forgetting_one_user_leaves_every_other(cache: RedisCache) -> None:
    texts = [f"text {number}" for number in range(1200)]  # more than one page of a scan
    for text in texts:
        run(cache.put(key(cache, text), VALUE, 1))
    others = [key(cache, user="u2"), key(cache, tenant="t2"), key(cache, user="*")]
    for other in others:
        run(cache.put(other, VALUE, 1))
    assert run(cache.forget("t", "u")) == len(texts)
    assert run(cache.get(key(cache, texts[0]))) is None
    assert [run(cache.get(other)) for other in others] == [VALUE] * 3
    assert run(cache.forget("t", "*")) == 1


def test_without_redis_everything_is_a_miss(no_cache: RedisCache) -> None:
    assert run(no_cache.get(key(no_cache))) is None
    assert run(no_cache.get_or_lead(key(no_cache), WAIT_S)) is None
    run(no_cache.put(key(no_cache), VALUE, 1))
    run(no_cache.release(key(no_cache)))


def test_a_damaged_result_is_a_miss(cache: RedisCache, redis_client: RedisClient) -> None:
    name = f"jira-assistant:cache:{key(cache)}"
    for damage in ("{", "[1]", b"\xff"):
        run(redis_client.command("SET", name, damage))
        assert run(cache.get(key(cache))) is None
        assert run(cache.get_or_lead(key(cache), WAIT_S)) is None
