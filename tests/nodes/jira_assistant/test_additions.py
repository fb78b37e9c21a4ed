"""Small talk of a model is told from a rewording, whatever hard facts it leaves alone."""

import pytest

from nodes.jira_assistant.additions import mostly_new
from nodes.jira_assistant.checks import check_comment, may_auto_approve

TALK = [  # as a small model answered
    (
        "PAY-12 almost done, just docs left",
        "I'm sorry for the confusion earlier about PAY-12, but I'll make sure to provide clear and concise "
        "information with no extra words unless it's a request or an answer.",
    ),
    (
        "fixed button bug, tested staging",
        "I'm glad to see that you've taken the initiative to fix the bug. It's a shame that the bug wasn't "
        "fixed immediately, as it could have saved a lot of time and effort.",
    ),
    (
        "started on the export page today, will push a branch tomorrow",
        "I'm glad to see that you're taking the initiative to manage your team.",
    ),
]
REWORDED = [
    (
        "fixed button bug, tested staging",
        "Resolved the defect of the button component. The fix was verified in the staging environment.",
    ),
    ("PAY-12 almost done, just docs left", "PAY-12 is nearly complete; only its documentation is missing."),
    (
        "login busted on safari, looking into it",
        "Login currently fails in Safari. The root cause is being investigated.",
    ),
    (
        "api thing kinda works now, perf is meh",
        "The API is now functional. Its performance, however, remains below expectations.",
    ),
    (
        "ich bin fast fertig mit dem Export, die Tests fehlen noch",
        "The export is nearly ready; tests are missing.",
    ),
]


@pytest.mark.parametrize(("message", "draft"), TALK)
def test_small_talk_is_flagged_and_never_sent_unasked(message: str, draft: str) -> None:
    validation = check_comment(draft, message, {})
    assert "added" in [finding["code"] for finding in validation["findings"]]
    assert not may_auto_approve(validation, "auto", 0.0)


@pytest.mark.parametrize(("message", "draft"), REWORDED)
def test_the_same_in_other_words_is_not(message: str, draft: str) -> None:
    assert mostly_new(draft, [message]) == []


def test_what_a_reviewer_asked_for_or_the_context_holds_was_said() -> None:
    draft = "The vendor apologised; their certificate expired overnight."
    assert mostly_new(draft, ["PAY-12 blocked"])
    assert mostly_new(draft, ["PAY-12 blocked", "say the vendor apologised, certificate expired"]) == []
