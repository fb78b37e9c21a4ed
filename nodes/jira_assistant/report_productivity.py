"""Figures about the user's own work, counted from what the assistant itself recorded; never generated."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from nodes.jira_assistant.periods import Period, period_of, zone
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON, ActionRow, Ledger
from services.steps import Steps

_COUNTED = {
    "mark_task_complete": "tasks finished",
    "post_jira_comment": "comments approved",
    "send_email": "e-mails approved",
}


def report_productivity(state: State, run: Run[Context]) -> Steps[Update]:
    """Counts for the period that the message names."""
    context = run.context
    figures = yield from figures_of(
        run.services.ledger, context.tenant or "", run.user, state["original_input"], context.time_zone
    )
    return {
        "processing_type": "backend_calculation",
        "backend_action": "calculate_productivity_stats",
        "generated_content": _in_words(figures),
        "figures": figures,
    }


def figures_of(ledger: Ledger, tenant: str, user: str, asked: str, time_zone: str) -> Steps[JSON]:
    """What the user had carried out in the period that `asked` names, and in the one just as long before."""
    here = zone(time_zone)
    period = period_of(asked, datetime.now(here))
    rows = yield from ledger.of_user(tenant, user, period.before.timestamp(), period.until.timestamp())
    return {
        "period": period.name,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "time_zone": str(here),
        "source": "the assistant's own record: actions approved and carried out through it",
        "counts": _counts(rows, period, current=True),
        "counts_before": _counts(rows, period, current=False),
    }


def _counts(rows: Sequence[ActionRow], period: Period, *, current: bool) -> dict[str, int]:
    since = period.since.timestamp()
    done = Counter(
        row["action"] for row in rows if row["status"] == "done" and (row["prepared_at"] >= since) is current
    )
    return {label: done[action] for action, label in _COUNTED.items()}


def _in_words(figures: JSON) -> str:
    counts, before = figures["counts"], figures["counts_before"]
    parts = [f"{count} {label} ({before[label]} in the period before)" for label, count in counts.items()]
    return (
        f"Your figures for {figures['period']} ({figures['time_zone']}): {', '.join(parts)}. "
        "Counted from what was approved and carried out through this assistant."
    )
