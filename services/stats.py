"""The counts of some hours as an operator reads them: shares, means, quantiles; None where none is known."""

from services import JSON
from services.metrics import Figures, Histogram


def stats(figures: Figures) -> JSON:
    """Each section by its names. A quantile is an estimate from buckets; times are in seconds."""
    return {
        "runs": {
            **figures.by("runs_total", "outcome"),
            "error_rate": error_rate(figures),
            "errors": figures.by("run_errors_total", "error"),
        },
        "messages": {
            "by_route": figures.by("messages_total", "route"),
            "by_stage": figures.by("messages_total", "stage"),
        },
        "nodes": {
            node: summed(figures.histogram("node_seconds", node=node))
            for node in figures.values("node_seconds", "node")
        },
        "drafts": {
            "by_source": figures.by("drafts_total", "source"),
            "quality_score": summed(figures.histogram("quality_score")),
        },
        "cache": {kind: lookups(figures, kind) for kind in ("drafts", "routing")},
        "approvals": {
            "by_verb": figures.by("decisions_total", "verb"),
            "wait": summed(figures.histogram("decision_wait_seconds")),
            "edit_distance": summed(figures.histogram("edit_distance")),
            "became": figures.by("actions_total", "became"),
        },
        "deliveries": {
            action: figures.by("deliveries_total", "outcome", action=action)
            for action in figures.values("deliveries_total", "action")
        },
        "receivers": {
            name: {
                "requests": figures.by("receiver_requests_total", "outcome", receiver=name),
                "seconds": summed(figures.histogram("receiver_request_seconds", receiver=name)),
            }
            for name in figures.values("receiver_requests_total", "receiver")
        },
        "models": {
            model: _model(figures, model) for model in figures.values("model_requests_total", "model")
        },
        "refused_requests": figures.by("model_refusals_total", "reason"),
        "uncounted": figures.total("uncounted_total"),
    }


def error_rate(figures: Figures) -> float | None:
    """Failed runs of all that ended; what was refused is no failure. None where none ended."""
    runs = figures.total("runs_total")
    return figures.total("runs_total", outcome="failed") / runs if runs else None


def lookups(figures: Figures, kind: str) -> JSON:
    """`hit_share` is None where nothing was looked up."""
    found = figures.by("cache_lookups_total", "result", kind=kind)
    total = sum(found.values())
    return {**found, "hit_share": 1 - found.get("miss", 0) / total if total else None}


def summed(histogram: Histogram) -> JSON:
    return {
        "count": histogram.count,
        "mean": histogram.mean,
        "p50": histogram.quantile(0.5),
        "p95": histogram.quantile(0.95),
    }


def _model(figures: Figures, model: str) -> JSON:
    return {
        "requests": figures.by("model_requests_total", "outcome", model=model),
        "tokens": figures.by("model_tokens_total", "kind", model=model),
        "cost_usd": round(figures.total("model_cost_usd_total", model=model), 6),
        "seconds": summed(figures.histogram("model_request_seconds", model=model)),
    }
