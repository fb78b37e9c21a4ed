"""Redis answers, or a typed error says what did not happen; nothing is sent twice."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from services.errors import StorageDamaged, StorageUnavailable
from services.redis_client import RedisClient, Script
from services.steps import Steps, arun, run
from tests.servers import RedisServer, free_port

DOUBLE = Script("double", "return redis.call('INCRBY', KEYS[1], 2 * ARGV[1])")


def test_both_styles_see_the_same_data(redis_client: RedisClient) -> None:
    async def awaited() -> object:
        try:
            return await arun(redis_client.command("APPEND", "k", "b")), await arun(
                redis_client.command("GET", "k")
            )
        finally:
            await redis_client.aclose()

    assert run(redis_client.command("SET", "k", b"a\xff"))
    assert asyncio.run(awaited()) == (3, b"a\xffb")


def test_a_client_serves_one_event_loop_after_another(redis_client: RedisClient) -> None:
    async def awaited() -> object:
        try:
            return await arun(redis_client.command("INCR", "n"))
        finally:
            await redis_client.aclose()

    assert [asyncio.run(awaited()), asyncio.run(awaited())] == [1, 2]


def test_a_transaction_answers_command_by_command(redis_client: RedisClient) -> None:
    assert run(redis_client.transaction([["INCR", "n"], ["INCRBY", "n", 5], ["GET", "n"]])) == [1, 6, b"6"]


def test_a_transaction_that_redis_has_no_memory_for_changes_nothing(redis_client: RedisClient) -> None:
    run(redis_client.command("SET", "k", "before"))
    run(redis_client.command("CONFIG", "SET", "maxmemory", 1))
    try:
        with pytest.raises(StorageUnavailable, match="MULTI"):
            run(redis_client.transaction([["DEL", "k"], ["SET", "k", "after"]]))
    finally:
        run(redis_client.command("CONFIG", "SET", "maxmemory", 0))
    assert run(redis_client.command("GET", "k")) == b"before"


def test_a_script_runs_whether_or_not_the_server_remembers_it(
    redis_client: RedisClient,
) -> None:
    assert run(redis_client.script(DOUBLE, ["n"], [1])) == 2
    assert run(redis_client.script(DOUBLE, ["n"], [1])) == 4
    run(redis_client.command("SCRIPT", "FLUSH"))
    assert run(redis_client.script(DOUBLE, ["n"], [1])) == 6


def test_a_key_of_another_type_is_damage(redis_client: RedisClient) -> None:
    run(redis_client.command("SET", "k", "v"))
    with pytest.raises(StorageDamaged, match="SADD"):
        run(redis_client.command("SADD", "k", "member"))


def test_the_message_of_a_failed_transaction_holds_no_data(redis_client: RedisClient) -> None:
    run(redis_client.command("SET", "k", "v"))
    with pytest.raises(StorageDamaged) as caught:
        run(redis_client.transaction([["SADD", "k", "my salary is 1"]]))
    assert "salary" not in str(caught.value)
    assert "WRONGTYPE" in str(caught.value)


@pytest.mark.parametrize(
    "url", ["redis://me:secret@127.0.0.1:{}/0", "unix:///nowhere/a@b.sock?password=secret"]
)
def test_the_message_names_the_server_and_no_password(url: str) -> None:
    client = RedisClient(url.format(free_port()), timeout_seconds=1)
    with pytest.raises(StorageUnavailable) as caught:
        run(client.command("PING"))
    client.close()
    assert "secret" not in str(caught.value)
    assert client.place in str(caught.value)
    assert client.place.startswith(("redis://127.0.0.1:", "unix:///nowhere/a@b.sock"))


def both_ways(client: RedisClient, steps: Callable[[], Steps[object]]) -> Iterator[Callable[[], object]]:
    async def awaited() -> object:
        try:
            return await arun(steps())
        finally:
            await client.aclose()

    yield lambda: run(steps())
    yield lambda: asyncio.run(awaited())


@pytest.fixture
def mute(redis_server: RedisServer, redis_url: str) -> Iterator[str]:
    """The address of a wire to the server that is cut where the answer to an INCRBY would come back."""

    def carry(near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", redis_server.port)) as far:
            while request := near.recv(65536):
                far.sendall(request)
                answer = far.recv(65536)
                if b"INCRBY" in request:
                    return
                near.sendall(answer)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # closed at the end of the test
                return
            carriers.append(threading.Thread(target=carry, args=(connection,)))
            carriers[-1].start()

    carriers: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        carriers.append(threading.Thread(target=accept))
        carriers[0].start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        listener.shutdown(socket.SHUT_RDWR)
    for carrier in carriers:
        carrier.join()


def test_a_command_whose_answer_is_lost_is_not_sent_again(redis_client: RedisClient, mute: str) -> None:
    client = RedisClient(mute)
    for ask in both_ways(client, lambda: client.command("INCRBY", "cents", 100)):
        with pytest.raises(StorageUnavailable, match="INCRBY"):
            ask()
    client.close()
    assert run(redis_client.command("GET", "cents")) == b"200"  # once for each style


def test_a_server_that_is_gone_is_unavailable_and_its_data_is_there_when_it_is_back(
    redis_server: RedisServer, redis_client: RedisClient
) -> None:
    run(redis_client.command("SET", "k", "v"))
    redis_server.kill()
    try:
        for ask in both_ways(redis_client, lambda: redis_client.command("GET", "k")):
            with pytest.raises(StorageUnavailable):
                ask()
    finally:
        redis_server.start()
    assert run(redis_client.command("GET", "k")) == b"v"
