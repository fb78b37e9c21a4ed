"""A Cluster serves as one Redis does; while a master is being replaced, errors say so and nothing is made up.

Much more of the suite runs on a Cluster in `make chaos`.
"""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.installation import open_installation
from services.errors import ConfigurationError, StorageUnavailable
from services.ledger import RedisLedger
from services.redis_check import check_server
from services.redis_client import RedisClient, Script
from services.redis_cluster import open_redis
from services.settings import Settings
from services.steps import Call, Steps, run
from tests.clusters import MASTERS, Cluster, ask, wait
from tests.servers import BINARIES, RedisServer, free_port
from web.desk import Desk

DOUBLE = Script("double", "return redis.call('INCRBY', KEYS[1], 2 * ARGV[1])")
KEYS = [f"k{number}" for number in range(40)]
ROW: dict[str, Any] = {
    **{"action_id": "a" * 32, "action": "post_jira_comment", "thread_id": "t", "user_id": "u", "tenant": ""},
    **{"args": {"body": "done"}, "summary": {}, "message": "done"},
}
Do = Callable[[Steps[Any]], Any]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    started = Cluster(str(BINARIES["valkey"]), folder, node_timeout_ms=1000).start()
    yield started
    started.kill()


@pytest.fixture
def client(cluster: Cluster, do: Do) -> Iterator[RedisClient]:
    """`do` is one way to wait, and then the other."""
    cluster.flush()
    opened = open_redis(cluster.url, timeout_seconds=1)
    yield opened
    do(closing(opened))


def closing(client: RedisClient) -> Steps[None]:
    yield from Call(client.close, client.aclose)


def test_each_key_goes_to_its_node(cluster: Cluster, client: RedisClient, do: Do) -> None:
    for key in KEYS:
        do(client.command("SET", key, f"value of {key}"))
    assert [do(client.command("GET", key)).decode() for key in KEYS] == [f"value of {key}" for key in KEYS]
    assert all(ask(node, "DBSIZE") > 0 for node in cluster.masters())


def test_sorted_sets_of_all_nodes_are_read_together(client: RedisClient, do: Do) -> None:
    for number, key in enumerate(KEYS):
        do(client.command("ZADD", key, 0, number % 7))
    assert sorted(do(client.union(KEYS))) == [str(number).encode() for number in range(7)]


def test_a_script_runs_on_each_node_whether_or_not_that_remembers_it(
    cluster: Cluster, client: RedisClient, do: Do
) -> None:
    for expected in (2, 4):
        assert {do(client.script(DOUBLE, [key], [1])) for key in KEYS} == {expected}
    for node in cluster.masters():
        ask(node, "SCRIPT", "FLUSH")
    assert {do(client.script(DOUBLE, [key], [1])) for key in KEYS} == {6}


def test_a_slot_on_the_move_is_followed(cluster: Cluster, client: RedisClient, do: Do) -> None:
    source = cluster.master_of("{moving}")
    target = next(node for node in cluster.masters() if node is not source)
    slot = ask(source, "CLUSTER", "KEYSLOT", "{moving}")
    ids = [ask(node, "CLUSTER", "MYID") for node in (source, target)]
    do(client.command("SET", "{moving}kept", "here"))
    ask(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
    ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
    assert do(client.command("GET", "{moving}kept")) == b"here"  # still with the one
    assert do(client.script(DOUBLE, ["{moving}new"], [1])) == 2  # already with the other
    assert do(client.transaction([["INCR", "{moving}new"], ["INCR", "{moving}new"]])) == [3, 4]
    with pytest.raises(StorageUnavailable):  # with both
        do(client.transaction([["INCR", "{moving}new"], ["APPEND", "{moving}kept", "!"]]))
    ask(source, "MIGRATE", "127.0.0.1", target.port, "{moving}kept", 0, 1000)
    for node in cluster.masters():
        ask(node, "CLUSTER", "SETSLOT", slot, "NODE", ids[1])
    assert do(client.command("GET", "{moving}kept")) == b"here"
    assert do(client.transaction([["INCR", "{moving}new"], ["APPEND", "{moving}kept", "!"]])) == [5, 5]


def test_a_conversation_is_paused_on_it_and_its_action_done_once(cluster: Cluster) -> None:
    cluster.flush()
    installation = open_installation(Settings(redis_url=cluster.url, thread_ttl_days=1))
    try:
        desk = Desk(installation)
        for number in range(6):  # of several shards
            asked = run(desk.ask("fixed button bug, tested staging", {"user_id": "u1"}, f"t-{number}"))
            assert asked["requires_user_approval"]
            assert run(desk.decide(f"t-{number}", "accept", None, {"user_id": "u1"}))["executed"]
        assert run(desk.waiting()) == []
        assert run(installation.services.ledger.backlog())["waiting"] == 0
        assert run(check_server(installation.redis)) == ([], [])
    finally:
        installation.close()


def test_a_master_that_is_killed_is_replaced_and_what_its_replica_had_is_there(
    cluster: Cluster, client: RedisClient, do: Do
) -> None:
    ledger = RedisLedger(client)
    do(ledger.prepare(ROW, expires_in_s=3600))
    killed = cluster.master_of("{ledger}")
    assert ask(killed, "WAIT", 1, 5000) >= 1
    killed.kill()
    started = time.monotonic()
    with pytest.raises(StorageUnavailable):
        do(ledger.get(ROW["action_id"]))
    assert time.monotonic() - started < 2
    while True:
        try:
            assert do(ledger.get(ROW["action_id"]))["status"] == "prepared"
            do(ledger.close(ROW["action_id"], "superseded", "u", "said anew"))
            break
        except StorageUnavailable:
            assert time.monotonic() - started < 30
            time.sleep(0.05)
    killed.start()
    wait(cluster.whole)
    assert len(cluster.masters()) == MASTERS


def test_what_becomes_of_an_action_is_acknowledged_once_a_replica_has_it(cluster: Cluster, do: Do) -> None:
    cluster.flush()
    client = open_redis(cluster.url, timeout_seconds=1, replicas=1)
    ledger = RedisLedger(client)
    replica = cluster.replica_of(cluster.master_of("{ledger}"))
    replica.kill(signal.SIGSTOP)
    try:
        with pytest.raises(StorageUnavailable, match="0 of 1 replicas have it"):
            do(ledger.prepare(ROW, expires_in_s=3600))
    finally:
        replica.resume()
    assert do(ledger.prepare(ROW, expires_in_s=3600))["status"] == "prepared"  # said again: the same row
    assert len(do(ledger.pending())) == 1
    do(closing(client))


def test_a_cluster_of_which_nobody_answers_is_named_without_its_password() -> None:
    client = open_redis(f"redis+cluster://me:secret@127.0.0.1:{free_port()}", timeout_seconds=1)
    with pytest.raises(StorageUnavailable, match="no node of it answers") as caught:
        run(client.command("GET", "k"))
    assert "secret" not in str(caught.value)


def test_one_server_called_a_cluster_is_told_apart(tmp_path: Path) -> None:
    server = RedisServer(str(BINARIES["valkey"]), tmp_path).start()
    client = open_redis(f"redis+cluster://127.0.0.1:{server.port}", timeout_seconds=1)
    try:
        with pytest.raises(ConfigurationError, match="is in no Redis Cluster"):
            run(client.command("GET", "k"))
    finally:
        client.close()
        server.kill()


def test_one_node_called_a_server_is_told_apart(cluster: Cluster) -> None:
    client = open_redis(cluster.nodes[0].url, timeout_seconds=1)
    (warning,) = run(check_server(client)).unsafe
    assert "redis+cluster://" in warning
    client.close()
