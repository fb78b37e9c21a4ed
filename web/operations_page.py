"""The operations page: what is wrong first, then what it cost and how it went in the last hours.

It is answered whatever is down: what cannot be read is said to be unknown, and the rest is shown.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graph.installation import Installation
from nodes.jira_assistant.periods import zone
from services import JSON
from services.errors import StorageError
from services.metrics import Figures, added
from services.stats import error_rate, stats
from services.steps import arun
from web.browser import page, viewer
from web.cost_reports import CostReports
from web.health import UNKNOWN
from web.operations import limits_of
from web.rendering import render
from web.sign_in import require
from web.words import dollars, share, whole

HOURS = (3, 12, 24)
PATIENCE_S = 3.0
NOW_QUARTERS = 2
"""The quarter that has just begun says little, so the one before counts as now too."""
LEAST_RUNS = 5
_SUGGESTION_DAYS = 7
_TITLES = {  # where it is down or not known; where it is degraded
    "redis": ("Redis is down: no state can be kept", "Redis will not hold for long"),
    "queue": ("The queue is unknown", "Approved actions are not carried out"),
    "sweeper": ("The sweeper is unknown", "What a stopped process left behind is not being ended"),
    "models": ("The models are unknown", "A model provider would not serve"),
    "circuits": ("The circuits are unknown", "A model is left alone because it failed"),
    "budget": ("The budget is unknown", "Today's budget is nearly spent"),
    "disk": ("The disk is unknown", "The disk is nearly full"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One quarter of an hour: its place, when it began, what it holds (None: nothing), and that in words."""

    place: int
    at: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time, oldest first. `most` is at the top; `line` a threshold, within it."""

    bars: Sequence[Bar]
    most: float
    most_words: str
    summary: str
    line: float | None = None


def routes() -> list[BaseRoute]:
    return [Route("/operations", page(operations))]


async def operations(request: Request) -> Response:
    """For operators only. 200 also while something is down: the page works, and says so."""
    require(request, "operator")
    me = viewer(request)
    asked = request.query_params.get("hours", "")
    hours = int(asked) if asked in map(str, HOURS) else HOURS[1]
    installation: Installation = request.app.state.installation
    report = await request.app.state.health.report()
    values: dict[str, Any] = {"viewer": me, "hours": hours, "choices": HOURS, "report": report, "known": None}
    wrong = _unhealthy(report)
    if report["status"] != "down":
        try:
            known = await asyncio.wait_for(_known(installation, hours, me.zone), PATIENCE_S)
            wrong += known.pop("wrong")
            values["known"] = known | {"costs": await _costs(request.app.state.cost_reports)}
        except (StorageError, TimeoutError) as error:
            words = error.message if isinstance(error, StorageError) else "Redis took too long."
            wrong.append(_problem("error", "The figures could not be read", words))
    wrong.sort(key=lambda problem: problem["level"] != "error")
    return await render("operations.html", {**values, "wrong": wrong})


async def _known(installation: Installation, hours: int, zone_name: str) -> JSON:
    series = await arun(installation.metrics.series(hours))
    figures = added(quarter for _, quarter in series)
    today = await arun(installation.models.costs.today())
    threshold = installation.settings.error_rate_threshold
    return {
        "stats": stats(figures),
        "today": today,
        "queue": await arun(installation.services.ledger.backlog()),
        "limits": limits_of(installation.settings),
        "threshold": threshold,
        "error_chart": _errors(series, zone_name, threshold),
        "spend_chart": _chart(series, zone_name, _spent, dollars, "Spent on models"),
        "message_chart": _chart(series, zone_name, _messages, whole, "Messages"),
        "wrong": _failing(series, figures, threshold),
    }


async def _costs(reports: CostReports) -> JSON | None:
    """None where it takes too long; it is ready soon, for whoever looks again."""
    try:
        return await asyncio.wait_for(reports.of(_SUGGESTION_DAYS), PATIENCE_S)
    except TimeoutError:
        return None


def _unhealthy(report: JSON) -> list[JSON]:
    """What only is not known because Redis is down is named in one line."""
    found, unknown = [], []
    for name in report["degraded"]:
        check = report["checks"][name]
        not_known = check["detail"].startswith(UNKNOWN)
        if not_known and report["status"] == "down" and name != "redis":
            unknown.append(name)
            continue
        title = _TITLES[name][not (not_known or check["state"] == "down")]
        found.append(_problem("error" if check["state"] == "down" else "warning", title, check["detail"]))
    if unknown:
        found.append(_problem("warning", "Not known meanwhile", ", ".join(unknown)))
    return found


def _failing(series: Sequence[tuple[float, Figures]], figures: Figures, threshold: float) -> list[JSON]:
    found = []
    now = added(quarter for _, quarter in series[-NOW_QUARTERS:])
    rate, runs = error_rate(now), now.total("runs_total")
    if rate is not None and rate > threshold and runs >= LEAST_RUNS:
        told = ", ".join(
            f"{error} ({count:.0f})" for error, count in now.by("run_errors_total", "error").items()
        )
        title = f"{share(rate)} of the runs fail, {share(threshold)} is the limit"
        found.append(_problem("error", title, f"They ended with {told}, in {runs:.0f} runs since just now."))
    if unknown := figures.total("deliveries_total", outcome="outcome_unknown"):
        title = f"Of {unknown:.0f} actions it is not known whether they were carried out"
        found.append(_problem("error", title, "Look at the receiver, then settle each by hand."))
    if lost := figures.total("uncounted_total"):
        found.append(
            _problem("warning", "Figures are too low", f"{lost:.0f} counts were given up: see the log.")
        )
    return found


def _problem(level: str, title: str, detail: str) -> JSON:
    return {"level": level, "title": title, "detail": detail}


def _errors(series: Sequence[tuple[float, Figures]], zone_name: str, threshold: float) -> Chart:
    """The axis ends at a share that keeps the threshold in sight."""
    chart = _chart(series, zone_name, error_rate, share, "Share of failed runs")
    most = min(1.0, max(chart.most, threshold * 1.5))
    return Chart(chart.bars, most, share(most), chart.summary, threshold)


def _chart(
    series: Sequence[tuple[float, Figures]],
    zone_name: str,
    value_of: Callable[[Figures], float | None],
    words: Callable[[float], str],
    what: str,
) -> Chart:
    here = zone(zone_name)
    values = [(at, value_of(quarter)) for at, quarter in series]
    bars = [
        Bar(place, f"{datetime.fromtimestamp(at, here):%H:%M}", value, "–" if value is None else words(value))
        for place, (at, value) in enumerate(values)
    ]
    most = max((value for _, value in values if value is not None), default=0.0)
    peak = next((bar.at for bar in bars if bar.value == most), "") if most else ""
    summary = f"{what}, by quarters of an hour: " + (f"at most {words(most)}, at {peak}" if peak else "none")
    return Chart(bars, most or 1.0, words(most), summary)


def _spent(figures: Figures) -> float:
    return figures.total("model_cost_usd_total")


def _messages(figures: Figures) -> float:
    return figures.total("messages_total")
