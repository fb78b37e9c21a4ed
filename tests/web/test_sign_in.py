"""Who gets in, and who does not."""

import json
import re

import httpx
import pytest
from starlette.requests import HTTPConnection
from starlette.types import Message

from services.errors import NotAllowed
from services.identity import Identity
from services.steps import arun
from tests.integration.conftest import ROOT
from tests.web.conftest import OWN, new_key
from web.app import app, lifespan
from web.sign_in import KNOWN_UIS, SESSION_COOKIE, require


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


async def ask(
    path: str = "/approvals", client: tuple[str, int] = ("127.0.0.1", 5), method: str = "GET", **headers: str
) -> httpx.Response:
    """One request, as it came from `client` with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
        return await asking.request(method, path, headers=named)


@pytest.mark.parametrize("host", ["localhost", "localhost:2024", "127.0.0.1:2024", "[::1]:2024", "LOCALHOST"])
async def test_in_development_this_machine_is_answered(web: httpx.AsyncClient, host: str) -> None:
    assert (await ask(host=host)).status_code == 200
    assert (await ask(host=host, client=("::1", 5))).status_code == 200


@pytest.mark.parametrize("path", ["/", "/app", "/approvals", "/review/waiting", "/nowhere"])
@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("192.0.2.1", {}),
        ("not an address", {}),
        ("127.0.0.1", {"host": "evil.example"}),
        ("127.0.0.1", {"host": "localhost.evil.example"}),
        ("127.0.0.1", {"host": "evil.example@localhost.evil"}),
        ("127.0.0.1", {"host": "[::1"}),
        ("127.0.0.1", {"host": ""}),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {"x-real-ip": "127.0.0.1"}),
        ("127.0.0.1", {"origin": "https://evil.example"}),
        ("127.0.0.1", {"origin": "https://smith.langchain.com.evil.example"}),
        ("127.0.0.1", {"origin": "http://localhost.evil.example"}),
        ("127.0.0.1", {"origin": "http://["}),
        ("127.0.0.1", {"origin": "null"}),
    ],
)
async def test_in_development_nobody_else_is_answered(
    web: httpx.AsyncClient, path: str, client: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = await ask(path, (client, 5), method, **headers)
        assert answer.status_code == 403
        assert answer.json()["error"] == "not_allowed"


@pytest.mark.parametrize("origin", [*KNOWN_UIS, "http://localhost:3000", "http://127.0.0.1:5173"])
async def test_in_development_the_known_interfaces_are_answered(web: httpx.AsyncClient, origin: str) -> None:
    assert (await ask(origin=origin)).status_code == 200


async def test_a_key_opens_the_door_as_bearer_token_or_as_the_sdk_sends_it(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key()
    for headers in (
        {"authorization": f"Bearer {secret}"},
        {"authorization": f"bearer {secret}"},
        {"x-api-key": secret},
    ):
        assert (await closed.get("/approvals", headers=headers)).json() == {"waiting": []}


async def test_what_is_sent_and_wrong_is_refused_whatever_else_is_right(closed: httpx.AsyncClient) -> None:
    id, secret = await new_key()
    cookie = {
        "cookie": f"{SESSION_COOKIE}={await arun(app.state.installation.keys.open_session(secret, 'here'))}"
    }
    assert (await closed.get("/approvals", headers=cookie)).status_code == 200
    for wrong in (
        {"authorization": ""},
        {"authorization": "Bearer "},
        {"authorization": secret},
        {"authorization": f"Basic {secret}"},
        {"authorization": f"Bearer {secret[:-1]}"},
        {"x-api-key": ""},
        {"x-api-key": secret.swapcase()},
        {"authorization": "Bearer nonsense", "x-api-key": secret},
    ):
        assert (await closed.get("/approvals", headers=cookie | wrong)).status_code == 401, wrong
    twice = [("x-api-key", secret), ("x-api-key", secret)]
    assert (await closed.get("/approvals", headers=twice)).status_code == 401
    await arun(app.state.installation.keys.revoke(id))
    assert (await closed.get("/approvals", headers=cookie)).status_code == 401


async def test_a_cookie_alone_changes_nothing_unless_our_own_page_asked(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key()
    cookie = {
        "cookie": f"{SESSION_COOKIE}={await arun(app.state.installation.keys.open_session(secret, 'here'))}"
    }
    said = {"message": "fixed button bug, tested staging"}
    for foreign in ({}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await closed.post("/chat", json=said, headers=cookie | foreign)).status_code == 403
    assert (await closed.post("/chat", json=said, headers=cookie | OWN)).status_code != 403


async def test_a_token_that_a_proxy_adds_is_of_no_use_to_another_site(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key()
    said, key = {"message": "hello"}, {"x-api-key": secret}
    for foreign in ("https://evil.example", "null"):
        answer = await closed.post("/chat", json=said, headers={**key, "origin": foreign})
        assert answer.status_code == 403
    for known in (KNOWN_UIS[0], "http://localhost", None):
        headers = {**key, **({"origin": known} if known else {})}
        assert (await closed.post("/chat", json=said, headers=headers)).status_code == 200


async def test_pages_lead_to_the_page_to_sign_in(closed: httpx.AsyncClient) -> None:
    answer = await closed.get("/review?project=PAY", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Freview%3Fproject%3DPAY"


async def test_figures_of_the_process_are_for_operators(closed: httpx.AsyncClient) -> None:
    _, secret = await new_key("reviewer")
    assert (await closed.get("/metrics", headers={"x-api-key": secret})).status_code == 403
    _, secret = await new_key("operator")
    assert (await closed.get("/metrics", headers={"x-api-key": secret})).status_code != 403
    assert (await closed.post("/internal/truncate", headers={"x-api-key": secret})).status_code == 403


async def test_where_redis_is_gone_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    async with lifespan(app):
        answer = await ask(x_api_key="ja_000000000000_x")
    assert answer.status_code == 503
    assert answer.json()["error"] == "storage_unavailable"


async def test_a_websocket_is_closed_without_a_credential(closed: httpx.AsyncClient) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    path = "/threads/00000000-0000-0000-0000-000000000000/stream/events"
    scope = {"type": "websocket", "path": path, "headers": [], "query_string": b"", "app": app}
    await app(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_langgraph_server_is_read_by_the_same_interfaces() -> None:
    cors = json.loads((ROOT / "langgraph.json").read_text())["http"]["cors"]
    assert tuple(cors["allow_origins"]) == KNOWN_UIS
    assert re.fullmatch(cors["allow_origin_regex"], "http://localhost:3000")
    assert not re.fullmatch(cors["allow_origin_regex"], "http://localhost.evil.example")
