"""Carry out what was approved, once: claim it in the ledger, act, record what came of it."""

import uuid
from typing import Literal

from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services import JSON, ActionRow
from services.errors import ActionConflict, ActionError, ActionFailed, OutcomeUnknown, TargetChanged
from services.steps import Steps

LEASE_S = 120.0  # longer than any receiver may take, its retries included


def apply(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `executed`. What was carried out before, by whomever, is not carried out again."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only decided actions come here
    connector = run.services.connectors.get(pending["action"])
    owner = str(uuid.uuid4())
    try:
        row = yield from run.services.ledger.claim(
            pending["action_id"],
            pending["digest"],
            owner,
            lease_s=LEASE_S,
            repeatable=connector is None or connector.repeatable,
        )
    except ActionConflict as error:
        return _failed("action_conflict", error.message)
    if row["status"] == "unknown":
        return _failed("outcome_unknown", _UNKNOWN)
    if row["status"] == "done":
        return _done(row)
    try:
        result: JSON = {"handed_to": "caller"}
        if connector is not None:
            result = yield from connector.perform(row["action_id"], row["args"])
    except (ActionFailed, OutcomeUnknown, TargetChanged) as error:
        problem = {"error": error.code, "error_message": error.message}
        yield from run.services.ledger.settle(row["action_id"], owner, _status_after(error), problem)
        return _failed(error.code, error.message)
    row = yield from run.services.ledger.settle(row["action_id"], owner, "done", result)
    return _done(row)


def _status_after(error: ActionError) -> Literal["approved", "superseded", "unknown"]:
    """Failed for certain: may be tried again. Changed meanwhile: this approval is void. Else nobody knows."""
    if isinstance(error, TargetChanged):
        return "superseded"
    return "unknown" if isinstance(error, OutcomeUnknown) else "approved"


_UNKNOWN = (
    "It is not known whether this action was carried out: its sender stopped half-way. "
    "Look at the receiver, then settle the action by hand; it is not repeated by itself."
)


def _done(row: ActionRow) -> Update:
    return {"executed": True, "success": True, "requires_user_approval": False, "outcome": row["result"]}


def _failed(code: str, message: str) -> Update:
    return {"executed": False, "success": False, "error": code, "error_message": message}
