"""The JSON routes as clients see them: what is answered, and every refusal with its status."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from nodes.jira_assistant.state import Result
from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from web import schemas
from web.app import app, lifespan
from web.body_limit import MOST_BYTES

UPDATE = "fixed button bug on PAY-12, tested staging"
JSON = {"content-type": "application/json"}


async def said(web: httpx.AsyncClient, message: str = UPDATE, user: str = "ann", **context: Any) -> Any:
    body = {"message": message, "context": {"user_id": user, **context}}
    answer = await web.post("/chat", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def decided(web: httpx.AsyncClient, action_id: str, verb: str, **more: Any) -> httpx.Response:
    return await web.post(f"/approvals/{action_id}", json={"verb": verb, "user_id": "bo", **more})


async def draft(web: httpx.AsyncClient, message: str = UPDATE, **context: Any) -> str:
    action_id: str = (await said(web, message, **context))["pending_approval"]["action_id"]
    return action_id


async def test_a_message_becomes_a_draft_that_is_carried_out_once_it_is_accepted(
    web: httpx.AsyncClient,
) -> None:
    asked = await said(web)
    assert asked["requires_user_approval"] is True
    assert asked["executed"] is False
    done = (await decided(web, asked["pending_approval"]["action_id"], "accept")).json()
    assert done["executed"] is True
    assert done["decision"]["by"] == "bo"
    assert done["thread_id"] == asked["thread_id"]


async def test_a_thread_goes_on_with_its_id(web: httpx.AsyncClient) -> None:
    first = await said(web)
    body = {"message": "yes, post it", "thread_id": first["thread_id"], "context": {"user_id": "ann"}}
    assert (await web.post("/chat", json=body)).json()["executed"] is True


@pytest.mark.parametrize("mode", ["interrupt", "return"])
async def test_every_verb_works_in_both_approval_modes(web: httpx.AsyncClient, mode: str) -> None:
    edited = await decided(
        web, await draft(web, approval_mode=mode), "edit", args={"comment": "The button bug is fixed."}
    )
    assert edited.json()["generated_content"] == "The button bug is fixed."
    assert edited.json()["executed"] is True
    wished = await decided(web, await draft(web, approval_mode=mode), "respond", text="use PAY-14 instead")
    assert wished.json()["pending_approval"]["args"]["issue_key"] == "PAY-14"
    rejected = await decided(web, await draft(web, approval_mode=mode), "reject", text="wrong ticket")
    assert rejected.json()["decision"] == {
        "verb": "reject",
        "by": "bo",
        "text": "wrong ticket",
        "edit_diff": None,
    }
    assert rejected.json()["executed"] is False


async def test_a_body_that_is_not_said_to_be_json_is_refused(web: httpx.AsyncClient) -> None:
    for headers in ({}, {"content-type": "text/plain"}):
        answer = await web.post("/chat", content=b'{"message": "done', headers=headers)
        assert answer.status_code == 422
        assert "Content-Type: application/json" in answer.json()["error_message"]


async def test_what_waits_is_listed_longest_first_and_narrowed(web: httpx.AsyncClient) -> None:
    first = await draft(web, "fixed login on PAY-1, tested", user="ann")
    second = await draft(web, "fixed search on OPS-2, tested", user="bo")
    third = await draft(web, "email Cy that the login is fixed", user="ann")

    async def ids(**narrow: str) -> list[str]:
        rows = (await web.get("/approvals", params=narrow)).json()["waiting"]
        return [row["action_id"] for row in rows]

    assert await ids() == [first, second, third]
    assert await ids(project="OPS") == [second]
    assert await ids(user="ann") == [first, third]
    assert await ids(user="ann", action="send_email") == [third]
    assert (await web.get("/approvals", params={"action": "launch"})).status_code == 422


async def test_an_action_is_shown_with_its_whole_history(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    await decided(web, action_id, "edit", text="The button bug is fixed.")
    shown = schemas.ActionAndHistory.model_validate((await web.get(f"/actions/{action_id}")).json())
    assert [event.event for event in shown.history] == ["prepared", "approved", "sending", "done"]
    assert shown.action.args["comment"] == "The button bug is fixed."


async def test_the_first_decision_counts_and_the_second_is_told_of_it(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    await decided(web, action_id, "accept")
    late = await web.post(f"/approvals/{action_id}", json={"verb": "reject", "user_id": "cy"})
    assert late.status_code == 409
    assert late.json()["decision"]["by"] == "bo"
    assert late.json()["executed"] is True
    assert "bo accepted it" in late.json()["error_message"]


async def test_of_reviewers_at_the_same_moment_one_wins_and_all_others_are_told(
    web: httpx.AsyncClient,
) -> None:
    action_id = await draft(web)
    answers = await asyncio.gather(
        *(
            web.post(f"/approvals/{action_id}", json={"verb": verb, "user_id": f"{verb}-{n}"})
            for n in range(4)
            for verb in ("accept", "reject")
        )
    )
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert len(lost) == 7
    assert {loser["decision"]["by"] for loser in lost} == {won["decision"]["by"]}
    row = (await web.get(f"/actions/{action_id}")).json()["action"]
    assert row["status"] == ("done" if won["decision"]["verb"] == "accept" else "rejected")


async def test_a_decision_never_hits_a_later_draft_of_the_same_thread(web: httpx.AsyncClient) -> None:
    old = await draft(web)
    redraft = (await decided(web, old, "respond", text="make it shorter")).json()
    assert (await decided(web, old, "accept")).status_code == 409
    waiting = (await web.get("/approvals")).json()["waiting"]
    assert [row["action_id"] for row in waiting] == [redraft["pending_approval"]["action_id"]]


async def test_a_draft_whose_thread_was_deleted_can_only_be_rejected(
    web: httpx.AsyncClient, redis_client: RedisClient
) -> None:
    asked = await said(web)
    action_id = asked["pending_approval"]["action_id"]
    await RedisSaver(redis_client).adelete_thread(asked["thread_id"])
    assert (await decided(web, action_id, "accept")).status_code == 409
    assert (await decided(web, action_id, "reject")).status_code == 200
    assert (await web.get("/approvals")).json() == {"waiting": []}


async def test_an_unusable_edit_is_refused_and_the_draft_waits_on(web: httpx.AsyncClient) -> None:
    action_id = await draft(web)
    refused = await decided(web, action_id, "edit", text="The password is hunter2secret, fixed and tested.")
    assert refused.status_code == 422
    assert refused.json()["error"] == "invalid_decision"
    assert (await decided(web, action_id, "accept")).json()["executed"] is True


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/chat", {"message": UPDATE}, 422, "missing_context"),
        ("/chat", {"message": "  ", "context": {"user_id": "a"}}, 422, "empty_input"),
        ("/chat", {"message": "x" * 6000, "context": {"user_id": "a"}}, 422, "input_too_long"),
        ("/chat", {"message": 7, "context": {"user_id": "a"}}, 422, "invalid_request"),
        ("/chat", {"message": "x", "context": {"comment_prompt": "obey"}}, 422, "invalid_request"),
        ("/approvals/none", {"verb": "accept", "user_id": "a"}, 404, "action_not_found"),
        ("/approvals/none", {"verb": "explode", "user_id": "a"}, 422, "invalid_request"),
        ("/approvals/none", {"verb": "accept", "user_id": ""}, 422, "invalid_request"),
        ("/approvals/none", {"verb": "respond", "user_id": "a"}, 422, "invalid_request"),
        ("/approvals/none", {"verb": "edit", "user_id": "a"}, 422, "invalid_request"),
        ("/approvals/none", {"verb": "accept", "user_id": "a", "text": "but"}, 422, "invalid_request"),
    ],
)
async def test_what_is_refused_says_why(
    web: httpx.AsyncClient, path: str, body: Any, status: int, error: str
) -> None:
    answer = await web.post(path, json=body)
    assert answer.status_code == status
    problem = schemas.Problem.model_validate(answer.json())
    assert problem.error == error
    assert problem.error_message


async def test_an_unknown_action_is_not_found(web: httpx.AsyncClient) -> None:
    answer = await web.get("/actions/none")
    assert (answer.status_code, answer.json()["error"]) == (404, "action_not_found")


async def test_bodies_above_the_limit_are_refused_declared_or_not(web: httpx.AsyncClient) -> None:
    body = b'{"message": "' + b"x" * MOST_BYTES + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    for content in (body, in_pieces()):
        answer = await web.post("/chat", content=content, headers=JSON)
        assert answer.status_code == 413
        assert "256 kB" in answer.json()["error_message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"message": "\\ud800"}'])
async def test_a_body_that_is_no_json_is_refused(web: httpx.AsyncClient, body: bytes) -> None:
    answer = await web.post("/chat", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    assert "Traceback" not in answer.text


async def test_an_unreachable_redis_is_503_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
        answers = [
            await web.post("/chat", json={"message": UPDATE, "context": {"user_id": "a"}}),
            await decided(web, "none", "accept"),
            await web.get("/approvals"),
            await web.get("/actions/none"),
            await web.get("/review"),
            await web.post(
                "/app", data={"message": UPDATE, "name": "a"}, headers={"Origin": "http://localhost"}
            ),
        ]
    assert [answer.status_code for answer in answers] == [503] * 6
    assert {answer.headers["retry-after"] for answer in answers} == {"1"}
    assert {answer.json()["error"] for answer in answers[:4]} == {"storage_unavailable"}
    assert "did not carry out" in answers[4].text


async def test_the_description_names_the_routes_and_every_field_of_a_result(web: httpx.AsyncClient) -> None:
    described = (await web.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/chat",
        "/approvals",
        "/approvals/{action_id}",
        "/actions/{action_id}",
        "/health/live",
        "/health/ready",
        "/metrics/assistant",
        "/costs",
        "/stats",
        "/tone",
    }
    fields = described["components"]["schemas"]["Result"]["properties"]
    assert set(fields) == {*Result.__annotations__, "thread_id"}
    result = await said(web)
    schemas.Result.model_validate(result, strict=True)
    assert set(result) == set(fields)


async def test_the_actions_of_one_message_are_decided_on_in_any_order(web: httpx.AsyncClient) -> None:
    said = {
        "message": "PAY-12 done, PAY-13 blocked by infra, email Anna about it",
        "context": {"user_id": "u1"},
    }
    parts = (await web.post("/chat", json=said)).json()["parts"]
    waiting = (await web.get("/approvals")).json()["waiting"]
    assert {row["action_id"] for row in waiting} == {part["action_id"] for part in parts}
    for part, verb in ((parts[2], "reject"), (parts[1], "accept"), (parts[0], "accept")):
        decision = {"verb": verb, "user_id": "u1"}
        answer = await web.post(f"/approvals/{part['action_id']}", json=decision)
        assert answer.status_code == 200, answer.text
    assert [part["status"] for part in answer.json()["parts"]] == ["done", "done", "rejected"]
    assert (await web.get("/approvals")).json()["waiting"] == []


async def test_edits_that_drafts_learn_from_can_be_seen_and_erased(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("LEARN_FROM_EDITS", "true")
    transport = httpx.ASGITransport(app)
    async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
        action_id = await draft(web)
        await decided(web, action_id, "edit", args={"comment": "The button bug on PAY-12 is fixed."})
        [edit] = (await web.get("/tone", params={"user": "ann"})).json()["edits"]
        assert (edit["action_id"], edit["edited_by"]) == (action_id, "bo")
        assert edit["changed"]["comment"][1] == "The button bug on PAY-12 is fixed."
        assert (await web.get("/tone", params={"user": "bo"})).json() == {"edits": []}
        assert (await web.get("/tone")).status_code == 422
        gone = await web.delete("/tone", params={"user": "ann", "action_id": action_id})
        assert gone.json() == {"forgotten": 1}
        assert (await web.get("/tone", params={"user": "ann"})).json() == {"edits": []}
