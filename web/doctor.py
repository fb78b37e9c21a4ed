"""What is set, where it comes from, and whether what it names really answers."""

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr
from rich.console import Group, RenderableType
from rich.table import Table

from services import JSON
from services.errors import AssistantError
from services.settings import Settings, load_settings
from services.steps import run

_MARKS = {"ok": "[green]ok[/green]", "warning": "[yellow]warning[/yellow]", "error": "[red]error[/red]"}


def examine() -> JSON:
    """Everything checked for real; `ok` is false when the assistant would not work as configured."""
    try:
        settings = load_settings()
    except AssistantError as error:
        return {"ok": False, "settings": [], "checks": [_check("settings", "error", error.message)]}
    checks = [
        _check("python", "ok", f"{platform.python_version()}, langgraph {version('langgraph')}"),
        *_storage_and_models(settings),
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


def _storage_and_models(settings: Settings) -> list[JSON]:
    from services.redis_check import check_server

    from graph.server import open_installation

    checks: list[JSON] = []
    try:
        installation = open_installation(settings)
    except AssistantError as error:
        return [_check("redis", "error", error.message)]
    try:
        where = installation.redis.place
        kind = "embedded Valkey" if settings.redis_url is None else "REDIS_URL"

        def redis() -> JSON:
            warnings = run(check_server(installation.redis))
            state = "warning" if warnings else "ok"
            return _check("redis", state, "; ".join([f"{kind} at {where} answers", *warnings]))

        def waiting() -> JSON:
            rows = run(installation.services.ledger.pending())
            return _check("approvals", "ok", f"{len(rows)} waiting")

        checks += [_tried("redis", redis), _tried("approvals", waiting)]
        if not installation.services.models.available():
            detail = (
                "none configured: rules write the drafts, always reviewed. Set OPENAI_API_KEY for a model."
            )
            checks.append(_check("models", "ok", detail))
    finally:
        installation.close()
    return checks


def _tried(what: str, check: Callable[[], JSON]) -> JSON:
    try:
        return check()
    except AssistantError as error:
        return _check(what, "error", error.message)
