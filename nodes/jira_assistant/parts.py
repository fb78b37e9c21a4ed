"""The actions of a message that asks for several: drafted side by side, then met one after the other.

Each has an approval of its own, and the next is asked about once the one before is decided, since clients
show one pause at a time. What was decided for one says nothing about the others.
"""

from nodes.jira_assistant.classify_by_rules import classify
from nodes.jira_assistant.contracts import PartResult, PartStatus, route_of
from nodes.jira_assistant.entities import extract
from nodes.jira_assistant.splitting import split
from nodes.jira_assistant.state import Context, State
from nodes.step import Run, Update

_OF_A_PART = (
    "original_input", "route_type", "processing_type", "backend_action", "generated_content",
    "email_components", "extracted_entities", "confidence", "quality_score", "validation", "from_cache",
    "fallback_used", "classification", "repaired", "cache_key", "action", "metadata", "part",
)  # fmt: skip
_NOT_YET: Update = {
    "pending_approval": None,
    "requires_user_approval": False,
    "approval_reason": None,
    "decision": None,
    "executed": False,
    "outcome": None,
    "error": None,
    "error_message": None,
    "success": True,
    "feedback": [],
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
    """A part that is drafted, as an entry of `drafted`."""
    return {"drafted": [{name: state.get(name) for name in _OF_A_PART}]}


def next_part(state: State, run: Run[Context]) -> Update:
    """Notes what became of the part in work, and takes up the first that waits."""
    parts = noted(state)
    at = next(n for n, part in enumerate(parts) if part["status"] == "waits")
    drafted = next(draft for draft in state["drafted"] if draft["part"] == at)
    parts[at] = {**parts[at], "status": "pending", "generated_content": drafted["generated_content"]}
    return {**_NOT_YET, **drafted, "parts": parts}


def waits(state: State) -> bool:
    """Whether another part of the message has not had its turn."""
    return any(part["status"] == "waits" for part in state.get("parts") or [])


def noted(state: State) -> list[PartResult]:
    """The parts, with what became of the one in work."""
    parts = list(state.get("parts") or [])
    at = state.get("part") or 0
    if parts and parts[at]["status"] == "pending":
        pending, metadata = state.get("pending_approval"), state["metadata"]
        parts[at] = {
            "text": parts[at]["text"],
            "intent": parts[at]["intent"],
            "status": _became(state),
            "action_id": pending and pending["action_id"],
            "generated_content": state.get("generated_content"),
            "error_message": state.get("error_message"),
            "tokens_in": metadata["tokens_in"],
            "tokens_out": metadata["tokens_out"],
            "cost_usd": metadata["cost_usd"],
        }
    return parts


def _became(state: State) -> PartStatus:
    decision = state.get("decision")
    if state.get("executed"):
        return "done"
    if state.get("error"):
        return "failed"
    return "rejected" if decision and decision["verb"] == "reject" else "pending"


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
