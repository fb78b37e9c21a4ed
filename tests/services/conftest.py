"""A Jira to talk to, of each flavour, both ways of waiting."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from services.http import Http
from services.jira import Credentials, Jira
from services.jira_flavours import JiraCloud, JiraDataCenter
from services.steps import Call, Steps, arun, run
from tests.fake_jira import FakeJira
from tests.jira_world import World
from tests.loopback import Loopback, Reply, serving

TOKEN = "tok-3n-S3CRET"
OTHER_TOKEN = "tok-of-somebody-else"
EMAIL = "bot@example.com"
PAGE: Reply = (503, {"Content-Type": "text/html"}, b"<html>Bad gateway at 10.0.0.7</html>")
LOST: list[dict[str, Any]] = [{"cut": True}, {"reply": PAGE}]
"""Faults of a request that was carried out all the same: the answer is lost, or a proxy gives its own."""


@dataclass
class Scene:
    """`do` drives steps, in one of the two ways; `jira` is the client, `fake` what it talks to."""

    jira: Jira
    fake: FakeJira
    server: Loopback
    do: Callable[[Steps[Any]], Any]

    @property
    def world(self) -> World:
        return self.fake.world

    def written(self) -> list[str]:
        """The requests that ask for a change."""
        reads = ("/search", "/search/jql", "/comment/list")
        return [line for line in self.server.lines() if line.startswith("POST") and not line.endswith(reads)]


def bearer(token: str) -> str:
    return f"Bearer {token}"


def basic(email: str, token: str) -> str:
    return f"Basic {base64.b64encode(f'{email}:{token}'.encode()).decode()}"


@pytest.fixture(params=["sync", "async"])
def do(request: pytest.FixtureRequest) -> Iterator[Callable[[Steps[Any]], Any]]:
    """Runs steps: blocking, or on one event loop."""
    if request.param == "sync":
        yield run
    else:
        with asyncio.Runner() as runner:
            yield lambda steps: runner.run(arun(steps))


@pytest.fixture(params=["cloud", "datacenter"])
def scene(request: pytest.FixtureRequest, do: Callable[[Steps[Any]], Any]) -> Iterator[Scene]:
    cloud = request.param == "cloud"
    own = basic(EMAIL, TOKEN) if cloud else bearer(TOKEN)
    fake = FakeJira(cloud, tokens={own: "bot", bearer(OTHER_TOKEN): "somebody"})
    with serving(fake) as server:
        http = Http(server.url, name="Jira", seconds=5)
        credentials = Credentials(SecretStr(TOKEN), EMAIL if cloud else None)
        jira = (JiraCloud if cloud else JiraDataCenter)(http, credentials, first_wait_s=0)
        yield Scene(jira, fake, server, do)
        do(closing(jira))
    assert fake.breaches == []


def closing(client: Http | Jira) -> Steps[None]:
    """The end of a client, on the loop it worked on."""
    yield from Call(client.close, client.aclose)
