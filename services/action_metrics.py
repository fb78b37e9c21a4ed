"""What operators are told of actions: counted where the ledger changed, so once for each change."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from services import ActionRow, Metrics
from services.errors import OutcomeUnknown


def decided(metrics: Metrics, row: ActionRow, before: Mapping[str, str] | None) -> None:
    """`before`: the arguments that an edit replaced."""
    decision = row["decision"]
    if decision is None:
        return  # it had expired
    verb = "auto" if decision["by"] == "policy" else decision["verb"]
    metrics.record("decisions_total", action=row["action"], verb=verb)
    if verb != "auto":
        metrics.record("decision_wait_seconds", decision["at"] - row["prepared_at"], verb=verb)
    if before is not None:
        metrics.record("edit_distance", edit_distance(before, row["args"]), action=row["action"])


def settled(metrics: Metrics, row: ActionRow) -> None:
    """Its result is what the receiver said, or the error; none where its sender stopped half-way."""
    result = row["result"] or {}
    outcome = OutcomeUnknown.code if row["status"] == "unknown" else result.get("error", row["status"])
    if result.get("handed_to") == "caller":
        outcome = "handed_over"
    metrics.record("deliveries_total", action=row["action"], outcome=outcome)


def edit_distance(before: Mapping[str, str], after: Mapping[str, str]) -> float:
    """The share of words that differ, 0 to 1. By words: by characters it would hold up an event loop."""
    old, new = (" ".join(map(str, args.values())).split() for args in (before, after))
    return 1 - SequenceMatcher(None, old, new, autojunk=False).ratio()
