"""The routes for operators and their machines: health, metrics for Prometheus, costs and statistics."""

import asyncio
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.errors import AssistantError
from web.health import DEADLINE_S
from web.sign_in import identify


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


def add_routes(app: FastAPI) -> None:
    """Straight onto the app, as in web.api."""
    shared: dict[str, Any] = {"tags": ["Operations"]}
    app.get("/health/live", **shared)(live)
    down: dict[int | str, dict[str, Any]] = {
        503: {"model": Readiness, "description": "State cannot be kept."}
    }
    app.get("/health/ready", response_model=Readiness, responses=down, **shared)(ready)


async def live() -> JSONResponse:
    """Whether this process answers. Nothing else is looked at."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> JSONResponse:
    """Whether it can serve, within a second whatever hangs. 503 when state cannot be kept."""
    report, operator = await asyncio.gather(request.app.state.health.report(), _is_operator(request))
    if not operator:
        report = {"status": report["status"], "degraded": report["degraded"]}
    return JSONResponse(report, 503 if report["status"] == "down" else 200)


async def _is_operator(request: Request) -> bool:
    """This route is open, so nobody was asked at the door; who cannot be recognised now is nobody."""
    try:
        return "operator" in (await asyncio.wait_for(identify(request), DEADLINE_S)).roles
    except (AssistantError, TimeoutError):
        return False
