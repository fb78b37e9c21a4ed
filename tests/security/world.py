"""A whole installation in production mode, for attacks on it: both kinds of server on one Redis, a Jira that
counts what really happened, an identity provider, and people of several tenants with keys."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from services.access_keys import AccessKeys
from services.identity import Role
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.steps import run
from tests.fake_jira import FakeJira
from tests.identity_provider import AUDIENCE, ISSUER, IdentityProvider
from tests.integration.conftest import ROOT, environment, langgraph_server
from tests.loopback import serving
from tests.servers import BINARIES, RedisServer, free_port

TOKEN = "Bearer tok"
RULES = '{"PAY": {"approvers": ["anna"], "self_approval": false}}'


@dataclass(eq=False)
class World:
    """`langgraph` and `plain` are the addresses of the two servers."""

    langgraph: str
    plain: str
    jira: FakeJira
    provider: IdentityProvider
    redis: RedisClient

    def key(
        self, user: str, tenant: str = "acme", roles: Collection[Role] = (), **more: Any
    ) -> dict[str, str]:
        """The headers of a new key."""
        _, secret = run(AccessKeys(self.redis).add(user, tenant, roles, **more))
        return {"authorization": f"Bearer {secret}"}

    @cache  # noqa: B019 - signing takes long, and a world ends with its test
    def bad_tokens(self, user: str, tenant: str) -> dict[str, str]:
        """Wrong in one way each: of a reviewer."""
        return self.provider.bad_tokens(user, tenant=tenant, roles=["reviewer"])

    @property
    def ledger(self) -> RedisLedger:
        return RedisLedger(self.redis)

    def effects(self) -> int:
        """Comments that really arrived."""
        return sum(len(issue.comments) for issue in self.jira.world.issues.values())


@contextmanager
def production(workers: int = 1) -> Iterator[World]:
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        (folder / "redis").mkdir()
        redis = RedisServer(str(BINARIES["valkey"]), folder / "redis").start()
        opened.callback(redis.kill)
        jira, provider = FakeJira(cloud=False, tokens={TOKEN: "bot"}), IdentityProvider()
        for key in ("PAY-12", "OPS-1"):
            jira.world.add(key)
        jira_url = opened.enter_context(serving(jira)).url
        env = {
            "ENVIRONMENT": "production",
            "REDIS_URL": redis.url,
            "JIRA_BASE_URL": jira_url,
            "JIRA_FLAVOUR": "datacenter",
            "JIRA_PERSONAL_ACCESS_TOKEN": "tok",
            "APPROVERS": RULES,
            "AUTH_JWKS_URL": opened.enter_context(serving(provider)).url,
            "AUTH_ISSUER": ISSUER,
            "AUTH_AUDIENCE": AUDIENCE,
            "AUTH_TENANT_CLAIM": "tenant",
            "REDIS_TIMEOUT_SECONDS": "30",  # attacks take all of the machine
            "MAX_REQUESTS_PER_MINUTE": "1000000",
            "MAX_REQUESTS_PER_HOUR": "1000000",
        }
        client = RedisClient(redis.url)
        opened.callback(client.close)
        (folder / "langgraph").mkdir()
        (folder / "plain").mkdir()
        servers = [
            plain_server(folder / "plain", workers, **env),
            langgraph_server(folder / "langgraph", **env),
        ]
        with ThreadPoolExecutor() as at_once:
            plain, langgraph = at_once.map(opened.enter_context, servers)
        yield World(langgraph, plain, jira, provider, client)


@contextmanager
def plain_server(folder: Path, workers: int, **settings: str) -> Iterator[str]:
    """Our own app alone."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "web.app:app", "--port", str(port), "--log-level", "warning"]
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            cwd=ROOT,
            env=environment(folder / "data", **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline, url = time.monotonic() + 60, f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{url}/health/live", timeout=1).is_success:
                    break
            except httpx.HTTPError:
                pass
            said = (folder / "log").read_text()[-3000:]
            assert process.poll() is None, f"it stopped: {said}"
            assert time.monotonic() < deadline, f"it did not start: {said}"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
