"""What operators and Prometheus read adds up to what happened."""

import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.access_keys import AccessKeys
from services.identity import Role
from services.steps import arun
from tests.openai_server import OpenAIServer, Reply
from tests.servers import RedisServer
from tests.web.test_api import decided, draft
from web.app import app, lifespan

MESSAGE = {"message": "fixed button bug, tested staging", "context": {"user_id": "ann"}}


@pytest.fixture
async def modelled(
    redis_url: str, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app with a model that costs a dollar for each token."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("MODEL_PRICES", '{"gpt-6.1-terra": {"input": 500, "output": 500}}')
    openai_server.default = Reply(text="Fixed the button bug and tested staging.")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def scraped(web: httpx.AsyncClient) -> dict[str, float]:
    """Each sample by its name and labels."""
    app.state.installation.metrics.send()
    answer = await web.get("/metrics/assistant")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        f"{sample.name}{sorted(sample.labels.items()) or ''}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_prometheus_reads_what_happened(web: httpx.AsyncClient) -> None:
    await decided(web, await draft(web), "accept")
    await draft(web)
    found = await scraped(web)
    assert found["jira_assistant_runs_total[('outcome', 'ok')]"] == 3
    assert found["jira_assistant_runs_total[('outcome', 'failed')]"] == 0
    assert found["jira_assistant_queue_waiting"] == 1
    assert found["jira_assistant_queue_oldest_wait_seconds"] > 0
    assert found["jira_assistant_redis_up"] == 1
    assert found["jira_assistant_decisions_total[('action', 'post_jira_comment'), ('verb', 'accept')]"] == 1
    seconds = "jira_assistant_node_seconds_bucket[('le', '+Inf'), ('node', 'propose')]"
    assert found[seconds] == found["jira_assistant_node_seconds_count[('node', 'propose')]"] == 2
    assert found["jira_assistant_dependency_up[('dependency', 'redis')]"] == 1
    assert found["jira_assistant_error_rate_threshold"] == 0.1


async def test_no_user_thread_or_text_is_in_the_metrics(web: httpx.AsyncClient) -> None:
    body = {"message": "fixed the xyzzy bug on PAY-77", "context": {"user_id": "someone", "tenant": "plugh"}}
    result = (await web.post("/chat", json=body)).json()
    app.state.installation.metrics.send()
    page = (await web.get("/metrics/assistant")).text
    for word in ("xyzzy", "PAY-77", "someone", "plugh", result["thread_id"]):
        assert word not in page


async def test_money_and_tokens_are_told_by_model(modelled: httpx.AsyncClient) -> None:
    await modelled.post("/chat", json=MESSAGE)
    found = await scraped(modelled)
    model, purpose = "('model', 'gpt-6.1-terra')", "('purpose', 'primary')"
    names = f"{model}, {purpose}"
    assert found[f"jira_assistant_model_requests_total[{model}, ('outcome', 'ok'), {purpose}]"] == 1
    assert found[f"jira_assistant_model_cost_usd_total[{names}]"] == pytest.approx(0.0075)
    assert found["jira_assistant_cost_today_usd"] == pytest.approx(0.0075)
    assert found[f"jira_assistant_model_request_seconds_count[{names}]"] == 1
    assert found["jira_assistant_circuit_open[('model', 'gpt-6.1-terra')]"] == 0


async def test_while_redis_is_away_that_is_said_and_no_zero_is_made_up(
    web: httpx.AsyncClient, redis_server: RedisServer
) -> None:
    await draft(web)
    redis_server.kill()
    try:
        page = (await web.get("/metrics/assistant")).text
    finally:
        redis_server.start()
    assert "jira_assistant_redis_up 0.0" in page
    assert 'jira_assistant_dependency_up{dependency="redis"} 0.0' in page
    assert "queue_waiting" not in page
    assert "runs_total" not in page


async def test_costs_are_told_with_their_projection(modelled: httpx.AsyncClient) -> None:
    await modelled.post("/chat", json=MESSAGE)
    told = (await modelled.get("/costs", params={"days": 2})).json()
    assert told["today"]["spent_usd"] == pytest.approx(0.0075)
    assert told["today"]["projected_usd"] >= told["today"]["spent_usd"]
    assert [(line["model"], line["requests"]) for line in told["by_model"]] == [("gpt-6.1-terra", 1)]
    assert [line["purpose"] for line in told["by_purpose"]] == ["primary"]
    assert [day["cost_usd"] for day in told["days"]] == [0, pytest.approx(0.0075)]
    assert told["suggestions"] == []


async def test_statistics_sum_up_the_hours_that_are_asked_for(web: httpx.AsyncClient) -> None:
    await decided(web, await draft(web), "reject", text="wrong ticket")
    app.state.installation.metrics.send()
    told = (await web.get("/stats", params={"hours": 1})).json()
    assert told["hours"] == 1
    assert told["stats"]["messages"]["by_stage"] == {"rules": 1}
    assert told["stats"]["approvals"]["by_verb"] == {"reject": 1}
    assert told["stats"]["runs"]["error_rate"] == 0
    assert told["stats"]["nodes"]["receive"]["count"] == 1
    assert told["queue"]["waiting"] == 0
    assert told["limits"]["requests_per_minute"] == 100
    assert (await web.get("/stats", params={"hours": 25})).status_code == 422


def test_the_counts_of_two_processes_add_up(site: str) -> None:
    def runs() -> float:
        page = httpx.get(f"{site}/metrics/assistant", timeout=30).text
        return sum(map(float, re.findall(r"jira_assistant_runs_total{[^}]*} (\S+)", page)))

    before, asked = runs(), 12
    for _ in range(asked):  # each on a connection of its own, so that both processes get some
        httpx.post(f"{site}/chat", json=MESSAGE, timeout=30)
    deadline = time.monotonic() + 10
    while runs() < before + asked:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(1.5)
    assert runs() == before + asked


async def test_without_any_traffic_nothing_is_made_up(web: httpx.AsyncClient) -> None:
    told: dict[str, Any] = (await web.get("/stats")).json()["stats"]
    assert told["runs"]["error_rate"] is None
    assert told["cache"]["drafts"] == {"hit_share": None}
    assert told["nodes"] == {}


async def test_every_name_is_written_the_way_prometheus_wants_it(web: httpx.AsyncClient) -> None:
    await draft(web)
    for name in await scraped(web):
        assert re.match(r"jira_assistant_[a-z0-9_]+(\[|$)", name)


@pytest.mark.parametrize("path", ["/metrics/assistant", "/costs", "/stats"])
async def test_only_operators_are_told(redis_url: str, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ENVIRONMENT", "production")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
        keys: AccessKeys = app.state.installation.keys
        wanted: dict[Role, int] = {"reviewer": 403, "operator": 200}
        for role, code in wanted.items():
            _, key = await arun(keys.add(role, "", [role]))
            answer = await web.get(path, headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == code
        assert (await web.get(path)).status_code == 401
