"""What is taken for a habit, and what never is."""

import pytest

from nodes.jira_assistant.habits import as_usual, habits


def learned(*edits: tuple[str, str], new: str) -> str:
    return as_usual(new, habits(edits))


def test_a_phrase_replaced_twice_is_replaced_from_then_on() -> None:
    edits = [
        ("PAY-1 is blocked by infrastructure.", "PAY-1 is blocked by infra."),
        ("Waiting for infrastructure. access to PAY-2.", "Waiting for infra. access to PAY-2."),
    ]
    assert learned(*edits, new="PAY-3 waits for infrastructure.") == "PAY-3 waits for infra."


def test_a_sentence_struck_out_twice_is_left_out() -> None:
    end = " Please let me know if you have any questions."
    edits = [("I am ill." + end, "I am ill."), ("PAY-1 is late." + end, "PAY-1 is late.")]
    assert learned(*edits, new="The release slips." + end) == "The release slips."


def test_what_is_always_put_at_the_end_is_put_there() -> None:
    edits = [("Fixed it.", "Fixed it. Cheers!"), ("Tested it.", "Tested it. Cheers!")]
    assert learned(*edits, new="Merged it.") == "Merged it. Cheers!"
    assert learned(*edits, new="Merged it. Cheers!") == "Merged it. Cheers!"


def test_once_is_a_correction() -> None:
    assert learned(("Fixed the issue.", "Fixed the problem."), new="Found the issue.") == "Found the issue."


def test_what_is_left_standing_as_often_is_no_habit() -> None:
    changed = ("Checked the deployment. Fine.", "Checked the rollout. Fine.")
    left = ("The deployment. is late.", "The deployment. is really late.")
    assert learned(changed, changed, left, left, new="The deployment. ran.") == "The deployment. ran."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Deployed to PAY-1 staging.", "Deployed to PAY-2 staging."),
        ("It takes 5 minutes more.", "It takes 50 minutes more."),
        ("Tests are running there.", "Tests are not running there."),
        ("The work continues here.", "The work completed here."),
        ("It is here.", "It was here."),
        ("Anna reviews this today.", "Bob reviews this today."),
    ],
)
def test_facts_negations_and_finishes_are_never_habits(before: str, after: str) -> None:
    assert habits([(before, after)] * 5) == []


def test_a_text_without_any_habit_stays_byte_for_byte() -> None:
    text = "  - one\n\n  - two   three\n"
    assert learned(("Checked twice.", "Looked twice."), ("Checked it.", "Looked it."), new=text) == text
