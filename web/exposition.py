"""What Prometheus is given: the counts of all processes, from Redis, and what is so right now.

Every process that is asked gives the same counts, so one of them is enough to scrape.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family

from graph.installation import Installation
from services import JSON, Backlog
from services.errors import ActionFailed, OutcomeUnknown, StorageError
from services.metrics import METRICS, Figures, Metric
from services.settings import Settings
from services.steps import arun
from web.health import Health

PREFIX = "jira_assistant_"
CONTENT_TYPE = CONTENT_TYPE_LATEST
_FAILURES = (ActionFailed.code, OutcomeUnknown.code)
PATIENCE_S = 3.0
"""A scrape is given ten seconds by default; a Redis that takes longer than this counts as down."""


@dataclass(frozen=True, slots=True)
class _Page:
    families: list[Family]

    def collect(self) -> Iterable[Family]:
        return self.families


async def exposition(installation: Installation, health: Health) -> bytes:
    """In Prometheus' text format. Where Redis is down that is said, and what it keeps is left out: a zero
    would be a lie."""
    report = await health.report()
    families = list(_limits(installation.settings))
    up = GaugeMetricFamily(
        f"{PREFIX}dependency_up", "1: as it should be. 0: degraded.", labels=["dependency"]
    )
    for name, check in report["checks"].items():
        if check["state"] != "off":
            up.add_metric([name], float(check["state"] == "ok"))
    try:
        kept = await asyncio.wait_for(_kept(installation), PATIENCE_S)
    except (StorageError, TimeoutError):
        kept = [_gauge("redis_up", "Whether Redis answers.", 0)]
    page: bytes = generate_latest(_Page([*families, up, *kept]))
    return page


async def _kept(installation: Installation) -> list[Family]:
    totals = await arun(installation.metrics.totals())
    backlog = await arun(installation.services.ledger.backlog())
    states = await arun(installation.models.states())
    return [
        _gauge("redis_up", "Whether Redis answers.", 1),
        *_counted(totals),
        *_queue(backlog),
        *_models(states),
    ]


def _gauge(name: str, help: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, help, value=value)


def _counted(figures: Figures) -> Iterator[Family]:
    for name, metric in METRICS.items():
        yield _histogram(figures, name, metric) if metric.buckets else _counter(figures, name, metric)


def _counter(figures: Figures, name: str, metric: Metric) -> Family:
    family = CounterMetricFamily(PREFIX + name, metric.help, labels=metric.labels)
    counts = dict.fromkeys(metric.zeros, 0.0) | dict(figures.of(name))
    if name == "deliveries_total":  # before an action can fail it is prepared: Prometheus then sees the step
        actions = figures.values("actions_total", "action")
        counts = dict.fromkeys(product(actions, _FAILURES), 0.0) | counts
    for labels, value in counts.items():
        family.add_metric(labels, value)
    return family


def _histogram(figures: Figures, name: str, metric: Metric) -> Family:
    family = HistogramMetricFamily(PREFIX + name, metric.help, labels=metric.labels)
    for labels in sorted({key[:-1] for key, _ in figures.of(name)}):
        histogram = figures.histogram(name, **dict(zip(metric.labels, labels, strict=True)))
        buckets, so_far = [], 0.0
        for end, count in histogram.buckets:
            so_far += count
            buckets.append(("+Inf" if end == float("inf") else str(end), so_far))
        family.add_metric(labels, buckets, histogram.sum)
    return family


def _queue(backlog: Backlog) -> Iterator[Family]:
    yield _gauge("queue_waiting", "Drafts that wait for a decision.", backlog["waiting"])
    yield _gauge("queue_oldest_wait_seconds", "Since the first was drafted.", backlog["oldest_waiting_s"])
    yield _gauge("queue_unfinished", "Actions approved and not done.", backlog["unfinished"])
    oldest = backlog["oldest_unfinished_s"]
    yield _gauge("queue_oldest_unfinished_seconds", "Since the first was approved.", oldest)


def _models(states: JSON) -> Iterator[Family]:
    circuits = GaugeMetricFamily(
        f"{PREFIX}circuit_open", "1: the model failed and is left alone.", labels=["model"]
    )
    for name, model in states["models"].items():
        circuits.add_metric([name], float(model["state"] != "closed"))
    yield circuits
    spent = states["costs"]["spent_usd"]
    yield _gauge("cost_today_usd", "Spent or set aside since midnight of COST_TIME_ZONE.", spent)


def _limits(settings: Settings) -> Iterator[Family]:
    yield _gauge("cost_limit_usd", "MAX_DAILY_COST_USD.", settings.max_daily_cost_usd)
    yield _gauge("cost_alert_usd", "ALERT_AT_COST_USD.", settings.alert_at_cost_usd)
    yield _gauge("error_rate_threshold", "ERROR_RATE_THRESHOLD.", settings.error_rate_threshold)
    limits = GaugeMetricFamily(f"{PREFIX}user_limit", "What one user may ask for.", labels=["limit"])
    limits.add_metric(["requests_per_minute"], settings.max_requests_per_minute)
    limits.add_metric(["requests_per_hour"], settings.max_requests_per_hour)
    limits.add_metric(["tokens_per_hour"], settings.max_tokens_per_hour)
    yield limits
