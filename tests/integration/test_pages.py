"""The pages as `make run` serves them: in the LangGraph server, which refuses to be blocked."""

from collections.abc import Iterator

import httpx
import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient

UPDATE = "fixed button bug on PAY-12, tested staging"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30, cookies={"viewer_name": "bo"}) as client:
        yield client


@pytest.fixture
def client(server: str) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=server) as client:
        yield client


def test_a_pause_of_an_api_client_is_answered_on_the_page(
    client: SyncLangGraphClient, http: httpx.Client
) -> None:
    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, "jira_assistant", input={"message": UPDATE}, context={"user_id": "u1"})
    state = client.threads.get_state(thread)
    action_id = state["values"]["pending_approval"]["action_id"]  # type: ignore[call-overload]
    assert action_id in http.get("/review").text
    done = http.post(f"/review/{action_id}", data={"verb": "accept"}, headers=OWN, follow_redirects=True)
    assert "Accepted and handed over" in done.text
    after = client.threads.get_state(thread)
    assert after["values"]["decision"]["by"] == "bo"  # type: ignore[call-overload]
    assert after["interrupts"] == []


def test_the_chat_and_every_page_work_in_the_server(http: httpx.Client) -> None:
    page = http.post("/app", data={"message": UPDATE}, headers=OWN, follow_redirects=True)
    assert 'value="accept"' in page.text
    for path in ("/app", "/review", "/figures", "/operations", "/app/static/app.js"):
        assert http.get(path).status_code == 200


def test_health_and_metrics_are_ours_beside_the_servers_own(http: httpx.Client) -> None:
    assert http.get("/health/ready").json()["status"] == "ok"
    assert "jira_assistant_redis_up 1.0" in http.get("/metrics/assistant").text
    assert "jira_assistant" not in http.get("/metrics").text
    for path in ("/costs", "/stats"):
        assert http.get(path).status_code == 200


def test_the_routes_of_both_are_described_together_and_none_is_hidden(http: httpx.Client) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    assert {"/chat", "/approvals", "/threads", "/runs/wait", "/assistants/search"} <= set(paths)
    for path in ("/ok", "/info", "/docs"):
        assert http.get(path).status_code == 200
    assert http.get("/threads/none").status_code == 422
    assert "detail" in http.get("/assistants/none").json()


def test_the_limit_of_the_body_holds_for_the_server_too(http: httpx.Client) -> None:
    answer = http.post("/threads", json={"metadata": {"x": "y" * 300_000}})
    assert answer.status_code == 413
