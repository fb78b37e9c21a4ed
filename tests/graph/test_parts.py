"""A message that asks for several things: each is drafted, asked about and carried out by itself."""

from typing import Any

import pytest

from services.errors import ActionFailed
from services.steps import run
from tests.fakes import RecordingConnector, ScriptedModels
from tests.graph.conftest import Conversation, Start

SEVERAL = "PAY-12 done, PAY-13 blocked by infra, email Anna about it"
YES = {"decisions": [{"type": "approve"}]}


def statuses(out: dict[str, Any]) -> list[str]:
    return [part["status"] for part in out["parts"]]


def receivers() -> dict[str, RecordingConnector]:
    return {name: RecordingConnector() for name in ("mark_task_complete", "post_jira_comment", "send_email")}


def to_anna(chat: Conversation, out: dict[str, Any]) -> dict[str, Any]:
    args = {**out["pending_approval"]["args"], "to": "anna@example.org", "signature": "Sam"}
    return chat.answer([{"type": "edit", "args": {"action": "send_email", "args": args}}])


def test_each_action_has_an_approval_of_its_own_in_order(start: Start) -> None:
    jira = receivers()
    chat = start(connectors=jira)
    first = chat.say(SEVERAL)
    assert first["pending_approval"]["action"] == "mark_task_complete"
    assert first["pending_approval"]["args"]["issue_keys"] == "PAY-12"
    assert statuses(first) == ["pending", "waits", "waits"]
    second = chat.answer(YES)
    assert second["pending_approval"]["args"]["issue_key"] == "PAY-13"
    assert second["pending_approval"]["args"]["comment"] == "PAY-13 is blocked by infrastructure."
    third = chat.answer(YES)
    assert third["pending_approval"]["action"] == "send_email"
    assert "PAY-12 is done" in third["pending_approval"]["args"]["body"]
    out = to_anna(chat, third)
    assert statuses(out) == ["done", "done", "done"]
    assert (out["success"], out["executed"], out["original_input"]) == (True, True, SEVERAL)
    assert [len(receiver.performed) for receiver in jira.values()] == [1, 1, 1]
    assert chat.assistant.get_state(chat.config).next == ()


def test_some_may_be_accepted_and_others_not(start: Start) -> None:
    jira = receivers()
    chat = start(connectors=jira)
    chat.say(SEVERAL)
    chat.answer("no")
    third = chat.answer(YES)
    out = chat.answer({"decisions": [{"type": "reject", "message": "I call her"}]})
    assert statuses(out) == ["rejected", "done", "rejected"]
    assert (out["success"], out["executed"]) == (True, False)
    assert [len(receiver.performed) for receiver in jira.values()] == [0, 1, 0]
    assert third["parts"][0]["action_id"]


def test_a_finished_task_among_others_is_always_confirmed(start: Start) -> None:
    out = start(approval_policy={"mark_task_complete": "auto"}).say(SEVERAL)
    assert out["requires_user_approval"] is True
    assert out["executed"] is False


def test_a_wish_is_about_its_own_part(start: Start) -> None:
    chat = start(connectors=receivers())
    chat.say(SEVERAL)
    chat.answer(YES)
    again = chat.answer([{"type": "response", "args": "say that infra is informed"}])
    assert again["pending_approval"]["args"]["issue_key"] == "PAY-13"
    assert statuses(again) == ["done", "pending", "waits"]
    assert statuses(chat.answer(YES)) == ["done", "done", "pending"]


def test_one_that_fails_is_told_and_the_others_go_on(start: Start) -> None:
    jira = receivers()
    jira["mark_task_complete"].fails_with = ActionFailed("Jira says no.")
    chat = start(connectors=jira)
    chat.say(SEVERAL)
    second = chat.answer(YES)
    assert second["parts"][0]["error_message"] == "Jira says no."
    assert second["pending_approval"]["args"]["issue_key"] == "PAY-13"
    chat.answer(YES)
    out = chat.answer("no")
    assert statuses(out) == ["failed", "done", "rejected"]
    assert out["success"] is False


