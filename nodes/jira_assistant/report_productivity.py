"""Figures about the user's own work, counted from what the assistant itself recorded; never generated."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from nodes.jira_assistant.periods import Period, period_of, zone
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON, ActionRow, Services
from services.errors import ActionError
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
        run.services, context.tenant or "", run.user, state["original_input"], context.time_zone
    )
    return {
        "processing_type": "backend_calculation",
        "backend_action": "calculate_productivity_stats",
        "generated_content": _in_words(figures),
        "figures": figures,
    }


def figures_of(services: Services, tenant: str, user: str, asked: str, time_zone: str) -> Steps[JSON]:
    """What the user had carried out in the period that `asked` names, and in the one just as long before.

    `work` holds the figures of Jira about the user, None where no Jira is connected; `work_error` says why
    they could not be had.
    """
    here = zone(time_zone)
    period = period_of(asked, datetime.now(here))
    rows = yield from services.ledger.of_user(
        tenant, user, period.before.timestamp(), period.until.timestamp()
    )
    work, work_error = None, None
    if services.work is not None:
        try:
            work = yield from services.work.figures(user, period.since, period.until, here)
        except ActionError as error:
            work_error = error.message
    return {
        "period": period.name,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "time_zone": str(here),
        "source": "the assistant's own record: actions approved and carried out through it",
        "counts": _counts(rows, period, current=True),
        "counts_before": _counts(rows, period, current=False),
        "work": work,
        "work_error": work_error,
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
    own = (
        f"Your figures for {figures['period']} ({figures['time_zone']}): {', '.join(parts)}. "
        "Counted from what was approved and carried out through this assistant."
    )
    if figures["work_error"]:
        return f"{own} Jira's figures could not be read: {figures['work_error']}"
    return f"{_work_in_words(figures['work'])} {own}" if figures["work"] else own


def _work_in_words(work: JSON) -> str:
    """The figures of Jira, with what each counts."""
    named = (("resolved", "Resolved"), ("cycle_time", "Cycle time"), ("throughput", "Throughput"))
    said = [f"{label}: {_amount(work[name])} {work[name]['definition']}" for name, label in named]
    return f"In Jira, {' '.join(said)}"


def _amount(figure: JSON) -> str:
    now, before = (
        "nothing to measure" if figure[when] is None else f"{figure[when]:g}" for when in ("value", "before")
    )
    return f"{now} {figure['unit']} (before: {before})."
