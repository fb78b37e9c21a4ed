"""The LangGraph server in production mode: what people with a key can do there, and what nobody can."""

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.security.world import World

SAID = {"message": "fixed button bug on OPS-1, tested staging"}
GRAPH = {"assistant_id": "jira_assistant"}


class Person:
    def __init__(self, world: World, user: str, tenant: str = "acme", *roles: Any) -> None:
        self.http = httpx.Client(base_url=world.langgraph, headers=world.key(user, tenant, roles), timeout=60)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def run(self, thread: str, **more: Any) -> httpx.Response:
        return self.post(f"/threads/{thread}/runs/wait", {**GRAPH, **more})

    def thread(self, **more: Any) -> str:
        return str(self.post("/threads", more).json()["thread_id"])

    def paused(self) -> tuple[str, str]:
        """A thread that waits, and the id of its interrupt."""
        thread = self.thread()
        self.run(thread, input=SAID, context={"user_id": "eve"}).raise_for_status()
        [interrupt] = self.http.get(f"/threads/{thread}/state").json()["interrupts"]
        return thread, interrupt["id"]


@pytest.fixture
def ann(world: World) -> Iterator[Person]:
    person = Person(world, "ann")
    yield person
    person.http.close()


@pytest.fixture
def bo(world: World) -> Iterator[Person]:
    person = Person(world, "bo", "acme", "reviewer", "operator")
    yield person
    person.http.close()


def test_people_run_and_resume_their_own_threads_in_their_own_name(ann: Person) -> None:
    thread, interrupt = ann.paused()
    done = ann.run(thread, command={"resume": {interrupt: "yes"}}, context={"user_id": "eve"}).json()
    assert (done["decision"]["by"], done["executed"]) == ("ann", True)
    found = ann.post("/threads/search", {}).json()
    assert thread in [known["thread_id"] for known in found]


def test_threads_of_others_are_not_there(ann: Person, bo: Person) -> None:
    thread, interrupt = ann.paused()
    run = ann.http.get(f"/threads/{thread}/runs").json()[0]["run_id"]
    answers = [
        bo.http.get(f"/threads/{thread}/runs/{run}"),
        bo.http.get(f"/threads/{thread}/runs/{run}/join"),
        bo.http.delete(f"/threads/{thread}/runs/{run}"),
        bo.post(f"/threads/{thread}/runs/{run}/cancel", {}),
        bo.post("/runs/cancel", {"thread_id": thread, "run_ids": [run]}),
        bo.post("/threads/prune", {"thread_ids": [thread], "strategy": "delete"}),
        bo.post(f"/threads/{thread}/state/checkpoint", {"checkpoint": {"thread_id": thread}}),
        bo.http.get(f"/threads/{thread}"),
        bo.http.get(f"/threads/{thread}/state"),
        bo.post(f"/threads/{thread}/history", {}),
        bo.http.get(f"/threads/{thread}/runs"),
        bo.post(f"/threads/{thread}/copy", {}),
        bo.run(thread, command={"resume": {interrupt: "yes"}}),
        bo.run(thread, input={"message": "yes"}),
        bo.http.delete(f"/threads/{thread}"),
    ]
    assert {str(answer.url): answer.status_code for answer in answers if answer.status_code != 404} == {}
    assert all("button" not in answer.text for answer in answers)
    assert ann.http.get(f"/threads/{thread}/runs/{run}").status_code == 200
    for stream in (f"/threads/{thread}/stream", f"/threads/{thread}/runs/{run}/stream"):
        streamed = bo.http.get(stream).text  # its status is sent before it is refused
        assert "Thread not found" in streamed or "There is no thread" in streamed, streamed
        assert "button" not in streamed
    found = bo.post("/threads/search", {"limit": 1000}).json()
    assert {known["metadata"]["owner"] for known in found} <= {"bo"}
    assert bo.post("/threads/count", {}).json() == len(found)


