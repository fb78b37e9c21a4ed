"""Propose, ask, decide: three steps, so that a resume repeats nothing but the question.

The proposal is entered in the ledger before anybody is asked, and the decision is recorded there before
anything acts on it. The ledger's first decision is the one of record, whatever a second reply says.
"""

from difflib import unified_diff
from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.types import interrupt

from nodes.jira_assistant import drafts, formats
from nodes.jira_assistant.decisions import Answer, parse
from nodes.jira_assistant.state import Context, Decision, PendingApproval, State
from nodes.jira_assistant.write import sources
from nodes.step import Run, Update
from services import ActionRow
from services.errors import InvalidDecision
from services.steps import Steps

UNUSABLE_REPLIES_AT_MOST = 5  # then the run ends; the draft still waits and can be answered


def propose(state: State, run: Run[Context]) -> Steps[Update]:
    """Enters the action in the ledger. Sets `pending_approval`, unless policy lets it go at once."""
    action, settings = state["action"], run.services.settings
    assert action is not None  # noqa: S101 - only proposals come here
    reason = _why_ask(state, run)
    expires_in_s = settings.approval_expires_hours * 3600
    row = yield from run.services.ledger.prepare(
        {
            "action_id": _action_id(state, run),
            "action": action["name"],
            "args": action["args"],
            "tenant": run.context.tenant or "",
            "user_id": run.user,
            "thread_id": run.thread_id,
            "summary": _summary(state, reason),
        },
        expires_in_s=expires_in_s,
    )
    if reason is None:
        decision = {"verb": "accept", "by": "policy", "text": None, "edit_diff": None}
        row = yield from run.services.ledger.decide(row["action_id"], row["digest"], decision)
        return {"pending_approval": _pending(row, ""), "decision": decision, "requires_user_approval": False}
    pending = _pending(row, _description(state, row, run))
    return {
        "pending_approval": pending,
        "requires_user_approval": True,
        "approval_reason": reason,
        "decision": None,
        "messages": [AIMessage(pending["description"])],
    }


def approve(state: State, run: Run[Context]) -> Update:
    """Asks, and does nothing else: on resume this step runs again from its first line."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only proposals come here
    question = formats.payload(pending, run.context.interrupt_format)
    return {"reply": interrupt(question, response_schema=formats.REPLY_SCHEMA)}


def decide(state: State, run: Run[Context]) -> Steps[Update]:
    """Reads the reply and records it. An unusable reply changes nothing but is counted."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101 - only asked drafts come here
    start: Update = {"reply": None, "error": None, "error_message": None, "success": True}
    row = yield from run.services.ledger.get(pending["action_id"])
    wish: str | None = None
    if row["status"] == "prepared":
        try:
            answer = _usable(parse(state.get("reply"), pending["action"], pending["args"]), state, run)
        except InvalidDecision as error:
            return {**start, **_unusable(pending, error)}
        wish = answer.text if answer.verb == "respond" else None
        decision = {
            "verb": answer.verb,
            "by": run.actor,
            "text": answer.text,
            "edit_diff": _diff(pending["args"], answer.args) if answer.args else None,
        }
        row = yield from run.services.ledger.decide(
            pending["action_id"], pending["digest"], decision, new_args=answer.args
        )
    return {**start, **_decided(row, state, wish)}


def _why_ask(state: State, run: Run[Context]) -> str | None:
    """Why a human must look, or None. Only a finished task may go at once, and only to the caller."""
    name = (state["action"] or {})["name"]
    if name == "mark_task_complete" and name not in run.services.connectors:
        return None
    if state.get("fallback_used"):
        return "Written by rules because no model was available."
    if name == "send_email":
        return "E-mails always need approval."
    return "Every change outside needs approval."


def _action_id(state: State, run: Run[Context]) -> str:
    """The same for a step that runs again after a crash, new for every redraft."""
    parts = [run.context.tenant or "", run.thread_id, state["metadata"]["request_id"]]
    parts.append(str(len(state.get("feedback") or [])))
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _summary(state: State, reason: str | None) -> dict[str, Any]:
    validation = state.get("validation")
    return {
        "original": state["original_input"],
        "draft": state["generated_content"],
        "findings": validation["findings"] if validation else [],
        "quality_score": state.get("quality_score"),
        "reason": reason,
        "feedback": state.get("feedback") or [],
        "cost_usd": state["metadata"].get("cost_usd"),
    }


