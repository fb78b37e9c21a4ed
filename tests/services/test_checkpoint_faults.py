"""The saver never lies: the last acknowledged state, or an error; never "no such thread" for one that is."""

import asyncio
import itertools
import signal
from collections.abc import Callable
from typing import Any

import pytest

from services.checkpoint import RedisSaver
from services.checkpoint_codec import Place
from services.errors import StorageDamaged, StorageUnavailable
from services.redis_client import RedisClient
from services.steps import run
from tests.servers import RedisServer
from tests.services.checkpoints import Chain

KINDS = ["index", "checkpoints", "blobs", "writes", "order"]
PLACE = Place("checkpoint", "t")


@pytest.fixture
def saver(redis_client: RedisClient) -> RedisSaver:
    return RedisSaver(redis_client)


@pytest.fixture
def chain(saver: RedisSaver) -> Chain:
    """Three checkpoints with values and writes in the root, one in another namespace."""
    Chain(saver, "t", "child").put(x=1)
    chain = Chain(saver, "t")
    for n in range(3):
        chain.put(run="r", x=n, kept="same")
        chain.write("task", ("x", n), ("__interrupt__", n))
    return chain


Read = Callable[[Chain], object]
READS: dict[str, Read] = {
    "get": lambda chain: chain.saver.get_tuple(chain.config),
    "get, awaited": lambda chain: asyncio.run(_aget(chain)),
    "get by id": lambda chain: chain.saver.get_tuple(chain.head),
    "get of an unknown id": lambda chain: chain.saver.get_tuple(
        {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": "0"}}
    ),
    "list": lambda chain: chain.all(),
    "list of all": lambda chain: list(chain.saver.list(None)),
    "copy": lambda chain: chain.saver.copy_thread("t", "copy"),
    "prune": lambda chain: chain.saver.prune(["t"]),
    "delete for runs": lambda chain: chain.saver.delete_for_runs(["r"]),
}


async def _aget(chain: Chain) -> object:
    saver = chain.saver
    assert isinstance(saver, RedisSaver)
    try:
        return await saver.aget_tuple(chain.config)
    finally:
        await saver._client.aclose()


@pytest.mark.parametrize("read", READS.values(), ids=list(READS))
@pytest.mark.parametrize("key", [*(PLACE.key(kind) for kind in KINDS if kind != "blobs"), PLACE.shared[0]])
def test_a_thread_that_lost_a_key_is_damaged_and_not_new(
    chain: Chain, redis_client: RedisClient, key: bytes, read: Read
) -> None:
    assert run(redis_client.command("DEL", key)) == 1
    with pytest.raises(StorageDamaged):
        read(chain)


@pytest.mark.parametrize(
    "read", [READS["get"], READS["get by id"], READS["list"]], ids=["get", "by id", "list"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_part_that_is_gone_or_of_another_type_is_damage(
    chain: Chain, redis_client: RedisClient, kind: str, read: Read
) -> None:
    key = PLACE.key(kind)
    if kind in ("index", "order"):
        assert run(redis_client.command("ZPOPMAX", key)) != []
    else:
        fields = run(redis_client.command("HKEYS", key))
        run(redis_client.command("HDEL", key, max(fields)))
    with pytest.raises(StorageDamaged, match="'t'"):
        read(chain)
    run(redis_client.transaction([["DEL", key], ["SET", key, "text"]]))
    with pytest.raises(StorageDamaged):
        read(chain)


def test_a_thread_that_lost_any_of_its_keys_is_damaged_and_never_seems_new_or_without_writes(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    kinds = [*KINDS, "namespaces"]
    lost = [some for size in range(1, 7) for some in itertools.combinations(kinds, size)]
    for number, some in enumerate(lost):
        place = Place("checkpoint", f"t{number}")
        chain = Chain(saver, place.thread)
        chain.put(x=1)
        chain.write("task", ("__interrupt__", "may I?"))
        keys = [place.key(kind) if kind in KINDS else place.shared[0] for kind in some]
        assert run(redis_client.command("DEL", *keys)) == len(some)
        with pytest.raises(StorageDamaged):
            saver.get_tuple(chain.config)


@pytest.mark.parametrize("name", ["copy", "prune", "delete for runs", "list of all"])
@pytest.mark.parametrize("kind", ["index", "checkpoints"])
def test_damage_in_any_namespace_stops_what_is_done_to_the_whole_thread(
    chain: Chain, redis_client: RedisClient, name: str, kind: str
) -> None:
    run(redis_client.command("DEL", Place("checkpoint", "t", "child").key(kind)))
    before = chain.newest()
    with pytest.raises(StorageDamaged):
        READS[name](chain)
    assert chain.newest() == before
    assert chain.saver.get_tuple({"configurable": {"thread_id": "copy"}}) is None


def test_a_namespace_that_is_listed_no_more_is_damage(chain: Chain, redis_client: RedisClient) -> None:
    for kind in ("checkpoints", "writes"):
        assert run(redis_client.command("SREM", PLACE.shared[0], PLACE.listed(kind))) == 1
        with pytest.raises(StorageDamaged, match=kind):
            chain.saver.get_tuple(chain.config)
        run(redis_client.command("SADD", PLACE.shared[0], PLACE.listed(kind)))
    assert chain.saver.get_tuple(chain.config) is not None


def test_a_thread_of_which_nothing_is_left_is_not_called_deleted(
    chain: Chain, redis_client: RedisClient
) -> None:
    run(redis_client.command("DEL", *run(redis_client.command("KEYS", PLACE.base + b"*"))))
    with pytest.raises(StorageDamaged):
        chain.saver.delete_thread("t")


def test_a_damaged_thread_can_still_be_deleted(chain: Chain, redis_client: RedisClient) -> None:
    run(redis_client.command("DEL", PLACE.key("index")))
    chain.saver.delete_thread("t")
    assert run(redis_client.command("DBSIZE")) == 0
    assert chain.saver.get_tuple(chain.config) is None


def test_a_checkpoint_under_the_id_of_another_is_damage(chain: Chain, redis_client: RedisClient) -> None:
    rows = run(redis_client.command("HGETALL", PLACE.key("checkpoints")))
    older, newest = min(rows), max(rows)
    run(redis_client.command("HSET", PLACE.key("checkpoints"), newest, rows[older]))
    with pytest.raises(StorageDamaged, match="another"):
        chain.saver.get_tuple(chain.config)


CHANGES: dict[str, Callable[[Chain], object]] = {
    **READS,
    "put": lambda chain: chain.put(x=9),
    "put_writes": lambda chain: chain.write("other", ("x", 9)),
    "delete": lambda chain: chain.saver.delete_thread("t"),
}


@pytest.mark.parametrize("do", CHANGES.values(), ids=list(CHANGES))
def test_while_redis_is_silent_every_operation_says_so(
    redis_server: RedisServer, redis_url: str, do: Callable[[Chain], object]
) -> None:
    client = RedisClient(redis_url, timeout_seconds=0.15)
    chain = Chain(RedisSaver(client), "t")
    chain.put(run="r", x=1)
    redis_server.kill(signal.SIGSTOP)
    try:
        with pytest.raises(StorageUnavailable):
            do(chain)
    finally:
        redis_server.resume()
    client.close()


def test_what_was_acknowledged_is_there_after_redis_was_killed(
    chain: Chain, redis_server: RedisServer, saver: RedisSaver
) -> None:
    for n in range(3):
        chain.put(x=f"round {n}")
        chain.write("task", ("__interrupt__", n))
        before = chain.all()
        redis_server.kill()
        try:
            with pytest.raises(StorageUnavailable):
                saver.get_tuple(chain.config)
        finally:
            redis_server.start()
        assert chain.all() == before
        assert chain.newest() == before[0]


def test_a_transaction_redis_refuses_leaves_the_thread_as_it_was(
    chain: Chain, redis_client: RedisClient
) -> None:
    before = chain.all()
    run(redis_client.command("CONFIG", "SET", "maxmemory", 1))
    try:
        for do in (lambda: chain.put(x="lost"), lambda: chain.write("other", ("x", "lost"))):
            with pytest.raises(StorageUnavailable):
                do()
    finally:
        run(redis_client.command("CONFIG", "SET", "maxmemory", 0))
    assert chain.all() == before


def test_an_error_names_the_thread_and_none_of_its_text(chain: Chain, redis_client: RedisClient) -> None:
    chain.put(x="my salary")
    run(redis_client.command("DEL", PLACE.key("order")))
    with pytest.raises(StorageDamaged) as caught:
        chain.saver.get_tuple(chain.config)
    assert "'t'" in str(caught.value)
    assert "salary" not in str(caught.value)


def test_a_bad_value_is_refused_before_anything_is_sent(chain: Chain) -> None:
    before: Any = chain.all()
    with pytest.raises(TypeError):
        chain.put(x=object())
    assert chain.all() == before
