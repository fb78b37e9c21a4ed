"""Enter what would be done in the ledger, before anybody is asked and before anything is done."""

from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessage

from nodes.carry_out import HANDED_OVER
from nodes.jira_assistant import drafts, formats
from nodes.jira_assistant.checks import may_auto_approve
from nodes.jira_assistant.contracts import Classification
from nodes.jira_assistant.receivers import receivers
from nodes.jira_assistant.rights import projects_of, why_not
from nodes.jira_assistant.state import Context, PendingApproval, State
from nodes.jira_assistant.unasked import plainly_said
from nodes.step import Run, Update
from services import ActionRow, Preview
from services.errors import ActionFailed
from services.steps import Steps


def propose(state: State, run: Run[Context]) -> Steps[Update]:
    """Sets `pending_approval`, decided where policy asks nobody, and then done where nobody but the caller
    receives it; `error` where it cannot be done.

    With a receiver connected, its side is looked at first: the arguments to approve then pin what was
    seen there, and what it requires besides is asked for in the same approval.
    """
    action = state["action"]
    assert action is not None  # noqa: S101 - only proposals come here
    try:
        seen = yield from _seen(action, run)
    except ActionFailed as error:
        return {"success": False, "error": error.code, "error_message": error.message}
    if state.get("error") == "target_changed":
        seen["notes"].insert(0, state["error_message"] or "")
    if parts := state.get("parts"):
        seen["notes"].insert(0, f"Action {state['part'] + 1} of {len(parts)} of one message.")
    reason = _why_ask(state, seen, run)
    rounds = state.get("rounds") or 0
    unasked = {"verb": "accept", "by": "policy", "text": None, "edit_diff": None} if reason is None else None
    row = yield from run.services.ledger.prepare(
        {
            "action_id": action_id_of(
                run.context.tenant,
                run.thread_id,
                state["metadata"]["request_id"],
                rounds,
                state["part"] if state.get("parts") else None,
            ),
            "action": action["name"],
            "args": seen["args"],
            "tenant": run.context.tenant or "",
            "user_id": run.user,
            "thread_id": run.thread_id,
            "summary": _summary(state, seen, reason),
        },
        expires_in_s=run.services.settings.approval_expires_hours * 3600,
        decision=unasked,
        result=None if action["name"] in run.services.connectors else HANDED_OVER,
    )
    again: Update = {"rounds": rounds + 1, "error": None, "error_message": None, "success": True}
    if row["args"] != seen["args"]:
        again |= _entered_before(row, state, run)
        state = {**state, **again}  # type: ignore[typeddict-item]
    if reason is None:
        return {
            **again,
            "pending_approval": _pending(row, seen, ""),
            "decision": unasked,
            "requires_user_approval": False,
            "executed": row["status"] == "done",
            "outcome": row["result"],
        }
    pending = _pending(row, seen, _description(state, row, seen, reason))
    return {
        **again,
        "pending_approval": pending,
        "requires_user_approval": True,
        "approval_reason": reason,
        "decision": None,
        # named after its action: a step that runs again adds no second one, and a page finds the draft
        "messages": [AIMessage(pending["description"], id=row["action_id"])],
    }


def _entered_before(row: ActionRow, state: State, run: Run[Context]) -> Update:
    """This step ran before and stopped before its thread was kept. A model has drafted anew meanwhile, but
    what the ledger has is what would be sent, so that is what is shown."""
    update = drafts.edited(row["action"], row["args"])
    if state.get("validation"):
        validation = drafts.checked(row["action"], row["args"], *drafts.said_of(state), run)
        update |= {"validation": validation, "quality_score": validation["overall"]}
    return update


def _seen(action: dict[str, Any], run: Run[Context]) -> Steps[Preview]:
    """The receiver's side; without a receiver the result is handed to the caller and there is none."""
    connector = receivers(run).connectors.get(action["name"])
    if connector is None:
        return {"target": "", "text": "", "args": action["args"], "missing": [], "notes": []}
    return (yield from connector.preview(action["args"]))


