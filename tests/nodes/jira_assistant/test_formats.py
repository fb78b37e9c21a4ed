"""The pause as each client reads it."""

from typing import Any

import pytest

from nodes.jira_assistant.formats import describe, payload
from nodes.jira_assistant.state import PendingApproval

PENDING: PendingApproval = {
    "action_id": "a1",
    "action": "post_jira_comment",
    "args": {"issue_key": "PROJ-12", "comment": "The button is fixed."},
    "missing": [],
    "digest": "d",
    "description": "what to review",
    "expires_at": 0.0,
    "problem": None,
    "unusable_replies": 0,
}


def test_agent_inbox_gets_a_list_of_one_with_flat_text_arguments() -> None:
    [request] = payload(PENDING, "agent_inbox")
    assert request["action_request"] == {"action": "post_jira_comment", "args": PENDING["args"]}
    assert set(request["config"]) == {"allow_ignore", "allow_respond", "allow_edit", "allow_accept"}
    assert all(isinstance(value, str) for value in request["action_request"]["args"].values())


def test_agent_chat_ui_gets_requests_and_what_may_be_decided() -> None:
    value = payload(PENDING, "hitl")
    assert set(value) == {"action_requests", "review_configs"}
    assert value["action_requests"][0]["args"] == PENDING["args"]
    assert value["review_configs"][0]["action_name"] == "post_jira_comment"
    assert value["review_configs"][0]["allowed_decisions"] == ["approve", "edit", "reject", "respond"]


def test_the_hybrid_is_both_with_the_arguments_twice() -> None:
    value = payload(PENDING, "hybrid")
    assert value["action_request"]["args"] == PENDING["args"]
    [request] = value["action_requests"]
    assert request["args"] == request["arguments"] == PENDING["args"]


@pytest.mark.parametrize("interrupt_format", ["agent_inbox", "hitl", "hybrid"])
def test_why_the_last_reply_failed_is_shown(interrupt_format: Any) -> None:
    value = payload({**PENDING, "problem": "It was empty."}, interrupt_format)
    assert "It was empty." in str(value)


def test_the_description_shows_original_draft_findings_target_and_expiry() -> None:
    text = describe(
        "fixed it\nreally",
        "It is fixed.",
        target="PROJ-12",
        score=0.7,
        findings=[
            {"code": "tone", "severity": "warning", "span": None, "message": "Too casual.", "fix": "Reword."}
        ],
        notes=["Every change outside needs approval."],
        expires_at=0,
    )
    for part in (
        "> fixed it\n> really",
        "> It is fixed.",
        "0.70",
        "Too casual. Reword.",
        "PROJ-12",
        "1970-01-01",
    ):
        assert part in text
