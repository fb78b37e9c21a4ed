"""What the rules write passes the checks, on every message that we know."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.jira_assistant.checks import check_comment, check_email
from nodes.jira_assistant.contracts import Finding
from nodes.jira_assistant.language.tables import word_set
from nodes.jira_assistant.offline_comment import draft_comment
from nodes.jira_assistant.offline_email import draft_email
from tests.nodes.jira_assistant.comment_examples import EXAMPLES

ROUTED = Path(__file__).parents[2] / "evals" / "routing_dev.jsonl"
MESSAGES = [
    *(said for pairs in EXAMPLES.values() for said, _ in pairs),
    *(json.loads(line)["text"] for line in ROUTED.read_text(encoding="utf-8").splitlines()),
]
NOISE = word_set("lol haha awesome gotcha huh?")
"""Messages of nothing but a casual word: there is nothing else to write."""


def faults(findings: list[Finding], *expected: str) -> list[str]:
    return [finding["message"] for finding in findings if finding["code"] not in expected]


def test_comments_lose_invent_claim_and_deny_nothing() -> None:
    """Too short and an address in the message are the message's own."""
    wrong = {
        said: found
        for said in MESSAGES
        if (found := faults(check_comment(draft_comment(said), said, {})["findings"], "length", "sensitive"))
    }
    assert set(wrong) <= NOISE


def test_emails_lose_invent_claim_and_deny_nothing() -> None:
    context = {"user_name": "Ana Ruiz"}
    wrong = {
        said: found
        for said in MESSAGES
        if (
            found := faults(
                check_email(draft_email(said, context), said, context)["findings"], "missing_field"
            )
        )
    }
    assert wrong == {}


@given(st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=3).map(". ".join))
@settings(max_examples=100)
def test_several_messages_in_one_are_drafted_as_faithfully(said: str) -> None:
    findings = check_comment(draft_comment(said), said, {})["findings"]
    assert faults(findings, "length", "sensitive", "tone", "completion_marker") == []


@pytest.mark.parametrize("theme", EXAMPLES)
def test_the_comments_of_each_theme_are_long_enough_to_be_posted(theme: str) -> None:
    for said, written in EXAMPLES[theme]:
        if theme != "where the rules are unsure they do the least":
            assert check_comment(written, said, {})["length_ok"], written
