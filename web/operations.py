"""The routes for operators and their machines: health, metrics for Prometheus, costs and statistics."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from graph.installation import Installation
from services import JSON
from services.errors import AssistantError
from services.metrics import added
from services.metrics_store import SERIES_HOURS
from services.settings import Settings
from services.stats import stats
from services.steps import arun
from web.exposition import CONTENT_TYPE, exposition
from web.health import DEADLINE_S
from web.sign_in import identify, require

Days = Annotated[int, Query(ge=1, le=31)]
Hours = Annotated[int, Query(ge=1, le=SERIES_HOURS)]


class Check(BaseModel):
    """How one dependency is; some say more in figures of their own."""

    model_config = ConfigDict(extra="allow")

    state: Literal["ok", "degraded", "down", "off"] = Field(description="off: not used in this setup.")
    detail: str


class Readiness(BaseModel):
    """Whether it can serve. Degraded still does, for example without a model by rules."""

    status: Literal["ok", "degraded", "down"]
    degraded: list[str] = Field(description="The names of what is not as it should be.")
    checks: dict[str, Check] | None = Field(default=None, description="For operators only.")


class Suggestion(BaseModel):
    """What the record suggests to spend less."""

    kind: Literal["cheaper_model", "wasted", "cache", "prompt_size", "provider_cache", "batching"]
    text: str
    figures: dict[str, float | str] = Field(description="What was found.")
    threshold: str = Field(description="From when on it is said.")


class Today(BaseModel):
    """The budget of this day, in US dollars."""

    day: str
    time_zone: str
    spent_usd: float = Field(description="Or set aside for requests under way.")
    limit_usd: float
    projected_usd: float = Field(description="By midnight, at today's pace.")
    resets_at: str
    alerts: dict[str, str] = Field(description="When a level was reached, by its name.")


class Spent(BaseModel):
    """Requests to models, summed up by `purpose` or by `model`."""

    purpose: str | None = None
    model: str | None = None
    requests: int
    tokens_in: int
    cache_read: int = Field(description="The part of `tokens_in` that came from the provider's cache.")
    tokens_out: int
    cost_usd: float


class Day(BaseModel):
    day: str
    cost_usd: float


class CostReport(BaseModel):
    """Money in US dollars; unknown prices count at their worst."""

    today: Today
    by_purpose: list[Spent] = Field(description="Today, the dearest first.")
    by_model: list[Spent] = Field(description="Today, the dearest first.")
    days: list[Day] = Field(description="The oldest first.")
    suggestions: list[Suggestion]


class Stats(BaseModel):
    """The counts of all processes over some hours. Times are seconds; quantiles are estimates."""

    hours: int
    stats: dict[str, Any]
    queue: dict[str, Any]
    limits: dict[str, Any] = Field(description="What one user may ask for.")


def add_routes(app: FastAPI) -> None:
    """Straight onto the app, as in web.api."""
    shared: dict[str, Any] = {"tags": ["Operations"]}
    app.get("/health/live", **shared)(live)
    down: dict[int | str, dict[str, Any]] = {
        503: {"model": Readiness, "description": "State cannot be kept."}
    }
    app.get("/health/ready", response_model=Readiness, responses=down, **shared)(ready)
    text: Any = {200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}}
    app.get("/costs", response_model=CostReport, **shared)(costs)
    app.get("/stats", response_model=Stats, **shared)(statistics)
    app.get("/metrics/assistant", response_class=Response, responses=text, **shared)(metrics)


async def live() -> JSONResponse:
    """Whether this process answers. Nothing else is looked at."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> JSONResponse:
    """Whether it can serve, within a second whatever hangs. 503 when state cannot be kept."""
    report, operator = await asyncio.gather(request.app.state.health.report(), _is_operator(request))
    if not operator:
        report = {"status": report["status"], "degraded": report["degraded"]}
    return JSONResponse(report, 503 if report["status"] == "down" else 200)


async def costs(request: Request, days: Days = 7) -> JSONResponse:
    """What models cost today, by purpose and by model, where this pace leads to, and what to do about it.
    `days` are those that the suggestions look at."""
    require(request, "operator")
    return JSONResponse(await request.app.state.cost_reports.of(days))


async def statistics(request: Request, hours: Hours = 24) -> JSONResponse:
    """What happened in the last hours: routes, drafts, approvals, deliveries, models, errors, times."""
    require(request, "operator")
    installation: Installation = request.app.state.installation
    series = await arun(installation.metrics.series(hours))
    return JSONResponse(
        {
            "hours": hours,
            "stats": stats(added(figures for _, figures in series)),
            "queue": await arun(installation.services.ledger.backlog()),
            "limits": limits_of(installation.settings),
        }
    )


async def metrics(request: Request) -> Response:
    """What Prometheus scrapes. `/metrics` is the LangGraph server's own."""
    require(request, "operator")
    page = await exposition(request.app.state.installation, request.app.state.health)
    return Response(page, media_type=CONTENT_TYPE)


def limits_of(settings: Settings) -> JSON:
    """What one user may ask for."""
    return {
        "requests_per_minute": settings.max_requests_per_minute,
        "requests_per_hour": settings.max_requests_per_hour,
        "tokens_per_hour": settings.max_tokens_per_hour,
    }


async def _is_operator(request: Request) -> bool:
    """This route is open, so nobody was asked at the door; who cannot be recognised now is nobody."""
    try:
        return "operator" in (await asyncio.wait_for(identify(request), DEADLINE_S)).roles
    except (AssistantError, TimeoutError):
        return False
