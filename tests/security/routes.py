"""Every route that a server answers on, from its own table: one that is added is attacked from then on."""

import json
import subprocess
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from tests.integration.conftest import ROOT, environment

_LIST = """
import json
from starlette.routing import Mount, WebSocketRoute

def listed(routes, prefix=""):
    for route in routes:
        if isinstance(route, WebSocketRoute):
            yield ["WEBSOCKET", prefix + route.path]
        elif isinstance(route, Mount):
            yield from listed(route.routes or [], prefix + route.path)
            if not route.routes:
                yield ["GET", prefix + route.path + "/base.css"]
        else:
            for method in sorted(route.methods or ["GET", "POST"]):
                yield [method, prefix + route.path]

from langgraph_api.server import app
print("ROUTES" + json.dumps(sorted(map(list, {tuple(one) for one in listed(app.routes)}))))
"""


@dataclass(frozen=True)
class Known:
    method: str
    path: str  # with made-up parameters


def all_routes() -> list[Known]:
    """What `langgraph dev` serves, set up as it does it from langgraph.json: our own app's among them."""
    configured: dict[str, Any] = json.loads((ROOT / "langgraph.json").read_text())
    env = environment(
        ROOT / "nowhere",
        PYTHONPATH=str(ROOT),
        MIGRATIONS_PATH="__inmem",
        LANGGRAPH_RUNTIME_EDITION="inmem",
        DATABASE_URI=":memory:",
        REDIS_URI="fake",
        LANGSERVE_GRAPHS=json.dumps(configured["graphs"]),
        LANGGRAPH_HTTP=json.dumps(configured["http"]),
        LANGGRAPH_AUTH=json.dumps(configured["auth"]),
        LANGSMITH_LANGGRAPH_API_VARIANT="local_dev",
    )
    found = subprocess.run(
        [sys.executable, "-c", _LIST], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90
    )
    lines = [line for line in found.stdout.splitlines() if line.startswith("ROUTES")]
    assert lines, found.stderr[-3000:]
    return [Known(method, _filled(path)) for method, path in json.loads(lines[0].removeprefix("ROUTES"))]


def _filled(path: str) -> str:
    """A made-up id for each parameter."""
    parts = [str(uuid.uuid4()) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