def _pending(row: ActionRow, description: str) -> PendingApproval:
    return {
        "action_id": row["action_id"],
        "action": row["action"],  # type: ignore[typeddict-item] # the ledger serves other graphs too
        "args": row["args"],
        "digest": row["digest"],
        "description": description,
        "expires_at": row["expires_at"],
        "problem": None,
        "unusable_replies": 0,
    }


def _description(state: State, row: ActionRow, run: Run[Context]) -> str:
    args = row["args"]
    target = args.get("issue_key") or args.get("issue_keys") or args.get("to") or "handed to the caller"
    validation = state.get("validation")
    notes = [str(_why_ask(state, run))]
    cost = state["metadata"].get("cost_usd")
    if cost is not None:
        notes.append(f"Cost of this draft: ${cost:.4f}.")
    return formats.describe(
        state["original_input"],
        state["generated_content"] or "",
        target=target,
        score=state.get("quality_score"),
        findings=validation["findings"] if validation else [],
        notes=notes,
        expires_at=row["expires_at"],
    )


def _usable(answer: Answer, state: State, run: Run[Context]) -> Answer:
    """`answer`, once what would be sent has passed the checks that no approval can waive."""
    pending = state["pending_approval"]
    assert pending is not None  # noqa: S101
    if answer.verb in ("respond", "reject") or pending["action"] == "mark_task_complete":
        return _within_rounds(answer, state, run)
    args = answer.args or pending["args"]
    facts = sources(state) + ("\n" + "\n".join(args.values()) if answer.args else "")
    validation = drafts.checked(
        pending["action"], args, facts, run.context, run.services.settings.allowed_email_domains
    )
    wrong = [f for f in validation["findings"] if f["code"] == "missing_field"]
    if answer.args:  # a reviewer may state new facts, but what was edited is checked like any draft
        wrong += [f for f in validation["findings"] if f["severity"] == "error" and f not in wrong]
    if wrong:
        raise InvalidDecision(" ".join(f"{finding['message']} {finding['fix']}" for finding in wrong))
    return answer


def _within_rounds(answer: Answer, state: State, run: Run[Context]) -> Answer:
    most = run.services.settings.max_review_rounds
    if answer.verb == "respond" and len(state.get("feedback") or []) >= most:
        raise InvalidDecision(f"This draft was rewritten {most} times already: edit, accept or reject it.")
    return answer


def _unusable(pending: PendingApproval, error: InvalidDecision) -> Update:
    again: PendingApproval = {
        **pending,
        "problem": error.message,
        "unusable_replies": pending["unusable_replies"] + 1,
    }
    return {"pending_approval": again, "success": False, "error": error.code, "error_message": error.message}


def _decided(row: ActionRow, state: State, wish: str | None) -> Update:
    """What the ledger's row means for this run; another decision than ours is followed all the same."""
    if row["status"] in ("expired", "superseded") and wish is None:
        return {
            "pending_approval": None,
            "requires_user_approval": False,
            "success": False,
            "error": "invalid_decision",
            "error_message": f"This draft is {row['status']}, so nothing was done. Send your message again.",
        }
    decision = row["decision"] or {}
    of_record: Decision = {
        "verb": decision["verb"],
        "by": decision["by"],
        "text": decision.get("text"),
        "edit_diff": decision.get("edit_diff"),
    }
    update: Update = {"decision": of_record, "requires_user_approval": False}
    if wish is not None and of_record["verb"] == "respond":
        return {**update, "feedback": [*(state.get("feedback") or []), wish]}
    if of_record["verb"] == "edit":
        pending = state["pending_approval"]
        assert pending is not None  # noqa: S101
        pending = {**pending, "args": row["args"], "digest": row["digest"]}
        text = row["args"].get("comment")
        edited = {"generated_content": text} if text else drafts.as_email(drafts.email_of(row["args"]))
        return {**update, **edited, "pending_approval": pending}
    return update


def _diff(before: dict[str, str], after: dict[str, str]) -> str:
    """What a reviewer changed, as a unified diff of each argument."""
    lines: list[str] = []
    for name, old in before.items():
        lines += unified_diff(old.splitlines(), after[name].splitlines(), name, name, lineterm="", n=1)
    return "\n".join(lines)
