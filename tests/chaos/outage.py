"""R18: while Redis is away nothing new is begun, everybody is told so at once, and then all goes on."""

import signal
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import httpx
from langgraph.types import Command

from services import JSON
from services.errors import StorageError
from services.settings import Settings
from tests.chaos.approvals import figures_of
from tests.chaos.proxy import proxying
from tests.chaos.receiver import receiver
from tests.chaos.site import site_on, wait_until
from tests.chaos.worker import SPEAKER, UPDATE, assistant
from tests.servers import RedisServer

How = Literal["killed", "stopped", "unreachable"]
HOW: tuple[How, ...] = ("killed", "stopped", "unreachable")
PATIENCE_S: float = Settings.model_fields["redis_timeout_seconds"].default
_BETWEEN_REFUSALS_S = 0.2
_IN_FLIGHT_S = 1.0
"""What was claimed before the outage is still sent: see tests.chaos.receiver.Posting."""
SAID = UPDATE["message"]
_REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/chat", {"json": {"message": SAID, "context": {"user_id": "anna"}}}),
    ("GET", "/approvals", {}),
    ("POST", "/approvals/none", {"json": {"verb": "accept", "user_id": "anna"}}),
    ("GET", "/review", {}),
    ("GET", "/actions/none/history", {}),
    ("POST", "/app", {"data": {"message": SAID, "name": "anna"}}),
)


@dataclass
class _Seen:
    """What callers met. Times are of the monotonic clock."""

    refused: list[tuple[float, float, str]] = field(default_factory=list)  # when it began and ended; what
    served: list[float] = field(default_factory=list)  # when it ended
    wrong: list[str] = field(default_factory=list)  # answers that were neither


def outage(server: RedisServer, *, seconds: float, how: How, callers: int = 8) -> JSON:
    """Conversations in process and requests to the pages and routes, before, during and after."""
    server.flush()
    began, silent = time.monotonic(), [False]
    with (
        receiver() as effects,
        proxying(server.port, lambda answer: "swallow" if silent[0] else "none") as wire,
        site_on(wire) as address,
        ThreadPoolExecutor(callers + 2) as pool,
    ):
        library, routes, over = _Seen(), _Seen(), [False]
        compiled, _ = assistant(
            f"redis://127.0.0.1:{wire}/0", effects.server_port, _nowhere, patience_s=PATIENCE_S
        )
        for _ in range(callers):
            pool.submit(_converse, compiled, library, lambda: over[0])
        for _ in range(2):
            pool.submit(_request, address, routes, lambda: over[0])
        wait_until(lambda: min(len(library.served), len(routes.served)) > 2 * callers)
        started = time.monotonic()
        _break(server, how, silent)
        time.sleep(seconds)
        ended = time.monotonic()
        _mend(server, how, silent)
        mended = time.monotonic()
        with suppress(TimeoutError):  # seen in the figures
            wait_until(lambda: min(max(seen.served) for seen in (library, routes)) > mended, within_s=20)
        time.sleep(1)
        over[0] = True
        pool.shutdown(wait=True)
        refused = [(end - max(at, started), what) for at, end, what in library.refused + routes.refused]
        slowest = max(refused)
        back = [
            min((at for at in seen.served if at > mended), default=1e9) - mended for seen in (library, routes)
        ]
        begun = [at for at in effects.times if started + _IN_FLIGHT_S < at < ended]
        served = [at for at in routes.served if started + 2 * PATIENCE_S < at < ended]
        told = figures_of(server, effects, began)
    return {
        "outage": f"{how}, {seconds:g} s",
        "effects begun": len(begun),
        "refusals": len(refused),
        "slowest refusal s": round(slowest[0], 2),
        "which was": slowest[1],
        "untyped errors": len(library.wrong) + len(routes.wrong),
        "served meanwhile": len(served),
        "recovery s": round(max(back), 2),
        **{name: told[name] for name in ("lost", "applied twice", "approved and not done")},
        "first wrong": next(iter(library.wrong + routes.wrong), ""),
    }


def _break(server: RedisServer, how: How, silent: list[bool]) -> None:
    if how == "unreachable":
        silent[0] = True
    else:
        server.kill(signal.SIGKILL if how == "killed" else signal.SIGSTOP)


def _mend(server: RedisServer, how: How, silent: list[bool]) -> None:
    if how == "unreachable":
        silent[0] = False
    elif how == "killed":
        server.start()
    else:
        server.resume()


def _nowhere(point: str) -> None:
    """No process dies here."""


def _converse(compiled: Any, seen: _Seen, over: Callable[[], bool]) -> None:
    """One conversation after another; one that was refused is left for the sweeper."""
    for _ in count():
        if over():
            return
        config: Any = {"configurable": {"thread_id": str(uuid.uuid4())}}
        given: Any = UPDATE
        for _ in range(2):
            started = time.monotonic()
            try:
                out = compiled.invoke(given, config, context=SPEAKER)
                if not (refused := out.get("error") == "storage_unavailable") and given is UPDATE:
                    given = Command(resume={out["__interrupt__"][0].id: "yes"})
            except StorageError:
                refused = True
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not one that callers are told of
                seen.wrong.append(repr(error))
                break
            if refused:
                seen.refused.append((started, time.monotonic(), "invoke" if given is UPDATE else "resume"))
                time.sleep(_BETWEEN_REFUSALS_S)
                break
        else:
            seen.served.append(time.monotonic())


def _request(address: str, seen: _Seen, over: Callable[[], bool]) -> None:
    """All kinds of requests in turn."""
    with httpx.Client(base_url=address, timeout=30, headers={"Origin": address}) as client:
        for method, path, more in (request for _ in count() for request in _REQUESTS):
            if over():
                return
            started = time.monotonic()
            try:
                answer = client.request(method, path, **more)
            except httpx.HTTPError as error:
                seen.wrong.append(repr(error))
                continue
            ended = time.monotonic()
            if answer.status_code == 503 and "retry-after" in answer.headers:
                seen.refused.append((started, ended, f"{method} {path}"))
            elif answer.status_code in (200, 303, 404):
                seen.served.append(ended)
            else:
                seen.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            time.sleep(0.02)
