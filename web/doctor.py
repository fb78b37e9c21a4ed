"""What is set, where it comes from, and whether what it names really answers."""

import os
import platform
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values
from pydantic import SecretStr
from rich.console import Group, RenderableType
from rich.table import Table

from services import JSON, Connector, Services
from services.errors import AssistantError
from services.settings import Settings, load_settings
from services.steps import run

if TYPE_CHECKING:
    from graph.installation import Installation

_MARKS = {"ok": "[green]ok[/green]", "warning": "[yellow]warning[/yellow]", "error": "[red]error[/red]"}


def examine() -> JSON:
    """Everything checked for real; `ok` is false when the assistant would not work as configured."""
    try:
        settings = load_settings()
    except AssistantError as error:
        return {"ok": False, "settings": [], "checks": [_check("settings", "error", error.message)]}
    checks = [
        _check("python", "ok", f"{platform.python_version()}, langgraph {version('langgraph')}"),
        *_dependencies(settings),
    ]
    ok = all(check["state"] != "error" for check in checks)
    return {"ok": ok, "settings": _settings(settings), "checks": checks}


def table(report: JSON) -> RenderableType:
    """The report for a terminal, what is wrong first."""
    checks = Table(title="Checks")
    for heading in ("what", "state", "detail"):
        checks.add_column(heading, overflow="fold")
    order = {"error": 0, "warning": 1, "ok": 2}
    for check in sorted(report["checks"], key=lambda check: order[check["state"]]):
        checks.add_row(check["what"], _MARKS[check["state"]], check["detail"])
    values = Table(title="Settings")
    for heading in ("name", "value", "from"):
        values.add_column(heading, overflow="fold")
    for setting in report["settings"]:
        values.add_row(setting["name"], setting["value"], setting["source"])
    return Group(values, checks)


def _check(what: str, state: str, detail: str) -> JSON:
    return {"what": what, "state": state, "detail": detail}


def _settings(settings: Settings) -> list[JSON]:
    environment = {name.upper() for name in os.environ}
    in_file = {name.upper() for name, value in dotenv_values(".env").items() if value}
    rows = []
    for name in Settings.model_fields:
        shown = "JIRA_ASSISTANT_DATA_DIR" if name == "data_dir" else name.upper()
        source = "environment" if shown in environment else ".env" if shown in in_file else "default"
        rows.append({"name": shown, "value": _shown(getattr(settings, name)), "source": source})
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return "set, not shown"
    return "not set" if value is None or value == "" else str(value)


def _dependencies(settings: Settings) -> list[JSON]:
    from graph.installation import open_installation

    try:
        installation = open_installation(settings)
    except AssistantError as error:
        return [_check("redis", "error", error.message)]
    try:
        reached = installation.services
        checks = [_tried("redis", lambda: _redis(installation, settings))]
        checks.append(_tried("approvals", lambda: _approvals(reached)))
        checks.append(_tried("sign-in", lambda: _sign_in(installation)))
        checks.append(_tried("models", lambda: _models(installation, settings)))
        for name, connector in reached.connectors.items():
            checks.append(_tried(name, partial(_receiver, name, connector)))
        if settings.langsmith_tracing:
            checks.append(_tried("traces", lambda: _traces(installation)))
        return checks
    finally:
        installation.close()


def _redis(installation: "Installation", settings: Settings) -> JSON:
    from services.redis_check import check_server

    unsafe, notes = run(check_server(installation.redis))
    warnings = [*unsafe, *notes]
    kind = "embedded Valkey" if settings.redis_url is None else "REDIS_URL"
    detail = "; ".join([f"{kind} at {installation.redis.place} answers", *warnings])
    return _check("redis", "warning" if warnings else "ok", detail)


def _approvals(reached: Services) -> JSON:
    waiting, unfinished = run(reached.ledger.pending()), run(reached.ledger.unfinished())
    state = "warning" if unfinished else "ok"
    return _check("approvals", state, f"{len(waiting)} waiting, {len(unfinished)} approved and not done")


def _sign_in(installation: "Installation") -> JSON:
    """Whether anybody can come in who should."""
    if not installation.settings.sign_in_required:
        return _check("sign-in", "ok", "nobody signs in: only this machine is answered")
    good = sum(key.usable(time.time()) for key in run(installation.keys.all()))
    told = [f"{good} good keys"]
    if installation.tokens is not None:
        told.append(f"tokens by {run(installation.tokens.check())} keys of the identity provider")
    if good or installation.tokens:
        return _check("sign-in", "ok", ", ".join(told))
    return _check("sign-in", "warning", "nobody can sign in: make a key with jira-assistant keys add")


def _models(installation: "Installation", settings: Settings) -> JSON:
    """Providers, circuits, today's money and the limits; no model is asked, since that costs."""
    if not installation.services.models.available():
        detail = "none configured: rules write the drafts, always reviewed. Set OPENAI_API_KEY for a model."
        return _check("models", "ok", detail)
    states = run(installation.models.states())
    opened = [name for name, model in states["models"].items() if model["state"] != "closed"]
    models = ", ".join(f"{name} ({model['state']})" for name, model in states["models"].items())
    costs = states["costs"]
    limits = f"{settings.max_requests_per_minute} requests a minute, {settings.max_requests_per_hour} an hour"
    money = f"${costs['spent_usd']:.4f} of ${settings.max_daily_cost_usd:.2f} spent today"
    return _check("models", "warning" if opened else "ok", f"{models}; {money}; {limits} for each user")


def _traces(installation: "Installation") -> JSON:
    from services import langsmith_runs

    [tracer] = [found for found in installation.tracers if isinstance(found, langsmith_runs.Tracer)]
    return _check("traces", "ok", langsmith_runs.check(tracer))


def _receiver(name: str, connector: Connector) -> JSON:
    return _check(name, "ok", run(connector.check()))


def _tried(what: str, check: Callable[[], JSON]) -> JSON:
    try:
        return check()
    except AssistantError as error:
        return _check(what, "error", error.message)
