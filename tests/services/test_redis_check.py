"""A Redis that may lose what it acknowledged is named for it, and one that is right is not."""

import time
from collections.abc import Iterator

import pytest

from services.redis_check import check_server
from services.redis_client import RedisClient
from services.steps import run


@pytest.fixture
def client(redis_client: RedisClient) -> Iterator[RedisClient]:
    """Of a server whose configuration is put back afterwards."""
    before = {
        name: run(redis_client.command("CONFIG", "GET", name))[name.encode()]
        for name in ("maxmemory-policy", "appendonly", "appendfsync")
    }
    yield redis_client
    run(redis_client.command("ACL", "SETUSER", "default", "+@all"))
    for name, value in before.items():
        run(redis_client.command("CONFIG", "SET", name, value))
    while run(redis_client.command("INFO", "persistence"))["aof_rewrite_in_progress"]:
        time.sleep(0.01)  # until a log that was switched on again is whole, a kill loses what it lacks


def test_a_server_that_keeps_everything_has_no_warning(client: RedisClient) -> None:
    assert run(check_server(client)) == ([], [])


@pytest.mark.parametrize(
    ("name", "value", "kind", "fix"),
    [
        ("maxmemory-policy", "allkeys-lru", "unsafe", "noeviction"),
        ("appendonly", "no", "unsafe", "appendonly yes"),
        ("appendfsync", "everysec", "notes", "Set it to always"),
    ],
)
def test_a_server_that_may_forget_is_named_with_the_fix(
    client: RedisClient, name: str, value: str, kind: str, fix: str
) -> None:
    run(client.command("CONFIG", "SET", name, value))
    found = run(check_server(client))._asdict()
    (warning,) = found.pop(kind)
    assert fix in warning
    assert not any(found.values())


def test_a_managed_server_without_config_says_what_is_not_known(client: RedisClient) -> None:
    run(client.command("ACL", "SETUSER", "default", "-config"))
    (warning,) = run(check_server(client)).notes
    assert "managed" in warning
    assert "appendfsync" in warning


def test_nothing_is_changed_by_looking(client: RedisClient) -> None:
    run(check_server(client))
    assert run(client.command("DBSIZE")) == 0
