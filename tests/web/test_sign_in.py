"""Who gets in, and who does not."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import HTTPConnection

from services.errors import NotAllowed
from services.identity import Identity
from web.app import app, lifespan
from web.sign_in import require


@pytest.fixture
async def closed(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app in production mode, without a credential."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ENVIRONMENT", "production")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/app", "/review", "/approvals", "/docs", "/nowhere", "/health/live/x"]
)
async def test_in_production_nothing_is_answered_without_a_credential(
    closed: httpx.AsyncClient, path: str
) -> None:
    answer = await closed.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"] == "not_signed_in"


async def test_the_styles_of_the_sign_in_page_are_open(closed: httpx.AsyncClient) -> None:
    assert (await closed.get("/app/static/base.css")).status_code == 200


async def test_in_development_everything_is_answered(web: httpx.AsyncClient) -> None:
    assert (await web.get("/approvals")).status_code == 200


def test_a_role_is_required_by_name() -> None:
    reviewer = Identity("ann", "acme", frozenset({"user", "reviewer"}))
    asking = HTTPConnection({"type": "http", "jira_assistant.identity": reviewer})
    assert require(asking, "reviewer") is reviewer
    with pytest.raises(NotAllowed, match="role operator"):
        require(asking, "operator")