def _why_ask(state: State, seen: Preview, run: Run[Context]) -> str | None:
    """Why a human must look, or None: handed to the caller, or good enough where policy says auto.

    A finished task goes unasked only on the word of the rules: a small model calls "lunch is done" finished.
    """
    name, settings = (state["action"] or {})["name"], run.services.settings
    decision = state["classification"]
    if name == "mark_task_complete" and decision and decision["stage"] == "model":
        return "The message does not plainly say that the work is finished; a model read it so."
    if name == "mark_task_complete" and state.get("parts"):
        return "The message asks for several things: please confirm that this one is finished."
    if name == "mark_task_complete" and name not in run.services.connectors:
        return None
    projects = projects_of(seen["args"], run.context.project)
    if rule := why_not(settings, run.user, run.user, "accept", projects):  # policy acts for the author
        return rule
    if state.get("from_cache") and state["metadata"].get("cache") == "semantic":
        return f"Taken from a draft for a message that says the same: {state['metadata']['cache_source']}"
    if name == "send_email":
        return "E-mails always need approval."
    if state.get("fallback_used"):
        asked = run.services.models.available()
        return f"Written by rules: {'no model gave a usable draft' if asked else 'no model is set up'}."
    if seen["missing"]:
        return "Something that the receiver requires has to be filled in."
    policy, validation = settings.approval_policy.get(name, "ask"), state.get("validation")
    if policy == "auto" and validation is None:  # a finished task has no draft to be checked
        return None
    if validation and may_auto_approve(validation, policy, settings.auto_approval_threshold):
        whole = state.get("whole_input") or state["original_input"]  # parts of it are proposed one by one
        if plainly_said(whole, state["generated_content"] or "") and _by_rules(decision):
            return None
        return "The message or the draft holds more than its author's own plain words."
    return "Every change outside needs approval."


def _by_rules(decision: Classification | None) -> bool:
    return decision is not None and decision["stage"] == "rules"


def action_id_of(tenant: str | None, thread_id: str, request_id: str, rounds: int, part: int | None) -> str:
    """The same for a step that runs again after a crash, new for every redraft. `part`: of several."""
    parts = [tenant or "", thread_id, request_id, str(rounds), *([] if part is None else [str(part)])]
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _summary(state: State, seen: Preview, reason: str | None) -> dict[str, Any]:
    """What a reviewer reads elsewhere than in the pause: the queue, the page, the record."""
    validation = state.get("validation")
    return {
        "original": state["original_input"],
        "draft": state["generated_content"],
        "target": seen["target"],
        "rendered": seen["text"],
        "notes": seen["notes"],
        "missing": seen["missing"],
        "findings": validation["findings"] if validation else [],
        "quality_score": state.get("quality_score"),
        "reason": reason,
        "feedback": state.get("feedback") or [],
        "fallback_used": state.get("fallback_used"),
        "from_cache": state.get("from_cache"),
        "cost_usd": _cost(state),
        "project": (state.get("author") or {}).get("project"),
    }


def _cost(state: State) -> float | None:
    """Of the models that this draft took; None where none was asked, or the price is not known."""
    cost: float | None = state["metadata"].get("cost_usd")
    return cost if state["metadata"].get("model_used") else None


def _pending(row: ActionRow, seen: Preview, description: str) -> PendingApproval:
    return {
        "action_id": row["action_id"],
        "action": row["action"],  # type: ignore[typeddict-item] # the ledger serves other graphs too
        "args": row["args"],
        "missing": seen["missing"],
        "digest": row["digest"],
        "description": description,
        "expires_at": row["expires_at"],
        "problem": None,
        "unusable_replies": 0,
    }


def _description(state: State, row: ActionRow, seen: Preview, reason: str) -> str:
    args, validation = row["args"], state.get("validation")
    target = seen["target"] or args.get("issue_key") or args.get("issue_keys") or args.get("to")
    notes = [reason, *seen["notes"]]
    if seen["text"] not in ("", state["generated_content"]):
        notes.append(f"It will appear as:\n\n{seen['text']}")
    notes += [f"Please fill in: {field['label']}." for field in seen["missing"]]
    cost = _cost(state)
    if cost is not None:
        notes.append(f"Cost of this draft: ${cost:.4f}.")
    return formats.describe(
        state["original_input"],
        state["generated_content"] or "",
        target=target or "the caller, no issue named",
        score=state.get("quality_score"),
        findings=validation["findings"] if validation else [],
        notes=notes,
        expires_at=row["expires_at"],
    )
