"""Figures about the user's own work, counted from what the assistant itself recorded; never generated."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from nodes.jira_assistant.periods import Period, period_of, zone
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import ActionRow
from services.steps import Steps

_COUNTED = {
    "mark_task_complete": "tasks finished",
    "post_jira_comment": "comments approved",
    "send_email": "e-mails approved",
}


def report_productivity(state: State, run: Run[Context]) -> Steps[Update]:
    """Counts what the user had carried out in the period, beside the equally long period before it."""
    time_zone = zone(run.context.time_zone)
    period = period_of(state["original_input"], datetime.now(time_zone))
    rows = yield from run.services.ledger.of_user(
        run.context.tenant or "", run.user, period.before.timestamp(), period.until.timestamp()
    )
    now, before = _counts(rows, period, current=True), _counts(rows, period, current=False)
    figures = {
        "period": period.name,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "time_zone": str(time_zone),
        "source": "the assistant's own record: actions approved and carried out through it",
        "counts": now,
        "counts_before": before,
    }
    return {
        "processing_type": "backend_calculation",
        "backend_action": "calculate_productivity_stats",
        "generated_content": _in_words(figures["period"], str(time_zone), now, before),
        "figures": figures,
    }


def _counts(rows: Sequence[ActionRow], period: Period, *, current: bool) -> dict[str, int]:
    since = period.since.timestamp()
    done = Counter(
        row["action"] for row in rows if row["status"] == "done" and (row["prepared_at"] >= since) is current
    )
    return {label: done[action] for action, label in _COUNTED.items()}


def _in_words(period: object, time_zone: str, now: dict[str, int], before: dict[str, int]) -> str:
    parts = [f"{count} {label} ({before[label]} in the period before)" for label, count in now.items()]
    return (
        f"Your figures for {period} ({time_zone}): {', '.join(parts)}. "
        "Counted from what was approved and carried out through this assistant."
    )
