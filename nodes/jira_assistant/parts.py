"""The actions of a message that asks for several: drafted and proposed side by side, then met in turn.

All of them wait in the ledger at once, so each can be decided on in any order and none is lost with a thread.
The conversation asks about one at a time, since clients show one pause: the first that nobody decided on.
"""

from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage

from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.contracts import PartResult, PartStatus, route_of
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.splitting import split
from nodes.jira_assistant.state import Context, State, fresh
from nodes.step import Run, Update
from services import ActionRow
from services.steps import Steps

_OF_A_PART = (
    "part", "original_input", "route_type", "processing_type", "backend_action", "generated_content",
    "email_components", "extracted_entities", "confidence", "quality_score", "validation", "from_cache",
    "fallback_used", "classification", "repaired", "cache_key", "action", "metadata", "pending_approval",
    "requires_user_approval", "approval_reason", "decision", "feedback", "rounds", "success", "error",
    "error_message",
)  # fmt: skip
_WAITS: PartStatus = "waits"
_PENDING: PartStatus = "pending"
_BECAME: dict[str, PartStatus] = {
    "done": "done",
    "rejected": "rejected",
    "superseded": "rejected",
    "expired": "failed",
    "unknown": "failed",
}


def several(text: str, run: Run[Context]) -> Update:
    """The parts of a message that asks for several actions; nothing for any other."""
    parts = split(text, threshold=run.services.settings.confidence_threshold)
    if not parts:
        return {}
    waiting: list[PartResult] = [
        {
            "text": part.text,
            "intent": part.intent,
            "status": "waits",
            "action_id": None,
            "generated_content": None,
            "error_message": None,
            "tokens_in": 0,
            "tokens_out": 0,
            "cost_usd": 0.0,
        }
        for part in parts
    ]
    return {"whole_input": text, "parts": waiting}


def of_part(state: State, at: int) -> Update:
    """The state for drafting part `at` by itself."""
    part = state["parts"][at]
    decision = classify(part["text"])
    if decision["intent"] != part["intent"]:  # it was the place in the whole message that decided
        decision = {**decision, "intent": part["intent"], "rule": "one of several actions", "runner_up": None}
    return {
        **fresh(),
        "parts": state["parts"],
        "part": at,
        "original_input": part["text"],
        "author": state["author"],
        "metadata": state["metadata"],
        "extracted_entities": extract(part["text"]),
        "classification": decision,
        "confidence": decision["confidence"],
        "route_type": route_of(part["intent"]),
    }


def hand_over(state: State, run: Run[Context]) -> Update:
    """A part that is drafted and proposed, as an entry of `drafted`."""
    return {"drafted": [_snapshot(state)]}


def next_part(state: State, run: Run[Context]) -> Steps[Update]:
    """Notes what became of the part in work, and takes up the first that waits; the ledger knows which do."""
    parts, drafted = noted(state), {draft["part"]: draft for draft in state["drafted"]}
    taken: Update = {"pending_approval": None, "requires_user_approval": False}
    for at, part in enumerate(parts):
        if part["status"] != "waits":
            continue
        parts[at] = _told(part, drafted[at])
        if parts[at]["action_id"] is None:
            parts[at]["status"] = "failed"  # it could not even be proposed
        elif "part" not in taken:
            row = yield from run.services.ledger.get(parts[at]["action_id"] or "")
            parts[at]["status"] = _BECAME.get(row["status"], "pending")
            if parts[at]["status"] == "pending":
                taken = _taken(drafted[at], row)
    return {**taken, "executed": False, "outcome": None, "parts": parts}


def another(state: State, action_id: str | None) -> Update | None:
    """The part that this action is of, taken up instead of the one in work, which waits again; None where no
    other part waits with it."""
    parts, current = list(state.get("parts") or []), state.get("part") or 0
    for draft in state.get("drafted") or []:
        pending, at = draft["pending_approval"], draft["part"]
        if pending and pending["action_id"] == action_id and parts[at]["status"] == "waits":
            for which, status in ((current, _WAITS), (at, _PENDING)):
                parts[which] = parts[which].copy()
                parts[which]["status"] = status
            return {**draft, "parts": parts, "drafted": [_snapshot(state)]}
    return None


def in_work(state: State) -> bool:
    """Whether a part was taken up and nothing came of it yet."""
    parts = state.get("parts") or []
    return bool(parts) and parts[state["part"]]["status"] == "pending"


def waiting(state: Mapping[str, Any]) -> list[str]:
    """The actions of the parts whose turn has not come."""
    parts = state.get("parts") or []
    return [part["action_id"] for part in parts if part["status"] == "waits" and part["action_id"]]


def noted(state: State) -> list[PartResult]:
    """The parts, with what became of the one in work."""
    parts = [*(state.get("parts") or [])]
    if in_work(state):
        at, status = state["part"], _became(state)
        parts[at] = _told(parts[at], _snapshot(state))
        parts[at]["status"] = status
    return parts


def _snapshot(state: State) -> dict[str, Any]:
    return {name: state.get(name) for name in _OF_A_PART}


def _taken(draft: dict[str, Any], row: ActionRow) -> Update:
    """Policy, or somebody elsewhere, may have decided on it already: then nobody is asked."""
    if row["status"] != "prepared":
        return {**draft, "decision": row["decision"], "requires_user_approval": False}
    pending = draft["pending_approval"]
    return {**draft, "messages": [AIMessage(pending["description"], id=pending["action_id"])]}


def _told(part: PartResult, draft: dict[str, Any]) -> PartResult:
    pending, metadata = draft["pending_approval"], draft["metadata"]
    return {
        "text": part["text"],
        "intent": part["intent"],
        "status": part["status"],
        "action_id": pending["action_id"] if pending else part["action_id"],
        "generated_content": draft["generated_content"],
        "error_message": draft["error_message"],
        "tokens_in": metadata["tokens_in"],
        "tokens_out": metadata["tokens_out"],
        "cost_usd": metadata["cost_usd"],
    }


def _became(state: State) -> PartStatus:
    decision = state.get("decision")
    if state.get("executed"):
        return "done"
    if decision and decision["verb"] == "reject":
        return "rejected"
    return "failed" if state.get("error") else "pending"


def as_one(state: State) -> Update:
    """The result of a message of several parts: theirs together, once none is open. Else nothing."""
    parts = noted(state)
    statuses = [part["status"] for part in parts]
    if not parts or "pending" in statuses or "waits" in statuses:
        return {"parts": parts}
    told = [f"{part['status'].capitalize()}: {part['generated_content']}" for part in parts]
    costs = [part["cost_usd"] for part in parts]
    spent = {
        "tokens_in": sum(part["tokens_in"] for part in parts),
        "tokens_out": sum(part["tokens_out"] for part in parts),
        "cost_usd": None if None in costs else sum(cost or 0.0 for cost in costs),
    }
    return {
        "parts": parts,
        "original_input": state["whole_input"],
        "generated_content": "\n".join(told),
        "executed": all(status == "done" for status in statuses),
        "success": "failed" not in statuses,
        "metadata": {**state["metadata"], **spent},
    }
