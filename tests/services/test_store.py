"""The long-term store gives what LangGraph's own store in memory gives, and keeps it."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.store.base import GetOp, ListNamespacesOp, MatchCondition, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore

from services.errors import StorageDamaged, StorageUnavailable
from services.redis_client import RedisClient
from services.redis_cluster import open_redis
from services.steps import arun
from services.store import RedisStore

_numbers = count()
_LABELS = st.sampled_from(["a", "b", "a/b", "x y", "{}", "%2F", "ü", "0"])
_NAMESPACES = st.lists(_LABELS, min_size=1, max_size=3).map(tuple)
_KEYS = st.sampled_from(["k", "k/2", "*", "\n", "ü"])
_VALUES = st.fixed_dictionaries({"n": st.integers(0, 3), "t": st.sampled_from(["x", "y\n"])})
_FILTERS = st.sampled_from([None, {"n": 1}, {"n": {"$gte": 2}}, {"t": {"$ne": "x"}}, {"z": 1}])
_MATCHES = st.builds(
    MatchCondition,
    match_type=st.sampled_from(["prefix", "suffix"]),
    path=st.lists(st.one_of(_LABELS, st.just("*")), min_size=1, max_size=2).map(tuple),
)
_OPS = st.one_of(
    st.builds(PutOp, namespace=_NAMESPACES, key=_KEYS, value=st.one_of(_VALUES, st.none())),
    st.builds(GetOp, namespace=_NAMESPACES, key=_KEYS),
    st.builds(
        SearchOp,
        namespace_prefix=st.lists(_LABELS, max_size=2).map(tuple),
        filter=_FILTERS,
        limit=st.just(100),
        offset=st.just(0),
    ),
    st.builds(
        ListNamespacesOp,
        limit=st.just(100),
        offset=st.just(0),
        match_conditions=st.one_of(st.none(), st.tuples(_MATCHES)),
        max_depth=st.sampled_from([None, 1, 2]),
    ),
)


def plain(result: Any) -> Any:
    if isinstance(result, list):
        return sorted((plain(one) for one in result), key=repr)
    return (result.namespace, result.key, result.value) if hasattr(result, "value") else result


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ops=st.lists(_OPS, max_size=25))
def test_it_answers_as_the_store_in_memory(redis_url: str, ops: list[Any]) -> None:
    client = open_redis(redis_url, timeout_seconds=5)
    store, oracle = RedisStore(client, prefix=str(next(_numbers))), InMemoryStore()
    for op in ops:
        [ours], [theirs] = store.batch([op]), oracle.batch([op])
        for empty in [namespace for namespace, items in oracle._data.items() if not items]:
            del oracle._data[empty]  # it would go on listing namespaces that hold nothing
        assert plain(ours) == plain(theirs), op
    client.close()


async def test_an_item_keeps_the_time_of_its_first_writing(redis_client: RedisClient) -> None:
    store = RedisStore(redis_client)
    await store.aput(("a",), "k", {"n": 1})
    first = await store.aget(("a",), "k")
    await store.aput(("a",), "k", {"n": 2})
    second = await store.aget(("a",), "k")
    assert first
    assert second
    assert (second.value, second.created_at) == ({"n": 2}, first.created_at)
    assert second.updated_at > first.updated_at


async def test_the_last_changed_comes_first_and_pages_follow(redis_client: RedisClient) -> None:
    store = RedisStore(redis_client)
    for n in range(5):
        await store.aput(("a",), str(n), {"n": n})
    assert [item.key for item in await store.asearch(("a",), limit=2, offset=1)] == ["3", "2"]


async def test_a_damaged_item_is_an_error_and_not_nothing(redis_client: RedisClient) -> None:
    store = RedisStore(redis_client)
    await store.aput(("a",), "k", {"n": 1})
    await arun(redis_client.command("HSET", "jira-assistant:{store}:items:a/", "k", "rubbish"))
    with pytest.raises(StorageDamaged, match="cannot be read"):
        await store.aget(("a",), "k")


def test_without_redis_it_says_so() -> None:
    store = RedisStore(RedisClient("redis://127.0.0.1:1"))
    with pytest.raises(StorageUnavailable):
        store.get(("a",), "k")