def test_a_new_message_withdraws_all_that_waits(start: Start) -> None:
    chat = start()
    first = chat.say(SEVERAL)
    out = chat.say("fixed button bug, tested staging")
    assert out["superseded"] == first["pending_approval"]["action_id"]
    rows = run(chat.services.ledger.all(0, 1e12))
    assert [row["status"] for row in rows] == ["superseded"] * 3 + ["prepared"]
    assert out["parts"] == []
    assert statuses(chat.say("PAY-1: in review. PAY-2: blocked by infra")) == ["pending", "waits"]


def test_the_parts_are_written_by_the_model_each_from_its_own_words(start: Start) -> None:
    def written(request: Any) -> str:
        said = request.messages[-1][1]
        return "PAY-1 is in review." if "PAY-1" in said else "PAY-2 is blocked by infra."

    models = ScriptedModels(written, written)
    chat = start(models)
    first = chat.say("PAY-1: in review. PAY-2: blocked by infra")
    assert not any("PAY-1" in r.messages[-1][1] and "PAY-2" in r.messages[-1][1] for r in models.asked)
    second = chat.answer(YES)
    assert [first["generated_content"], second["generated_content"]] == [
        "PAY-1 is in review.",
        "PAY-2 is blocked by infra.",
    ]
    out = chat.answer(YES)
    assert out["metadata"]["cost_usd"] == pytest.approx(0.002)


def test_where_drafts_are_returned_the_parts_follow_one_another(start: Start) -> None:
    chat = start()
    out = chat.say(SEVERAL, approval_mode="return")
    assert "__interrupt__" not in out
    assert statuses(out) == ["pending", "waits", "waits"]
    out = chat.say("yes", approval_mode="return")
    assert statuses(out) == ["done", "pending", "waits"]
    assert out["requires_user_approval"] is True


def test_all_of_them_wait_in_the_queue_and_may_be_decided_on_in_any_order(start: Start) -> None:
    chat = start(connectors=receivers())
    first = chat.say(SEVERAL)
    assert len(run(chat.services.ledger.pending())) == 3
    comment = first["parts"][1]["action_id"]
    out = chat.give({"reply": "yes", "reply_to": comment})
    assert statuses(out) == ["pending", "done", "waits"]
    assert out["pending_approval"]["action_id"] == first["pending_approval"]["action_id"]
    mail = first["parts"][2]["action_id"]
    assert statuses(chat.give({"reply": "no", "reply_to": mail})) == ["pending", "done", "rejected"]
    out = chat.answer(YES)
    assert statuses(out) == ["done", "done", "rejected"]
    assert chat.assistant.get_state(chat.config).next == ()


def test_a_redraft_that_waits_is_not_lost_while_another_part_is_decided(start: Start) -> None:
    chat = start(connectors=receivers())
    first = chat.say(SEVERAL)
    chat.answer(YES)
    again = chat.answer([{"type": "response", "args": "say that infra is informed"}])
    mail = first["parts"][2]["action_id"]
    out = chat.give({"reply": "no", "reply_to": mail})
    assert out["pending_approval"]["action_id"] == again["pending_approval"]["action_id"]
    assert statuses(chat.answer(YES)) == ["done", "done", "rejected"]


def test_what_was_decided_elsewhere_is_not_asked_again(start: Start) -> None:
    """As after a crash between an effect and the thread's next state."""
    chat = start()
    first = chat.say(SEVERAL)
    decision = {"verb": "reject", "by": "u2", "text": None, "edit_diff": None}
    for part in first["parts"][:2]:
        row = run(chat.services.ledger.get(part["action_id"]))
        run(chat.services.ledger.decide(row["action_id"], row["digest"], decision))
    out = chat.answer(YES)
    assert statuses(out) == ["rejected", "rejected", "pending"]


def test_every_part_is_one_action_of_the_ledger(start: Start) -> None:
    chat = start()
    chat.say(SEVERAL)
    for reply in (YES, YES, "no"):
        chat.answer(reply)
    rows = run(chat.services.ledger.all(0, 1e12))
    assert {row["action"]: row["status"] for row in rows} == {
        "mark_task_complete": "done",
        "post_jira_comment": "done",
        "send_email": "rejected",
    }


async def test_asynchronously_the_same_comes_of_it(start: Start) -> None:
    chat = start()
    context: Any = {"user_id": "u1"}
    out = await chat.assistant.ainvoke({"message": SEVERAL}, chat.config, context=context)
    assert statuses(out) == ["pending", "waits", "waits"]
