"""The HTTP app beside the graph: pages and JSON routes, in the LangGraph server (`http.app` in
langgraph.json) or alone (`uvicorn web.app:app`). Nothing is opened before it starts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from graph.server import shared_installation
from services.errors import AssistantError
from services.logs import set_up_logs
from services.sensitive import quoted
from services.settings import load_settings
from services.telemetry import export_spans, flush_spans
from web import api, operations, operations_page, pages, sign_in_pages
from web.body_limit import BodyLimit
from web.cost_reports import CostReports
from web.desk import Desk
from web.health import Health
from web.request_ids import RequestIds
from web.results import failure
from web.sign_in import SignIn
from web.statuses import headers_of, status_of
from web.sweeper import sweeping


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Opens what the process shares, sweeps while it runs, and leaves again."""
    set_up_logs(load_settings())
    export_spans()
    async with shared_installation() as installation:
        app.state.installation = installation
        app.state.desk = Desk(installation)
        app.state.health = Health(installation, app.state.desk)
        app.state.cost_reports = CostReports(installation)
        try:
            async with sweeping(app.state.desk):
                yield
        finally:
            await app.state.health.aclose()
            await app.state.cost_reports.aclose()
            await asyncio.to_thread(flush_spans)


async def on_error(_: Request, error: AssistantError) -> Response:
    """A typed error, in its own words."""
    problem = failure(error, "")
    return JSONResponse(problem, status_of(problem["error"]), headers_of(problem))


async def on_refusal(_: Request, error: HTTPException) -> Response:
    """`detail` is for clients of the LangGraph routes, which this app answers for as well."""
    if error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)
    told = {"error": "invalid_request", "error_message": error.detail, "detail": error.detail}
    return JSONResponse(told, error.status_code, error.headers)


async def on_invalid(_: Request, error: RequestValidationError) -> Response:
    """Which fields are wrong, and how; without their values."""
    wrong = [f"{_named(e['loc'][1:]) or 'body'}: {e['msg']}" for e in error.errors()[:20]]
    return JSONResponse({"error": "invalid_request", "error_message": "; ".join(wrong)}, 422)


def _named(field: tuple[str | int, ...]) -> str:
    """A field that nobody knows may be called anything."""
    return ".".join(quoted(str(part), 100) for part in field)


async def on_defect(_: Request, __: Exception) -> Response:
    """What nobody foresaw is logged by the server, and not shown."""
    message = "Something went wrong on our side. It was logged; try again in a minute."
    return JSONResponse({"error": "internal_error", "error_message": message}, 500)


def _build() -> FastAPI:
    handlers: dict[Any, Any] = {
        AssistantError: on_error,
        HTTPException: on_refusal,
        RequestValidationError: on_invalid,
        Exception: on_defect,
    }
    built = FastAPI(
        title="Jira assistant",
        description="Say something casual; get a reviewed Jira comment, task, e-mail or figures.",
        lifespan=lifespan,
        routes=[*pages.routes(), *operations_page.routes(), *sign_in_pages.routes()],
        exception_handlers=handlers,
        docs_url=None,  # its page loads scripts from elsewhere; the LangGraph server has its own /docs
        redoc_url=None,
        telemetry={
            "tracing": False,
            "operation_spans": False,
            "logs": False,
        },  # they tell messages
    )
    built.add_middleware(BodyLimit)
    built.add_middleware(SignIn)
    built.add_middleware(RequestIds)  # the last one added is the first one reached
    api.add_routes(built)
    operations.add_routes(built)
    return built


app = _build()
