"""Two ways of drafting side by side: as it is for all, and with a variant, on the same messages.

It drafts and stops. Nothing is proposed, approved, kept or carried out; the models are really asked, so
what they cost is really spent, from the budget of the user who is named.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from difflib import ndiff
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from graph.installation import Assistant, compile_graph
from services import JSON, Services, Unrecorded
from services.errors import ConfigurationError
from services.steps import Steps
from services.variants import Variant

_SIDES = ("now", "variant")


class _NoLimits:
    """A file of messages may be longer than what one user may ask in a minute."""

    def check(self, user_key: str) -> Steps[None]:
        yield from ()


def compare(services: Services, name: str, messages: Iterable[str], user: str) -> JSON:
    """`rows` (message, now, variant, same), `totals` of both sides. A cost is None where a price is unknown.

    Raises ConfigurationError when VARIANTS has no such variant or there is no model to ask.
    """
    variants = services.settings.variants
    if name not in variants:
        known = ", ".join(variants) or "none"
        raise ConfigurationError(f"VARIANTS names no {name!r}, only: {known}. Add it or name another.")
    if not services.models.available():
        raise ConfigurationError("There is no model to compare: set OPENAI_API_KEY or MODEL_PROVIDERS.")
    sides = {
        "now": drafting(services, {}),
        "variant": drafting(services, {name: variants[name].model_copy(update={"share": 100})}),
    }
    rows = [_row(message, sides, user) for message in messages]
    return {"variant": name, "rows": rows, "totals": {side: _total(rows, side) for side in _SIDES}}


def drafting(services: Services, variants: dict[str, Variant]) -> Assistant:
    """The graph with nothing behind it that remembers or acts."""
    settings = services.settings.model_copy(update={"variants": variants, "cache_enabled": False})
    services = replace(services, settings=settings, connectors={}, reminders=(), limits=_NoLimits())
    services = replace(services, metrics=Unrecorded())
    return compile_graph(services, InMemorySaver())


def _row(message: str, sides: dict[str, Assistant], user: str) -> JSON:
    row: JSON = {"message": message, **{side: _side(sides[side], message, user) for side in _SIDES}}
    return {**row, "same": row["now"]["draft"] == row["variant"]["draft"]}


def draft(assistant: Assistant, message: str, **context: str) -> JSON:
    """The state of a thread whose draft is checked, before anything is proposed and enters the ledger."""
    config: Any = {"configurable": {"thread_id": str(uuid.uuid4())}}
    speaker: Any = context
    out: JSON = assistant.invoke({"message": message}, config, context=speaker, interrupt_before=["propose"])
    return out


def _side(assistant: Assistant, message: str, user: str) -> JSON:
    out = draft(assistant, message, user_id=user)
    metadata = out.get("metadata") or {}
    return {
        "draft": out.get("generated_content"),
        "route_type": out.get("route_type"),
        "quality_score": out.get("quality_score"),
        "findings": [finding["code"] for finding in (out.get("validation") or {}).get("findings", [])],
        "fallback_used": bool(out.get("fallback_used")),
        "error": out.get("error_message") or metadata.get("draft_error_message"),
        "model": metadata.get("model_used"),
        "prompt_version": metadata.get("prompt_version"),
        "tokens_in": metadata.get("tokens_in", 0),
        "tokens_out": metadata.get("tokens_out", 0),
        "cost_usd": metadata.get("cost_usd", 0.0),
        "latency_s": round(sum((metadata.get("stage_timings") or {}).values()), 3),
    }


def _total(rows: list[JSON], side: str) -> JSON:
    costs = [row[side]["cost_usd"] for row in rows]
    scores = [score for row in rows if (score := row[side]["quality_score"]) is not None]
    return {
        "cost_usd": None if None in costs else round(sum(costs), 6),
        "latency_s": round(sum(row[side]["latency_s"] for row in rows) / len(rows), 3) if rows else None,
        "quality_score": round(sum(scores) / len(scores), 3) if scores else None,
        "with_findings": sum(bool(row[side]["findings"]) for row in rows),
        "fallback_used": sum(row[side]["fallback_used"] for row in rows),
    }


def table(report: JSON) -> RenderableType:
    """What differs, and below it what it took."""
    rows = Table("message", "now", report["variant"], show_lines=True, expand=True)
    for column in rows.columns:
        column.overflow, column.ratio = "fold", 1
    for row in report["rows"]:
        now, other = row["now"]["draft"] or "", row["variant"]["draft"] or ""
        if row["same"]:
            rows.add_row(Text(row["message"]), Text(now), Text("the same", style="dim"))
        else:
            rows.add_row(Text(row["message"]), _marked(now, other, "-"), _marked(now, other, "+"))
    totals = Table("", "now", report["variant"])
    for figure, label in _LABELS.items():
        totals.add_row(label, *(_figure(report["totals"][side][figure]) for side in _SIDES))
    return Group(rows, totals)


_LABELS = {
    "cost_usd": "cost, US dollars",
    "latency_s": "mean seconds",
    "quality_score": "mean score",
    "with_findings": "drafts with findings",
    "fallback_used": "drafts from rules",
}


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"


def _marked(now: str, other: str, sign: str) -> Text:
    """One side's words, those that the other has not in bold."""
    text = Text()
    for word in ndiff(now.split(), other.split()):
        if word[0] in (" ", sign):
            text.append(word[2:] + " ", style="bold" if word[0] == sign else "")
    return text
