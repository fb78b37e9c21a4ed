"""A real weak model, over real HTTP, through the whole graph: it rambles, invents and misjudges, and what
reaches the reviewer is a clean draft, a flagged one, or the one from rules. `make slow` prints the figures.

What is asserted is read off the texts by a few patterns of this file, not by the checks under test.
"""

import re
import time
from collections import Counter
from typing import Any

import pytest

from graph import open_assistant
from nodes.jira_assistant.state import Context
from services.settings import Settings
from web.local_model import serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

FINISHED = ("that's done", "refund flow: done", "done with PAY-12")
DRAFTED = (
    "fixed button bug, tested staging",
    "deployed 2.4.1 to staging at 17:00, 3 tests still red, blocked by OPS-7",
    "found the memory leak in the worker, fix in review",
    "PAY-12 almost done, just docs left",
    "waiting for Lena to review the schema change for WEB-3",
    "started on the export page today, will push a branch tomorrow",
    "ran the benchmarks for API-9, p99 went from 80 to 40 ms",
    "login still broken on Safari 17, see https://example.org/trace/41",
    "refactored `parse_date`, 14 of 20 tests pass",
    "rolled back release 5.1 because of ERR-204",
    "email Anna that PAY-12 is blocked until Friday",
    "email my manager I'm ill today",
    "write to lee@example.org that the demo moves to 2027-03-01",
)
UNPLACED = (
    "banana PAY-12 sideways",
    "the export thing again",
    "the completion rate dropped last week",
    "my coffee break is finished",
    "PAY-12 is about the done column",
    "yeah right, PAY-12 is totally done /s",
    "can you mark PAY-12 as done?",
    "today: finish OPS-3",
)
CONTEXT = Context(user_id="u1", user_name="Sam Poe", manager_name="Mo Ray", manager_email="mo@example.org")

_HARD_FACT = re.compile(r"https?://[^\s)\]]*[\w/]|[\w.+-]+@[\w.-]+\w|\b[A-Z]{2,}-\d+\b|\d+(?:[.:-]\d+)*")
_CLAIM = re.compile(r"\b(?:completed|finished|accomplished)\b", re.I)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Any:
    with serving() as leading_to_it:
        for name, value in leading_to_it.items():
            monkeypatch.setenv(name, value)
        for name in ("MAX_TOKENS_PRIMARY", "MAX_TOKENS_FAST"):
            monkeypatch.setenv(name, "120")  # about as many as a comment of 100 words needs
        monkeypatch.setenv("CIRCUIT_FAILURE_THRESHOLD", "1000")  # every message is to meet the model
        yield Settings()


def test_whatever_a_weak_model_says_the_reviewer_sees_no_unflagged_invention(settings: Settings) -> None:
    written, sorted_by, seconds = Counter[str](), Counter[str](), []
    with open_assistant(settings) as assistant:
        for number, message in enumerate((*FINISHED, *DRAFTED, *UNPLACED)):
            config: Any = {"configurable": {"thread_id": f"t-{number}"}}
            began = time.monotonic()
            out = assistant.invoke({"message": message}, config, context=CONTEXT)
            seconds.append(time.monotonic() - began)
            stage = assistant.get_state(config).values["classification"]["stage"]
            sorted_by[stage] += 1
            assert out["success"], (message, out)
            assert_no_wrong_completion(message, out)
            if out["backend_action"] in ("show_comment_for_approval", "show_email_for_approval"):
                assert_flagged_or_clean(message, out)
                written[writer_of(out)] += 1
            print(f"{seconds[-1]:6.1f} s  {stage:8}  {out['backend_action']:26}  {message}")  # noqa: T201
    print(f"drafts {dict(written)}; sorted by {dict(sorted_by)}")  # noqa: T201
    print(f"seconds a message: {sum(seconds) / len(seconds):.1f}, at most {max(seconds):.1f}")  # noqa: T201
    assert written.total() >= len(DRAFTED)
    assert sorted_by["model"] + sorted_by["fallback"] >= len(UNPLACED) // 2, "the model was hardly asked"


def assert_no_wrong_completion(message: str, out: dict[str, Any]) -> None:
    """Only what says so is finished unasked."""
    if out["backend_action"] == "mark_task_complete" and message not in FINISHED:
        assert out["requires_user_approval"], (message, out)
    assert not out["executed"] or message in FINISHED, (message, out)


def assert_flagged_or_clean(message: str, out: dict[str, Any]) -> None:
    draft, findings = out["generated_content"], out["validation"]["findings"]
    assert out["requires_user_approval"], (message, out)
    assert out["metadata"].get("draft_error") != "circuit_open", "the model was given up, and not tried"
    assert not [finding for finding in findings if finding["severity"] == "error"], (message, out)
    known = set(_HARD_FACT.findall(f"{message}\n{CONTEXT.manager_email}"))
    invented = [fact for fact in _HARD_FACT.findall(draft) if fact not in known]
    assert not invented or not out["validation"]["passed"], (message, invented, out)
    claimed = _CLAIM.search(draft) and not re.search(r"\b(?:done|finish|complet)", message)
    assert not claimed or not out["validation"]["passed"], (message, out)


def writer_of(out: dict[str, Any]) -> str:
    if out["fallback_used"]:
        return "by rules"
    flagged = "" if out["validation"]["passed"] else ", flagged"
    return ("repaired by the model" if out["repaired"] else "by the model") + flagged
