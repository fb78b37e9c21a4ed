"""Fixtures every test may use. No test reaches a model or the network: sockets are open to loopback
only (pytest-socket, in pyproject.toml) and no setting of this machine leaks in."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from services.redis_client import RedisClient
from services.redis_cluster import open_redis
from services.settings import Settings
from tests.clusters import Cluster
from tests.openai_server import OpenAIServer
from tests.servers import BINARIES, RedisServer

if TYPE_CHECKING:
    from tests.security.world import World


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    names = {name.upper() for name in Settings.model_fields} | {"JIRA_ASSISTANT_DATA_DIR"}
    for name in os.environ:
        if name.upper() in names or name.upper().startswith(
            ("LANGSMITH", "LANGCHAIN", "OPENAI", "AZURE_OPENAI", "OTEL")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("JIRA_ASSISTANT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("LANGGRAPH_STRICT_MSGPACK", "true")
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))  # no .env of this checkout


@pytest.fixture(scope="session", params=sorted(BINARIES))
def redis_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RedisServer | Cluster]:
    """A running server of each kind this machine has; tests that use it run once a kind.

    With OVER_CLUSTER set it is a Cluster, which those tests can do with that need no more than its address.
    """
    binary = BINARIES[request.param]
    if binary is None:
        pytest.skip("redis-server is not installed; CI installs it")
    kind = Cluster if "OVER_CLUSTER" in os.environ else RedisServer
    server = kind(binary, tmp_path_factory.mktemp(request.param)).start()
    yield server
    server.kill()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty server."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture
async def redis_client(redis_url: str) -> AsyncIterator[RedisClient]:
    """Asynchronous, so that connections made by an async test are closed in its loop."""
    client = open_redis(redis_url, timeout_seconds=5)
    yield client
    await client.aclose()


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    """A model provider on loopback that answers "fine" until it is told otherwise."""
    server = OpenAIServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def world() -> Iterator["World"]:
    """Both kinds of server in production mode."""
    from tests.security.world import production  # what it needs takes a while to import

    with production() as world:
        yield world
