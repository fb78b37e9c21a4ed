"""What people are told of a run or a decision: Results in plain JSON, whatever went wrong included."""

from collections.abc import Mapping
from typing import Any

from services import JSON, ActionRow
from services.errors import ActionConflict, AssistantError, InputError

TITLES = {
    "post_jira_comment": "Jira comment",
    "send_email": "E-mail",
    "mark_task_complete": "Finished task",
}
_DID = {
    "accept": "accepted it",
    "edit": "edited and accepted it",
    "respond": "asked for a change",
    "reject": "rejected it",
}


def as_result(output: JSON, thread_id: str) -> JSON:
    """The Result of a run in plain JSON: without the chat, with the thread it is in."""
    result = {key: value for key, value in output.items() if key not in ("messages", "__interrupt__")}
    return {**result, "thread_id": thread_id}


def failure(error: AssistantError, thread_id: str) -> JSON:
    """What could not even be recorded, as a Result."""
    return {
        "success": False,
        "error": error.input_code if isinstance(error, InputError) else error.code,
        "error_message": error.message,
        "backend_action": "show_error_message",
        **error.details,
        **({"thread_id": thread_id} if thread_id else {}),
    }


def nothing_waits(values: Mapping[str, Any], thread_id: str) -> JSON:
    """The Result for a thread in the state `values` that waits for no decision."""
    why = "was decided already" if values else "is not known here"
    return {
        "success": False,
        "error": "invalid_decision",
        "error_message": f"Thread {thread_id} {why}: nothing waits there. List what waits with pending.",
        "backend_action": "show_error_message",
        "decision": values.get("decision"),
        "executed": bool(values.get("executed")),
        "thread_id": thread_id,
    }


def decided_already(row: ActionRow) -> ActionConflict:
    """Tells who was first, and what they decided."""
    decision = row["decision"]
    told = f"{decision['by']} {_DID[decision['verb']]} first" if decision else f"it is {row['status']}"
    return ActionConflict(
        f"Your answer was not recorded: {told}. Nothing else was changed.",
        action_id=row["action_id"],
        status=row["status"],
        decision=decision,
        executed=row["status"] == "done",
    )


def is_decision_of(row: ActionRow, verb: str, user: str) -> bool:
    """Whether the decision of record may be this one; there may be none yet. An edit that changes nothing
    is recorded as an accept."""
    decision = row["decision"]
    if decision is None:
        return True
    return decision["by"] == user and (
        decision["verb"] == verb or (verb, decision["verb"]) == ("edit", "accept")
    )


def facets(row: ActionRow) -> dict[str, str]:
    """What a queue is narrowed by. The project is the caller's, else that of the first issue."""
    issue = str(row["args"].get("issue_key") or row["args"].get("issue_keys") or "")
    project = row["summary"].get("project") or issue.partition("-")[0]
    return {"project": project, "user": row["user_id"], "action": row["action"]}
