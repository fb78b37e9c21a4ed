"""What a graph relies on: order, versions, branches, one round trip each, writers side by side."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.checkpoint import RedisSaver
from services.checkpoint_reads import PAGE, Listing
from services.errors import ConfigurationError, StorageError
from services.redis_client import RedisClient
from services.steps import Steps, run
from tests.services.checkpoints import Chain


@pytest.fixture
def saver(redis_client: RedisClient) -> RedisSaver:
    return RedisSaver(redis_client)


def test_pending_writes_come_by_path_then_task_then_position_whatever_came_first(saver: RedisSaver) -> None:
    chain = Chain(saver, "t")
    chain.put(x=1)
    chain.write("task-a", ("x", 4), ("x", 5), path="~b")
    chain.write("task-c", ("x", 1), path="~a")
    chain.write("task-b", *(("x", n) for n in range(12)), path="~aa")
    chain.write("task-0", ("x", 0))
    got = [(task, value) for task, _, value in chain.newest().pending_writes or []]
    middle = [("task-b", n) for n in range(12)]
    assert got == [("task-0", 0), ("task-c", 1), *middle, ("task-a", 4), ("task-a", 5)]


def test_a_write_that_comes_twice_is_kept_as_it_was_first_but_a_new_answer_replaces_the_old(
    saver: RedisSaver,
) -> None:
    chain = Chain(saver, "t")
    chain.put(x=1)
    for n in (1, 2):
        chain.write("task", ("x", n), ("__resume__", n), path=f"path-{n}")
    assert chain.newest().pending_writes == [("task", "x", 1), ("task", "__resume__", 2)]


def test_writes_may_come_before_their_checkpoint_and_stay_when_it_is_put_again(saver: RedisSaver) -> None:
    chain = Chain(saver, "t")
    chain.put(x=1)
    later = "ffffffff-0000-6000-8000-000000000000"
    early: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": later}}
    saver.put_writes(early, [("x", "early")], "task")
    assert chain.newest().pending_writes == []
    for _ in range(2):
        chain.put(id=later, x=2)
        assert chain.newest().pending_writes == [("task", "x", "early")]


def test_writes_to_a_thread_without_a_checkpoint_do_not_make_it_exist(saver: RedisSaver) -> None:
    chain = Chain(saver, "t")
    config: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": "1"}}
    saver.put_writes(config, [("x", 1)], "task")
    assert saver.get_tuple(chain.config) is None
    assert chain.all() == []
    saver.delete_thread("t")
    assert run(saver._client.command("DBSIZE")) == 0


def test_a_checkpoint_may_have_thousands_of_channels_and_writes(saver: RedisSaver) -> None:
    chain = Chain(saver, "t")
    changes: dict[str, Any] = {f"channel {n}": n for n in range(2500)}
    chain.put(**changes)
    chain.write("task", *(("x", n) for n in range(2500)))
    newest = chain.newest()
    assert newest.checkpoint["channel_values"] == changes
    assert [value for _, _, value in newest.pending_writes or []] == list(range(2500))


def test_a_thread_id_that_is_a_number_is_the_same_thread_as_its_text(saver: RedisSaver) -> None:
    chain = Chain(saver, "7")
    chain.put(x=1)
    config: Any = {"configurable": {"thread_id": 7}}
    assert saver.get_tuple(config) == chain.newest()


def test_versions_go_up_and_two_runs_never_make_the_same(saver: RedisSaver) -> None:
    first = saver.get_next_version(None, None)
    seconds = {saver.get_next_version(first, None) for _ in range(1000)}
    assert len(seconds) == 1000
    assert all(second > first for second in seconds)
    assert saver.get_next_version("9".zfill(32) + ".1", None) < saver.get_next_version(
        "10".zfill(32) + ".1", None
    )


def test_two_branches_from_one_checkpoint_keep_their_own_values(saver: RedisSaver) -> None:
    one, other = Chain(saver, "t"), Chain(saver, "t")
    root = one.put(x="root")
    other.head, other.versions = root, {**one.versions}
    left, right = one.put(x="left"), other.put(x="right")
    for config, value in ((root, "root"), (left, "left"), (right, "right")):
        found = saver.get_tuple(config)
        assert found is not None
        assert found.checkpoint["channel_values"] == {"x": value}


def test_a_copy_is_not_made_over_a_thread_that_exists(saver: RedisSaver) -> None:
    source, target = Chain(saver, "source"), Chain(saver, "target")
    source.put(x=1)
    target.put(x=2)
    before = target.all()
    for taken in ("target", "source"):
        with pytest.raises(StorageError, match="exists"):
            saver.copy_thread("source", taken)
    assert target.all() == before
    assert len(source.all()) == 1


def test_the_copy_of_a_thread_lives_its_own_life(saver: RedisSaver) -> None:
    source = Chain(saver, "source", "child|x")
    source.put(run="r", x=1)
    source.write("task", ("x", 5))
    saver.copy_thread("source", "copy")
    copy = Chain(saver, "copy", "child|x")
    assert copy.newest().checkpoint == source.newest().checkpoint
    saver.delete_thread("source")
    assert copy.newest().pending_writes == [("task", "x", 5)]
    saver.delete_for_runs(["r"])
    assert run(saver._client.command("DBSIZE")) == 0


def test_an_unknown_strategy_is_refused_by_name_and_nothing_goes(saver: RedisSaver) -> None:
    Chain(saver, "t").put(x=1)
    with pytest.raises(ConfigurationError, match="keep_all"):
        saver.prune(["t"], strategy="keep_all")
    assert len(list(saver.list(None))) == 1


@pytest.mark.parametrize(
    "options",
    [{"prefix": "a b"}, {"prefix": ""}, {"prefix": "{a}"}, {"ttl_seconds": -1}, {"signing_key": b""}],
)
def test_what_would_lose_or_expose_threads_is_refused(
    redis_client: RedisClient, options: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        RedisSaver(redis_client, **options)


def calls(steps: Steps[Any]) -> int:
    """How often these steps wait, each time for one round trip."""
    count = 0
    try:
        call = next(steps)
        while True:
            count += 1
            call = steps.send(call.send())
    except StopIteration:
        return count


def test_every_operation_costs_the_round_trips_it_promises(saver: RedisSaver) -> None:
    chain = Chain(saver, "t")
    for n in range(PAGE + 1):
        config = chain.put(run="r", x=n)
    chain.write("task", ("x", 1), ("__interrupt__", 2))
    newest = chain.newest()
    saver.copy_thread("none", "copy")  # scripts are known to the server from their second use on
    saver.delete_thread("none")
    listing = Listing(saver, chain.config, None, None, None)
    assert {
        "put": calls(
            saver._put(config, newest.checkpoint, newest.metadata, newest.checkpoint["channel_versions"])
        ),
        "put_writes": calls(saver._put_writes(config, [("x", 1), ("y", 2)], "task", "")),
        "get": calls(saver._get(chain.config)),
        "page": calls(listing.page()),
        "second page": calls(listing.page()),
        "copy": calls(saver._copy_thread("t", "copy")),
        "prune": calls(saver._prune(["t"], "keep_latest")),
        "delete": calls(saver._remove("copy", "all")),
        "delete for runs": calls(saver._delete_for_runs(["r"])),
    } == {
        **{"put": 1, "put_writes": 1, "get": 1, "page": 1, "second page": 1},
        **{"copy": 3, "prune": 1, "delete": 1, "delete for runs": 2},
    }


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as executor:
        yield executor


def test_writers_side_by_side_lose_nothing(saver: RedisSaver, pool: ThreadPoolExecutor) -> None:
    chain = Chain(saver, "shared")
    chain.put(x=0)

    def work(worker: int) -> None:
        own, child = Chain(saver, f"own-{worker}"), Chain(saver, "shared", f"child-{worker}")
        for n in range(20):
            own.put(n=n)
            child.put(n=n)
            saver.put_writes(chain.head, [("x", n)], f"task-{worker}-{n:02}", "path")

    list(pool.map(work, range(8)))
    expected = [(f"task-{worker}-{n:02}", "x", n) for worker in range(8) for n in range(20)]
    assert chain.newest().pending_writes == expected
    for worker in range(8):
        for other in (Chain(saver, f"own-{worker}"), Chain(saver, "shared", f"child-{worker}")):
            assert [one.checkpoint["channel_values"]["n"] for one in other.all()] == list(range(19, -1, -1))


def test_of_two_writers_of_one_write_everybody_sees_the_same_winner(
    saver: RedisSaver, pool: ThreadPoolExecutor
) -> None:
    chain = Chain(saver, "t")
    for _ in range(20):
        chain.put(x=0)
        list(pool.map(lambda n: chain.write("task", ("x", n), ("y", n)), range(8)))
        (_, _, x), (_, _, y) = chain.newest().pending_writes or []
        assert x == y  # each call is kept or not, as a whole


async def test_many_tasks_of_one_loop_share_the_saver(redis_url: str) -> None:
    client = RedisClient(redis_url)
    saver = RedisSaver(client)
    chain = Chain(saver, "t")
    chain.put(x=0)
    await asyncio.gather(*(saver.aput_writes(chain.head, [("x", n)], f"task-{n:03}") for n in range(100)))
    found = await saver.aget_tuple(chain.config)
    await client.aclose()
    assert found is not None
    assert [value for _, _, value in found.pending_writes or []] == list(range(100))
