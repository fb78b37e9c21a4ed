"""Carry out what was approved, and say what came of it."""

from nodes.carry_out import carry_out, settled
from nodes.jira_assistant.receivers import receivers
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update
from services.errors import ActionError
from services.steps import Steps

_UNKNOWN = (
    "It is not known whether this action was carried out: its sender stopped half-way. "
    "Look at the receiver, then settle the action by hand; it is not repeated by itself."
)


def apply(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `executed` and `outcome`. What was done before, by whomever, is not done again."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only decided actions come here
    try:
        row = yield from carry_out(receivers(run), pending["action_id"], pending["action"], pending["digest"])
    except ActionError as error:
        row = yield from settled(run.services, pending["action_id"])  # a double click finds it being sent
        if row["status"] != "done":
            return _failed(error.code, error.message)
    if row["status"] == "unknown":
        return _failed("outcome_unknown", _UNKNOWN)
    return {"executed": True, "success": True, "requires_user_approval": False, "outcome": row["result"]}


def _failed(code: str, message: str) -> Update:
    return {"executed": False, "success": False, "error": code, "error_message": message}
