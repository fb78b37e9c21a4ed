"""Traces as the receivers get them: LangSmith's and OpenTelemetry's wire, over a real connection."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from graph.server import open_assistant
from services.settings import Settings
from tests.integration.conftest import environment
from tests.openai_server import OpenAIServer, Reply, failure
from tests.trace_server import JSON, TraceServer

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
PHONE = "+49 151 23456789"
PLAIN = "fixed the login on PAY-12, tested on staging"
SAID = f"fixed the login on PAY-12 with {TOKEN}, tested on staging, call {PHONE}"


def traced(redis_url: str, model: OpenAIServer, say: str, **settings: Any) -> TraceServer:
    """What LangSmith was sent of one message."""
    with TraceServer() as traces:
        given: dict[str, Any] = {
            "langsmith_tracing": True,
            "langsmith_endpoint": traces.url,
            "redis_url": redis_url,
            "openai_api_key": "sk-test",
            "openai_base_url": model.url,
            **settings,
        }
        with open_assistant(Settings(**given)) as assistant:
            config: Any = {"configurable": {"thread_id": "t-1"}}
            speaker: Any = {"user_id": "u1", "session_id": "s-1"}
            assistant.invoke({"message": say}, config, context=speaker)
    return traces


def test_a_run_is_a_trace_with_its_steps_and_calls_in_it_and_says_what_came_of_it(
    redis_url: str, openai_server: OpenAIServer
) -> None:
    openai_server.default = Reply(text="The login on PAY-12 is fixed and was tested on staging.")
    runs = traced(redis_url, openai_server, PLAIN, environment="staging", langsmith_project="ours").runs
    [whole] = [run for run in runs.values() if not run.get("parent_run_id")]
    assert whole["name"] == "jira_assistant"
    assert whole["session_name"] == "ours"
    assert {"environment:staging", "route:llm_rephrasing"} <= set(whole["tags"])
    metadata = whole["extra"]["metadata"]
    assert metadata["thread_id"] == "t-1"
    assert metadata["session_id"] == "s-1"
    assert metadata["tokens_in"] > 0
    assert metadata["request_id"]
    by_name = {run["name"]: run for run in runs.values()}
    step, call = by_name["rephrase_comment"], by_name["jira_assistant.primary"]
    assert step["parent_run_id"] == whole["id"]
    assert call["run_type"] == "llm"
    assert _ancestors(call, runs) >= {step["id"], whole["id"]}


def _ancestors(run: JSON, runs: dict[str, JSON]) -> set[str]:
    parent = run.get("parent_run_id")
    return {parent, *_ancestors(runs[parent], runs)} if parent else set()


@pytest.mark.parametrize(
    "reply", [Reply(text=f"Use {TOKEN}, call {PHONE}."), failure(400, f"no {TOKEN} {PHONE}")]
)
def test_nothing_sensitive_reaches_langsmith(
    redis_url: str, openai_server: OpenAIServer, reply: Reply
) -> None:
    openai_server.default = reply
    traces = traced(redis_url, openai_server, SAID)
    assert "fixed the login" in traces.text()
    assert "[token removed]" in traces.text()
    assert "[phone removed]" in traces.text()
    assert TOKEN not in traces.text()
    assert PHONE not in traces.text()


def test_only_the_wanted_share_is_sent(redis_url: str, openai_server: OpenAIServer) -> None:
    assert traced(redis_url, openai_server, SAID, langsmith_tracing_sampling_rate=0.0).runs == {}


def spans_of(traces: TraceServer) -> list[Any]:
    found = []
    for _, body in traces.received:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return found


def figures_of(span: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in span.attributes}


def test_a_command_sends_spans_with_ids_and_figures_and_no_text(
    tmp_path: Path, openai_server: OpenAIServer
) -> None:
    openai_server.default = Reply(text="The login on PAY-12 is fixed and was tested on staging.")
    with TraceServer() as traces:
        env = environment(
            tmp_path,
            OTEL_EXPORTER_OTLP_ENDPOINT=traces.url,
            OPENAI_API_KEY="sk-test",
            OPENAI_BASE_URL=openai_server.url,
        )
        command = [str(Path(sys.executable).with_name("jira-assistant")), "ask", PLAIN, "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    result = json.loads(done.stdout)
    spans = {span.name: span for span in spans_of(traces)}
    run, step, call = spans["run"], spans["rephrase_comment"], spans["chat gpt-6.1-terra"]
    assert step.parent_span_id == run.span_id
    assert call.parent_span_id == step.span_id
    assert figures_of(run)["jira_assistant.route_type"] == "llm_rephrasing"
    assert figures_of(call)["gen_ai.usage.input_tokens"] > 0
    ids = figures_of(call)
    assert ids["jira_assistant.thread_id"] == result["thread_id"]
    assert ids["jira_assistant.request_id"] == result["metadata"]["request_id"]
    assert ids["jira_assistant.run_id"] == figures_of(run)["jira_assistant.run_id"]
    assert "login" not in traces.text()
