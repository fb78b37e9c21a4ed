"""The LangGraph server as its API clients see it: schemas, runs, pauses, copies, MCP and A2A."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from langgraph_sdk.errors import NotFoundError

GRAPH = "jira_assistant"
UPDATE = "fixed button bug, tested staging"
CONTEXT = {"user_id": "u1"}
ANSWERS: list[tuple[str, Any]] = [
    ("agent_inbox", [{"type": "accept", "args": None}]),
    ("hitl", {"decisions": [{"type": "approve"}]}),
    ("hybrid", "yes"),
]


@pytest.fixture
def client(server: str) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=server) as client:
        yield client


def wait(client: SyncLangGraphClient, thread: str, message: str | None, **more: Any) -> Any:
    context = {**CONTEXT, **more.pop("context", {})}
    given = {"message": message} if message is not None else None
    return client.runs.wait(thread, GRAPH, input=given, context=context, **more)


def paused(client: SyncLangGraphClient, **context: Any) -> str:
    thread: str = client.threads.create()["thread_id"]
    wait(client, thread, UPDATE, context=context)
    return thread


def test_the_schemas_name_fields_with_descriptions_and_defaults(client: SyncLangGraphClient) -> None:
    [assistant] = client.assistants.search(graph_id=GRAPH)
    schemas = client.assistants.get_schemas(assistant["assistant_id"])
    context = schemas["context_schema"]["properties"]  # type: ignore[index]
    assert context["approval_mode"]["default"] == "interrupt"
    assert all(field["description"] for field in context.values())
    assert context["comment_prompt"]["langgraph_nodes"] == ["rephrase_comment"]
    assert context["comment_prompt"]["langgraph_type"] == "prompt"
    assert "message" in schemas["input_schema"]["properties"]  # type: ignore[index]
    assert "backend_action" in schemas["output_schema"]["properties"]  # type: ignore[index]


def test_the_graph_is_described_and_drawn_with_readable_nodes(client: SyncLangGraphClient) -> None:
    [assistant] = client.assistants.search(graph_id=GRAPH)
    assert "Jira comment" in (assistant.get("description") or "")
    drawn = client.assistants.get_graph(assistant["assistant_id"])
    nodes = {node["id"] for node in drawn["nodes"]}
    assert {"receive", "classify_by_rules", "rephrase_comment", "approve", "apply"} <= nodes


@pytest.mark.parametrize(("interrupt_format", "answer"), ANSWERS)
def test_a_run_pauses_in_each_format_and_is_resumed_by_interrupt_id(
    client: SyncLangGraphClient, interrupt_format: str, answer: Any
) -> None:
    thread = paused(client, interrupt_format=interrupt_format)
    state = client.threads.get_state(thread)
    [interrupt] = state["interrupts"]
    assert client.threads.get(thread)["status"] == "interrupted"
    out = wait(client, thread, None, command={"resume": {interrupt["id"]: answer}})
    assert out["executed"] is True
    assert out["decision"]["by"] == "u1"


def test_a_message_of_several_actions_pauses_for_each(client: SyncLangGraphClient) -> None:
    thread: str = client.threads.create()["thread_id"]
    wait(client, thread, "PAY-12 done, PAY-13 blocked by infra, email Anna about it")
    out: Any = None
    for answer, action in (("yes", "mark_task_complete"), ("no", "post_jira_comment"), ("no", "send_email")):
        [interrupt] = client.threads.get_state(thread)["interrupts"]
        assert interrupt["value"][0]["action_request"]["action"] == action
        out = wait(client, thread, None, command={"resume": {interrupt["id"]: answer}})
    assert [part["status"] for part in out["parts"]] == ["done", "rejected", "rejected"]


def test_the_history_of_a_thread_can_be_read(client: SyncLangGraphClient) -> None:
    thread = paused(client)
    steps = client.threads.get_history(thread, limit=50)
    assert steps[0]["next"] == ["approve"]
    assert len(steps) > 4


def test_a_copied_thread_pauses_too_but_the_action_is_done_once(
    server: str, client: SyncLangGraphClient
) -> None:
    thread = paused(client)
    copied = httpx.post(f"{server}/threads/{thread}/copy", timeout=30)
    copy = copied.json()["thread_id"]
    before = client.threads.get_state(copy)["values"]["pending_approval"]["action_id"]  # type: ignore[call-overload]
    assert wait(client, thread, None, command={"resume": "yes"})["executed"] is True
    out = wait(client, copy, None, command={"resume": "no"})
    assert out["decision"]["verb"] == "accept"
    assert client.threads.get_state(thread)["values"]["outcome"] == out["outcome"]  # type: ignore[call-overload]
    assert before


def test_a_rolled_back_run_leaves_nothing_behind(client: SyncLangGraphClient) -> None:
    thread: str = client.threads.create()["thread_id"]
    wait(client, thread, "hello")
    first = client.runs.create(thread, GRAPH, input={"message": UPDATE}, context=CONTEXT)
    out = wait(client, thread, "how are you?", multitask_strategy="rollback")
    said = [message["content"] for message in out["messages"] if message["type"] == "human"]
    assert said == ["hello", "how are you?"]
    assert out["superseded"] is None
    assert first["run_id"] not in [run["run_id"] for run in client.runs.list(thread)]


def test_a_pruned_thread_is_gone(client: SyncLangGraphClient) -> None:
    thread = paused(client)
    client.threads.prune([thread], strategy="delete")
    with pytest.raises(NotFoundError):
        client.threads.get_state(thread)


def mcp(server: str, method: str, params: dict[str, Any]) -> Any:
    headers = {"Accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    response = httpx.post(f"{server}/mcp", json=body, headers=headers, timeout=30)
    response.raise_for_status()
    return response.json()["result"]


def test_mcp_lists_the_graph_and_returns_a_draft_without_a_pause(server: str) -> None:
    tools = mcp(server, "tools/list", {})["tools"]
    assert [tool["name"] for tool in tools] == [GRAPH]
    context = {**CONTEXT, "approval_mode": "return"}
    call = {"name": GRAPH, "arguments": {"message": UPDATE}, "context": context}
    answer = mcp(server, "tools/call", call)
    assert not answer.get("isError")
    assert "'requires_user_approval': True" in answer["content"][0]["text"]


def test_a2a_takes_text_and_answers_text(server: str, client: SyncLangGraphClient) -> None:
    [assistant] = client.assistants.search(graph_id=GRAPH)
    message = {"role": "user", "parts": [{"kind": "text", "text": "hello"}], "messageId": "m-1"}
    body = {"jsonrpc": "2.0", "id": "1", "method": "message/send", "params": {"message": message}}
    response = httpx.post(f"{server}/a2a/{assistant['assistant_id']}", json=body, timeout=60)
    response.raise_for_status()
    assert "text" in response.text
    assert "error" not in response.json(), response.text
