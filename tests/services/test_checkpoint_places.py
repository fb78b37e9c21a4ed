"""What is stored stays in its thread, whatever the thread, the namespace or the checkpoint is called."""

from typing import Any

import pytest

from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from services.steps import run
from tests.services.checkpoints import Chain

HOSTILE = ["*", "?", "a:b", "{}", "}{", "{t}", "", " ", "nul\0nul", "\1", "\ud800", "é" * 5, "x" * 10_000]


def dump(client: RedisClient) -> dict[bytes, bytes]:
    return {key: run(client.command("DUMP", key)) for key in run(client.command("KEYS", "*"))}


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_a_thread_with_any_id_keeps_to_itself_and_goes_whole(redis_client: RedisClient, hostile: str) -> None:
    saver = RedisSaver(redis_client)
    others = [
        Chain(saver, thread) for thread in ["t", "checkpoint", "x" * 9_999, *HOSTILE] if thread != hostile
    ]
    for other in others:
        other.put(run="r", x=other.config["configurable"]["thread_id"])
    before = dump(redis_client)
    namespaces = {"", "child:1|x", "*", "\0", hostile}
    chains = [Chain(saver, hostile, namespace) for namespace in namespaces]
    channel = hostile.replace("\ud800", "?")  # LangGraph writes no lone surrogates inside of values
    changes: dict[str, Any] = {"x": "hostile", channel: 1}
    for chain in chains:
        chain.put(run=f"run {hostile}", **changes)
        chain.write(hostile, (hostile, 2), path=hostile)
    for chain in chains:
        newest = chain.newest()
        assert newest.checkpoint["channel_values"] == changes
        assert newest.pending_writes == [(hostile, hostile, 2)]
        assert chain.all() == [newest]
    assert len(list(saver.list({"configurable": {"thread_id": hostile}}))) == len(namespaces)
    assert len(list(saver.list(None))) == len(others) + len(namespaces)
    saver.delete_thread(hostile)
    assert dump(redis_client) == before
    assert saver.get_tuple(chains[0].config) is None


def test_no_two_places_share_a_key(redis_client: RedisClient) -> None:
    """Names that, put together without care, give the key of another thread."""
    saver = RedisSaver(redis_client)
    places = [("t", "}:index:y"), ("t}:index:", "y"), ("t", ""), ("t}", ""), ("{t", ""), ("{t}", "")]
    chains = [Chain(saver, thread, namespace) for thread, namespace in places]
    for number, chain in enumerate(chains):
        chain.put(x=number)
    assert [chain.newest().checkpoint["channel_values"]["x"] for chain in chains] == list(range(6))
    assert [len(chain.all()) for chain in chains] == [1] * 6


def test_a_write_is_shown_at_its_own_checkpoint_only(redis_client: RedisClient) -> None:
    chain = Chain(RedisSaver(redis_client), "t")
    chain.put(x=1)
    id_ = chain.head["configurable"]["checkpoint_id"]
    for other in (f"{id_}\0", f"{id_}\0task", f"{id_}\1", f"{id_}-", id_[:-1]):
        config: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": other}}
        chain.saver.put_writes(config, [("__resume__", "forged")], "task")
    assert chain.newest().pending_writes == []


def test_two_prefixes_share_a_server_and_nothing_else(redis_client: RedisClient) -> None:
    savers = [RedisSaver(redis_client, prefix=prefix) for prefix in ("a", "a:run", "a:b")]
    for number, saver in enumerate(savers):
        Chain(saver, "t").put(run="namespaces", x=number)
    for number, saver in enumerate(savers):
        assert [one.checkpoint["channel_values"] for one in saver.list(None)] == [{"x": number}]
    savers[0].delete_for_runs(["namespaces"])
    assert [len(list(saver.list(None))) for saver in savers] == [0, 1, 1]
