"""Every shape that clients send as an answer, and that nothing unrecognised ever accepts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.jira_assistant.decisions import Answer, parse
from nodes.jira_assistant.spoken import answers_draft, spoken_verb
from services.errors import InvalidDecision

PROPOSED = {"issue_key": "PROJ-12", "comment": "The button is fixed."}
EDITED = {"issue_key": "PROJ-12", "comment": "edited"}
ACTION = "post_jira_comment"


def inbox(kind: str, args: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "args": args}]


def hitl(**decision: Any) -> dict[str, Any]:
    return {"decisions": [decision]}


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (inbox("accept", None), Answer("accept")),
        (inbox("accept", {"action": ACTION, "args": PROPOSED}), Answer("accept")),
        (inbox("edit", {"action": ACTION, "args": EDITED}), Answer("edit", args=EDITED)),
        (inbox("edit", {"action": ACTION, "args": {"comment": "edited"}}), Answer("edit", args=EDITED)),
        (inbox("edit", {"action": ACTION, "args": PROPOSED}), Answer("accept")),
        (inbox("response", "make it shorter"), Answer("respond", text="make it shorter")),
        (inbox("ignore", None), Answer("reject")),
        (hitl(type="approve"), Answer("accept")),
        (hitl(type="edit", edited_action={"name": ACTION, "args": EDITED}), Answer("edit", args=EDITED)),
        (hitl(type="reject", message="wrong ticket"), Answer("reject", text="wrong ticket")),
        (hitl(type="reject"), Answer("reject")),
        (hitl(type="respond", message="use PROJ-14"), Answer("respond", text="use PROJ-14")),
        ({"type": "approve"}, Answer("accept")),
        (json.dumps(hitl(type="approve")), Answer("accept")),
        (json.dumps(inbox("ignore", None)), Answer("reject")),
        ("yes", Answer("accept")),
        ("LGTM!", Answer("accept")),
        ("Yes, post it", Answer("accept")),
        ("no", Answer("reject")),
        ("Never mind.", Answer("reject")),
        ("make it shorter", Answer("respond", text="make it shorter")),
        ("yes but mention staging", Answer("respond", text="yes but mention staging")),
        ("no, use PROJ-14", Answer("respond", text="no, use PROJ-14")),
        (True, Answer("accept")),
        (False, Answer("reject")),
    ],
)
def test_each_accepted_shape_means_one_decision(reply: Any, answer: Answer) -> None:
    assert parse(reply, ACTION, PROPOSED) == answer


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   ",
        [],
        {},
        None,
        0,
        1,
        3.5,
        [[]],
        {"decisions": []},
        {"decisions": [{"type": "approve"}, {"type": "approve"}]},
        {"decisions": {"type": "approve"}},
        [{"type": "accept"}, {"type": "accept"}],
        {"type": "approved!"},
        {"type": ["approve"]},
        {"type": None},
        {"approve": True},
        inbox("edit", None),
        inbox("edit", {"action": "send_email", "args": EDITED}),
        inbox("edit", {"action": ACTION, "args": {"comment": "x", "assignee": "me"}}),
        inbox("edit", {"action": ACTION, "args": {"comment": {"deep": 1}}}),
        inbox("edit", {"action": ACTION, "args": {"comment": "x" * 20_001}}),
        inbox("accept", {"action": ACTION, "args": EDITED}),
        inbox("accept", {"action": "send_email", "args": PROPOSED}),
        inbox("response", ""),
        inbox("response", 7),
        hitl(type="edit", edited_action="post"),
        hitl(type="respond"),
        hitl(type="edit", edited_action={"name": "delete_issue", "args": PROPOSED}),
    ],
)
def test_an_unusable_reply_is_refused_with_a_reason(reply: Any) -> None:
    with pytest.raises(InvalidDecision) as refused:
        parse(reply, ACTION, PROPOSED)
    assert len(refused.value.message) > 20


@given(st.text(max_size=200))
def test_text_accepts_only_when_all_of_it_is_in_the_closed_list(said: str) -> None:
    try:
        answer = parse(said, ACTION, PROPOSED)
    except InvalidDecision:
        return
    assert (answer.verb == "accept") == (spoken_verb(said) == "accept")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_arbitrary_json_never_crashes_and_never_accepts_unasked(value: Any) -> None:
    try:
        answer = parse(value, ACTION, PROPOSED)
    except InvalidDecision:
        return
    if answer.verb == "accept":
        while isinstance(value, list) or (isinstance(value, dict) and "decisions" in value):
            value = value[0] if isinstance(value, list) else value["decisions"][0]
        assert value is True or (isinstance(value, str) and spoken_verb(value)) or value["type"]


def test_values_of_an_edit_are_coerced_to_text() -> None:
    args = {"issue_key": None, "comment": 42}
    answer = parse(inbox("edit", {"action": ACTION, "args": args}), ACTION, PROPOSED)
    assert answer.args == {"issue_key": "", "comment": "42"}


def test_a_deeply_nested_reply_is_refused_and_not_followed() -> None:
    reply: Any = {"type": "approve"}
    for _ in range(10_000):
        reply = [reply]
    with pytest.raises(InvalidDecision):
        parse(reply, ACTION, PROPOSED)
    with pytest.raises(InvalidDecision):
        parse("[" * 100_000, ACTION, {})


@pytest.mark.parametrize(
    "message",
    ["yes, post it", "make it shorter", "no", "more formal please", "add that tests pass", "too long", "👍"],
)
def test_a_chat_answer_is_recognised(message: str) -> None:
    assert answers_draft(message)


@pytest.mark.parametrize(
    "message",
    [
        "fixed the login page",
        "done with PAY-12",
        "email Anna about the release",
        "add a comment to PAY-9 that staging is up",
        "yes I finished PAY-12 and deployed it",
        "no luck with the flaky test today",
        "how many tickets did I close?",
    ],
)
def test_a_new_message_is_not_taken_for_an_answer(message: str) -> None:
    assert not answers_draft(message)
