"""A listing has every checkpoint once, newest first, however many pages it takes."""

from typing import Any

import pytest
from langgraph.checkpoint.base import CheckpointTuple

from services.checkpoint import RedisSaver
from services.checkpoint_reads import PAGE
from services.redis_client import RedisClient
from tests.services.checkpoints import Chain


@pytest.fixture
def saver(redis_client: RedisClient) -> RedisSaver:
    return RedisSaver(redis_client)


def ids(found: list[CheckpointTuple]) -> list[str]:
    return [one.checkpoint["id"] for one in found]


@pytest.mark.parametrize("count", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE + 20])
def test_a_listing_has_every_checkpoint_once_newest_first(saver: RedisSaver, count: int) -> None:
    chain = Chain(saver, "t")
    put = [chain.put(n=n)["configurable"]["checkpoint_id"] for n in range(count)]
    assert ids(chain.all()) == put[::-1]
    newer = saver.list(chain.config, before={"configurable": {"checkpoint_id": put[-2]}}, limit=PAGE + 1)
    assert ids(list(newer)) == put[-3::-1][: PAGE + 1]
    last = saver.list(chain.config, filter={"step": count - 1})
    assert ids(list(last)) == put[-1:]
    some = saver.list(chain.config, filter={"source": "loop"}, limit=PAGE - 2)
    assert ids(list(some)) == put[::-1][: PAGE - 2]


def test_a_listing_over_namespaces_begins_each_at_its_newest(saver: RedisSaver) -> None:
    root, child = Chain(saver, "t"), Chain(saver, "t", "child")
    for n in range(PAGE + 1):
        root.put(n=n)
    for n in range(2):
        child.put(n=n)
    assert list(saver.list({"configurable": {"thread_id": "t"}})) == [*root.all(), *child.all()]


def test_a_listing_of_all_threads_has_them_all_and_none_that_was_deleted(saver: RedisSaver) -> None:
    for n in range(5):
        Chain(saver, f"thread {n}", "child").put(n=n)
    saver.delete_thread("thread 2")
    found = sorted(
        (one.config["configurable"]["thread_id"], one.checkpoint["channel_values"])
        for one in saver.list(None)
    )
    assert found == [(f"thread {n}", {"n": n}) for n in (0, 1, 3, 4)]


def test_a_copy_is_listed_under_its_own_name(saver: RedisSaver) -> None:
    source = Chain(saver, "source")
    source.put(x=1)
    named: Any = {**source.newest().metadata, "thread_id": "source"}  # some clients note it there
    saver.put(source.config, {**source.newest().checkpoint, "id": "1"}, named, {})
    saver.copy_thread("source", "copy")
    copies = list(saver.list({"configurable": {"thread_id": "copy"}}, filter={"thread_id": "copy"}))
    assert ids(copies) == ["1"]
    assert ids(list(saver.list(source.config, filter={"thread_id": "source"}))) == ["1"]
