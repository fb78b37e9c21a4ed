"""What is counted for operators, and what the counts add up to. No label value comes from a user."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_WAITS = (10.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0, 259_200.0)
_SHARES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
_SCORES = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted. A counter has no `buckets`; those of a histogram are upper ends. The label values in
    `zeros` are there from the start: Prometheus cannot see the first step of a series that was not."""

    help: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...] = ()
    zeros: tuple[tuple[str, ...], ...] = ()


METRICS = {
    "runs_total": Metric(
        "Runs of the graph that ended: ok, refused (the caller can mend it) or failed.",
        ("outcome",),
        zeros=(("ok",), ("refused",), ("failed",)),
    ),
    "run_errors_total": Metric("Errors that runs ended with.", ("error",)),
    "messages_total": Metric(
        "Messages by the route they took and the stage that chose it.", ("route", "stage")
    ),
    "node_seconds": Metric("Time that each step of the graph took.", ("node",), _SECONDS),
    "cache_lookups_total": Metric(
        "Drafts and routings found in the cache (exact, semantic) or not (miss).", ("kind", "result")
    ),
    "drafts_total": Metric("Drafts that were proposed, by who wrote them.", ("action", "source")),
    "quality_score": Metric("Overall score of proposed drafts, 0 to 1.", ("action",), _SCORES),
    "actions_total": Metric("What became of actions, as the ledger has it.", ("action", "became")),
    "decisions_total": Metric("Decisions on drafts; auto: by policy, unasked.", ("action", "verb")),
    "decision_wait_seconds": Metric("Time that drafts waited for a human's decision.", ("verb",), _WAITS),
    "edit_distance": Metric("Share of the words that an edit changed, 0 to 1.", ("action",), _SHARES),
    "deliveries_total": Metric(
        "Approved actions that were carried out in Jira or by mail, or why not.", ("action", "outcome")
    ),
    "receiver_requests_total": Metric(
        "Requests to Jira: by class of the answer, or no answer.", ("receiver", "outcome")
    ),
    "receiver_request_seconds": Metric("Time that requests to Jira took.", ("receiver",), _SECONDS),
    "model_requests_total": Metric("Requests to models.", ("model", "purpose", "outcome")),
    "model_request_seconds": Metric("Time that requests to models took.", ("model", "purpose"), _SECONDS),
    "model_tokens_total": Metric(
        "Tokens; cache_read is a part of input, reasoning of output.", ("model", "purpose", "kind")
    ),
    "model_cost_usd_total": Metric("Cost of models, unknown prices at their worst.", ("model", "purpose")),
    "model_refusals_total": Metric("Requests not made: circuit open, budget spent.", ("purpose", "reason")),
    "circuit_opened_total": Metric("Times that the circuit of a provider's model opened.", ("circuit",)),
    "uncounted_total": Metric("Counts that were given up: too many, or Redis refused them.", (), zeros=((),)),
}


@dataclass(frozen=True, slots=True)
class Histogram:
    """`buckets`: how many observations ended in each, by its upper end; the last one is infinite."""

    buckets: tuple[tuple[float, float], ...]
    sum: float

    @property
    def count(self) -> float:
        return sum(count for _, count in self.buckets)

    @property
    def mean(self) -> float | None:
        return self.sum / self.count if self.count else None

    def quantile(self, share: float) -> float | None:
        """As Prometheus estimates it: evenly spread within a bucket; the highest finite end at most."""
        left, begin = share * self.count, 0.0
        for end, count in self.buckets:
            if count and left <= count:
                return begin if end == float("inf") else begin + (end - begin) * left / count
            left, begin = left - count, end
        return None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by a metric's name and its label values, of a histogram then a bucket's upper end or "sum"."""

    counts: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    def total(self, name: str, **where: str) -> float:
        """Of a counter, where its labels have these values."""
        return sum(value for _, value in self._of(name, where))

    def by(self, name: str, label: str, **where: str) -> dict[str, float]:
        """Of a counter, for each value of `label`, the largest first."""
        place, sums = METRICS[name].labels.index(label), dict[str, float]()
        for key, value in self._of(name, where):
            sums[key[place]] = sums.get(key[place], 0) + value
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    def histogram(self, name: str, **where: str) -> Histogram:
        """Of all observations whose labels have these values."""
        ends = [*METRICS[name].buckets, float("inf")]
        found = dict.fromkeys(ends, 0.0)
        total = 0.0
        for key, value in self._of(name, where):
            if key[-1] == "sum":
                total += value
            else:
                found[float(key[-1])] += value
        return Histogram(tuple(found.items()), total)

    def values(self, name: str, label: str) -> list[str]:
        """The values of `label` that were met."""
        place = METRICS[name].labels.index(label)
        return sorted({key[place] for key, _ in self.of(name)})

    def of(self, name: str) -> Iterable[tuple[tuple[str, ...], float]]:
        """Each count of one metric, by its label values; of a histogram also by bucket."""
        return self._of(name, {})

    def _of(self, name: str, where: Mapping[str, str]) -> Iterable[tuple[tuple[str, ...], float]]:
        labels = METRICS[name].labels
        for (known, *key), value in self.counts.items():
            if known == name and all(key[labels.index(label)] == wanted for label, wanted in where.items()):
                yield tuple(key), value


def added(parts: Iterable[Figures]) -> Figures:
    """All of them together."""
    sums: dict[tuple[str, ...], float] = {}
    for part in parts:
        for key, value in part.counts.items():
            sums[key] = sums.get(key, 0) + value
    return Figures(sums)