@pytest.mark.parametrize(
    "wish",
    [
        {"command": {"resume": "yes"}},
        {"command": {"resume": {"type": "accept"}}},
        {"command": {"resume": {"decisions": [{"type": "approve"}]}}},
        {"command": {"goto": "apply"}},
        {"command": {"goto": [{"node": "apply", "input": {}}]}},
        {"command": {"update": {"decision": {"verb": "accept", "by": "ann"}}}},
        {"input": {"message": "x", "decision": {"verb": "accept"}}},
        {"input": SAID, "webhook": "https://evil.example"},
        {"input": SAID, "interrupt_before": ["propose"]},
        {"input": SAID, "interrupt_after": "*"},
        {"input": SAID, "multitask_strategy": "rollback"},
        {"input": SAID, "multitask_strategy": "interrupt"},
        {"input": SAID, "after_seconds": 60},
        {"input": SAID, "checkpoint_id": str(uuid.uuid4())},
        {"input": SAID, "checkpoint": {"checkpoint_ns": "x"}},
        {"input": SAID, "context": {"checkpoint_id": "x"}},
        {"input": SAID, "context": {"__pregel_resuming": True}},
        {"input": SAID, "config": {"configurable": {"__pregel_task_id": "x"}}},
        {"input": SAID, "config": {"configurable": {"checkpoint_ns": "x"}}},
        {"input": SAID, "config": {"recursion_limit": 10_000}},
        {"input": SAID, "config": {"max_concurrency": 1}},
    ],
)
def test_a_run_may_only_say_something_or_answer_by_id(ann: Person, wish: dict[str, Any]) -> None:
    refused = ann.run(ann.thread(), **wish)
    assert refused.status_code == (422 if "webhook" in wish else 403), refused.text


def test_state_owners_assistants_schedules_and_the_store_are_not_written(ann: Person, world: World) -> None:
    thread, _ = ann.paused()
    [assistant] = ann.post("/assistants/search", {}).json()
    refused = [
        ann.post(f"/threads/{thread}/state", {"values": {"reply": "yes"}, "as_node": "approve"}),
        ann.http.patch(f"/threads/{thread}", json={"metadata": {"owner": "bo"}}),
        ann.post("/assistants", {"graph_id": "jira_assistant", "config": {}}),
        ann.http.patch(f"/assistants/{assistant['assistant_id']}", json={"config": {}}),
        ann.http.delete(f"/assistants/{assistant['assistant_id']}"),
        ann.post("/runs/crons", {**GRAPH, "schedule": "* * * * *", "input": SAID}),
        ann.post(f"/threads/{thread}/runs/crons", {**GRAPH, "schedule": "* * * * *", "input": SAID}),
        ann.http.post("/internal/truncate"),
        ann.http.post("/deploy"),
        ann.http.get(f"/internal/debug/thread/{thread}"),
        ann.http.get("/metrics"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    stored = ann.http.put("/store/items", json={"namespace": ["a"], "key": "b", "value": {}})
    assert stored.status_code in (404, 405)


def test_a_thread_of_the_pages_cannot_be_taken_over(ann: Person, bo: Person, world: World) -> None:
    said = httpx.post(f"{world.plain}/chat", json=SAID, headers=dict(ann.http.headers), timeout=60).json()
    thread = said["thread_id"]
    assert bo.post("/threads", {"thread_id": thread}).status_code == 404
    assert bo.run(thread, input={"message": "yes"}, if_not_exists="create").status_code == 404
    assert ann.post("/threads", {"thread_id": thread}).status_code == 200


def test_a_conversation_that_was_led_into_somebodys_thread_is_not_theirs_to_read(
    ann: Person, bo: Person, world: World
) -> None:
    trap = bo.thread()
    led = {**SAID, "thread_id": trap}
    httpx.post(f"{world.plain}/chat", json=led, headers=dict(ann.http.headers), timeout=60).raise_for_status()
    for answer in (bo.http.get(f"/threads/{trap}/state"), bo.post(f"/threads/{trap}/history", {})):
        assert answer.status_code == 404
        assert "button" not in answer.text


def test_mcp_and_a2a_answer_in_the_name_of_the_key(ann: Person, bo: Person, world: World) -> None:
    call = {
        "name": "jira_assistant",
        "arguments": SAID,
        "context": {"user_id": "eve", "approval_mode": "return"},
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    accept = {"Accept": "application/json, text/event-stream"}
    answer = ann.http.post("/mcp", json=body, headers=accept).json()["result"]
    assert not answer.get("isError"), answer
    assert "'requires_user_approval': True" in answer["content"][0]["text"]
    thread, _ = ann.paused()
    [assistant] = bo.post("/assistants/search", {}).json()
    message = {
        "role": "user",
        "parts": [{"kind": "text", "text": "yes"}],
        "messageId": "m",
        "contextId": thread,
    }
    sent = {"jsonrpc": "2.0", "id": "1", "method": "message/send", "params": {"message": message}}
    foreign = bo.post(f"/a2a/{assistant['assistant_id']}", sent)
    assert "error" in foreign.json(), foreign.text
    assert "button" not in foreign.text
    status = ann.http.get(f"/threads/{thread}/state").json()["values"]["pending_approval"]
    assert status["unusable_replies"] == 0
