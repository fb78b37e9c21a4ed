"""Which messages are several actions, and which only look so."""

import pytest

from nodes.jira_assistant.splitting import split

DONE, UPDATE, MAIL = "task_completion", "task_update", "email_request"

SEVERAL: dict[str, list[tuple[str, str]]] = {
    "PAY-12 done, PAY-13 blocked by infra, email Anna about it": [
        (DONE, "PAY-12 done"),
        (UPDATE, "PAY-13 blocked by infra"),
        (MAIL, "PAY-12 done, PAY-13 blocked by infra, email Anna about it"),
    ],
    "PAY-12: fixed the button bug. PAY-13: waiting for QA": [
        (UPDATE, "PAY-12: fixed the button bug"),
        (UPDATE, "PAY-13: waiting for QA"),
    ],
    "tested PAY-12 on staging, fixed the flaky test in PAY-13": [
        (UPDATE, "tested PAY-12 on staging"),
        (UPDATE, "fixed the flaky test in PAY-13"),
    ],
    "Fixed login on PAY-1; PAY-2 still failing on CI; write an email to Bob that the release slips": [
        (UPDATE, "Fixed login on PAY-1"),
        (UPDATE, "PAY-2 still failing on CI"),
        (MAIL, "write an email to Bob that the release slips"),
    ],
    "PAY-12 done, PAY-14 done, PAY-13 in review, send a mail to my manager about this": [
        (DONE, "PAY-12 done, PAY-14 done"),
        (UPDATE, "PAY-13 in review"),
        (MAIL, "PAY-12 done, PAY-14 done, PAY-13 in review, send a mail to my manager about this"),
    ],
    "PAY-13 is blocked, waiting for infra. PAY-14 is in review": [
        (UPDATE, "PAY-13 is blocked, waiting for infra"),
        (UPDATE, "PAY-14 is in review"),
    ],
}


@pytest.mark.parametrize("text", SEVERAL)
def test_each_part_stands_alone(text: str) -> None:
    assert [(part.intent, part.text) for part in split(text)] == SEVERAL[text]


@pytest.mark.parametrize(
    "text",
    [
        "PAY-12 and PAY-13 are done",
        "we've closed PAY-12, PAY-13 and PAY-14",
        "PAY-12 is blocked by PAY-13",
        "PAY-12 in review, waiting for PAY-13",
        "if PAY-12 is done, PAY-13 can start",
        "PAY-12 done once PAY-13 is merged",
        "is PAY-12 done? PAY-13 is",
        "PAY-12 is done, PAY-13 is not",
        "PAY-12 done and PAY-13 done by Friday",
        "by Friday PAY-12 is done, PAY-13 is tested",
        "email Anna that PAY-12 is done and PAY-13 is blocked",
        "PAY-12 is done, email Anna about it",
        "PAY-12 and PAY-13 marked by mistake, PAY-12 is not finished",
        'Anna wrote "PAY-12 done, PAY-13 blocked"',
        "fixed the button bug, tested staging",
    ],
)
def test_what_only_looks_like_several_stays_whole(text: str) -> None:
    assert split(text) == []


def test_beside_unfinished_work_a_finish_is_only_reported() -> None:
    """Nobody asks for it to be marked: "PAY-12 done, PAY-13 blocked" is a report, by contract an update."""
    assert {part.intent for part in split("PAY-12 done, PAY-13 blocked by infra")} == {UPDATE}


def test_more_than_eight_parts_are_one_report() -> None:
    assert split("\n".join(f"PAY-{n}: in review" for n in range(1, 9)))
    assert split("\n".join(f"PAY-{n}: in review" for n in range(1, 10))) == []
