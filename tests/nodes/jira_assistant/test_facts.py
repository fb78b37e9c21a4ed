"""The facts guard: what is lost, invented or turned round is named; what is only said otherwise is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.jira_assistant.facts import compare, facts


def codes(message: str, draft: str, **more: list[str]) -> list[str]:
    return [finding["code"] for finding in compare(message, draft, **more)]


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("fixed 2 bugs", "Fixed two bugs."),
        ("needs two days", "It needs 2 days."),
        ("took 2h", "It took 2 hours."),
        ("took 30 min", "It took 30 minutes."),
        ("coverage is 87 percent", "Coverage is 87%."),
        ("1,204 rows", "1204 rows."),
        ("deploy at 5pm", "The deployment is at 17:00."),
        ("deploy at 5 PM", "The deployment is at 5pm."),
        ("due March 3", "It is due on 3 March."),
        ("due mar 3rd 2026", "It is due on March 3, 2026."),
        ("will do it tmrw", "I will do it tomorrow."),
        ("done by fri", "It will be done by Friday."),
        ("ready by EOD", "It will be ready by the end of the day."),
        ("see pay-12", "See PAY-12."),
        ("PR #123", "PR 123"),
        ("released v2.3.1", "Released version 2.3.1."),
        ("fixed `getUser()`", "Fixed {{getUser()}}."),
        ("asked anna", "Asked Anna."),
        ("see https://x.example/browse/PAY-12", "See PAY-12: https://x.example/browse/PAY-12."),
        ("one test fails", "A test fails."),
        ("1) fixed it 2) tested it", "Fixed it and tested it, as 1 and 2."),
        ("on k8s", "On Kubernetes."),
        ("found the Friday bug", "1. Found the Friday bug."),
    ],
)
def test_the_same_fact_in_another_form_is_no_finding(message: str, draft: str) -> None:
    assert codes(message, draft) == []


@pytest.mark.parametrize(
    ("message", "draft", "lost"),
    [
        ("fixed PAY-12", "Fixed it.", "PAY-12"),
        ("fixed PAY-12 and PAY-13", "Fixed PAY-12.", "PAY-13"),
        ("took 3 hours", "It took hours.", "3 hours"),
        ("at 5pm", "In the afternoon.", "5pm"),
        ("due on Friday", "Due this week.", "Friday"),
        ("upgraded to v1.2.3", "Upgraded.", "v1.2.3"),
        ("asked Anna for logs", "Asked for logs.", "Anna"),
        ("see https://x.example/1", "See the link.", "https://x.example/1"),
        ("set `retry=3`", "Set the retry.", "retry=3"),
        ("mail bob@example.com", "Mailed Bob.", "bob@example.com"),
        ("in user_id", "In the user id.", "user_id"),
        ("asked Dr. Weber to join", "Asked to join.", "Weber"),
    ],
)
def test_a_lost_fact_is_found(message: str, draft: str, lost: str) -> None:
    found = [finding for finding in compare(message, draft) if finding["code"] == "fact_lost"]
    assert any(lost in finding["message"] for finding in found)
    assert all(finding["span"] is None and finding["severity"] == "warning" for finding in found)


@pytest.mark.parametrize(
    ("message", "draft", "invented"),
    [
        ("fixed the bug", "Fixed the bug in PAY-12.", "PAY-12"),
        ("took 3 hours", "It took 4 hours.", "4 hours"),
        ("p95 is 10 ms", "p95 is 10 s.", "10 s"),
        ("coverage is 80", "Coverage is 80%.", "80%"),
        ("due March 3", "Due on March 3, 2026.", "March 3, 2026"),
        ("due on Friday", "Due next Friday.", "next Friday"),
        ("released v1.2.3", "Released v1.2.4.", "v1.2.4"),
        ("asked for a review", "Asked Anna for a review.", "Anna"),
        ("asked for a review", "The review was done by Quentin.", "Quentin"),
        ("see the wiki", "See https://wiki.example/x.", "https://wiki.example/x"),
        ("fixed PAY-12", "Fixed PAY-12 and 12 tests.", "12"),
        ("deployed", "Deployed on 2026-03-01.", "2026-03-01"),
    ],
)
def test_an_invented_fact_is_found_where_it_stands(message: str, draft: str, invented: str) -> None:
    found = [finding for finding in compare(message, draft) if finding["code"] == "fact_invented"]
    spans = [finding["span"] or [0, 0] for finding in found]
    assert invented in [draft[start:end] for start, end in spans]
    assert {finding["severity"] for finding in found} == {"error"}


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("tests are not passing", "Tests are passing."),
        ("PAY-12 isn't deployed", "PAY-12 is deployed."),
        ("can't reproduce PAY-12", "Reproduced PAY-12."),
        ("no blockers", "There are blockers."),
        ("blocked by the db team", "Working with the database team."),
        ("fixed the page", "Fixed the page, which failed."),
        ("doesn't work on Safari", "It works on Safari."),
        ("the fix works", "The fix does not work."),
        (
            "not deploying today, the flag isn't in the config",
            "Not deploying today, the flag is in the config.",
        ),
        ("nobody reviewed it, so it won't make it", "Nobody reviewed it, so it will make it."),
    ],
)
def test_an_opposite_is_found(message: str, draft: str) -> None:
    assert "fact_negation" in codes(message, draft)


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("tests not written", "Tests still need to be written."),
        ("need to write tests", "Tests are not written yet."),
        ("not merged yet", "The merge is pending."),
        ("can't deploy today - pipeline is down", "Cannot deploy today. The pipeline is down."),
        ("couldn't log in", "Users were unable to log in."),
        ("the build failed", "The build is broken."),
        ("blocked by infra", "Waiting for infrastructure."),
        ("not only fixed but tested", "Fixed and tested."),
        ("doesn't work on Safari", "It fails on Safari."),
        ("not sure why", "The cause is unclear."),
        ("PAY-12 is not done, not tested", "PAY-12 is not done and remains untested."),
        ("no worries, fixed it", "Fixed it."),
        ("close it as won't fix", "Close it as won't fix.\n\nRegards"),
    ],
)
def test_the_same_said_otherwise_is_no_opposite(message: str, draft: str) -> None:
    assert "fact_negation" not in codes(message, draft)


def test_facts_of_the_context_and_of_feedback_may_appear() -> None:
    draft = "PAY-12: Asked Sarah Lee."
    assert codes("asked my manager", draft) == ["fact_invented", "fact_invented"]
    assert codes("asked my manager", draft, allowed=["PAY-12", "Sarah Lee"]) == []
    assert codes("asked my manager", draft, feedback=["use PAY-12 and say Sarah Lee"]) == []


def test_after_feedback_a_loss_is_the_reviewers_decision() -> None:
    [finding] = compare("fixed PAY-12", "Fixed PAY-14.", feedback=["use PAY-14 instead"])
    assert (finding["code"], finding["severity"]) == ("fact_lost", "info")


@given(st.text(max_size=300))
def test_every_text_is_faithful_to_itself(text: str) -> None:
    assert compare(text, text) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_spans_lie_in_the_draft(message: str, draft: str) -> None:
    for finding in compare(message, draft):
        assert finding["span"] is None or 0 <= finding["span"][0] < finding["span"][1] <= len(draft)


def test_facts_are_in_text_order_and_apart() -> None:
    found = facts("On March 3 at 5pm Anna saw 2 errors in PAY-12 (v1.2.3), 3 days after `x=1`.")
    assert [fact.text for fact in found] == [
        "March 3",
        "5pm",
        "Anna",
        "2",
        "PAY-12",
        "v1.2.3",
        "3 days",
        "`x=1`",
    ]
