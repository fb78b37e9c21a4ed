"""What operators are told of this graph: derived from what came of each step, in this one place.

A run that never began, as its state could not be read, is not among them: the health of Redis tells of it.
"""

from typing import Any

from langgraph.errors import GraphBubbleUp

from nodes.step import Samples, Update
from services.errors import AssistantError

REFUSALS = {
    *("empty_input", "missing_context", "input_too_long", "secret_in_input", "rate_limited"),
    *("cost_limit_reached", "invalid_decision", "target_changed", "action_conflict", "action_not_found"),
    *("not_signed_in", "not_allowed"),
}
"""Errors that the caller can mend or that are as configured. All others count as failures of ours."""


def samples_of(step: str, state: Any, came: Update | Exception) -> Samples:
    """`came` is the step's update, or what it raised: a pause among others."""
    if isinstance(came, GraphBubbleUp):
        return _run(None)
    if isinstance(came, Exception):
        return _run(came.code if isinstance(came, AssistantError) else "defect")
    derive = _DERIVED.get(step)
    return derive({**state, **came}, came) if derive else ()


def _run(error: str | None) -> Samples:
    """Each run ends in the last step, in a pause, or in an error that a step raised."""
    outcome = "ok" if error is None else "refused" if error in REFUSALS else "failed"
    yield "runs_total", 1, {"outcome": outcome}
    if error is not None:
        yield "run_errors_total", 1, {"error": error}


def _received(state: Update, update: Update) -> Samples:
    if update.get("parts"):
        yield "messages_total", 1, {"route": "several", "stage": "rules"}


def _classified(state: Update, update: Update) -> Samples:
    decision = update["classification"]
    if decision["intent"] == "abstain":
        return
    yield "messages_total", 1, {"route": str(update["route_type"]), "stage": decision["stage"]}
    if decision["stage"] == "model":
        result = "exact" if update.get("from_cache") else "miss"
        yield "cache_lookups_total", 1, {"kind": "routing", "result": result}


def _drafted(state: Update, update: Update) -> Samples:
    found = (update.get("metadata") or {}).get("cache") if update["from_cache"] else None
    if found or update["cache_key"]:
        yield "cache_lookups_total", 1, {"kind": "drafts", "result": found or "miss"}


def _proposed(state: Update, update: Update) -> Samples:
    if update.get("error"):
        return
    action, source = state["action"]["name"], "model"
    if state["validation"] is None:
        source = "none"  # a finished task has no draft
    elif state["fallback_used"]:
        source = "rules"
    elif state["from_cache"] and state["metadata"].get("cache"):
        source = "cache"
    yield "drafts_total", 1, {"action": action, "source": source}
    if state["quality_score"] is not None:
        yield "quality_score", state["quality_score"], {"action": action}


def _finished(state: Update, update: Update) -> Samples:
    error = state.get("error")
    failed = any(part["status"] == "failed" for part in state.get("parts") or [])
    yield from _run(error or ("part_failed" if failed else None))


_DERIVED = {
    "receive": _received,
    "classify_by_rules": _classified,
    "classify_by_llm": _classified,
    "rephrase_comment": _drafted,
    "draft_email": _drafted,
    "propose": _proposed,
    "finish": _finished,
}
