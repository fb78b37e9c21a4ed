"""What works and what does not, asked of every dependency and told as it is.

All checks run side by side under one deadline, so that whatever hangs, there is an answer within a second.
Who asks while an examination runs, or right after it, gets that one: asking often is no load.
"""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from graph.installation import Installation
from services import JSON
from services.errors import AssistantError, StorageError
from services.providers import configured
from services.redis_client import RedisClient, text
from services.steps import Steps, arun
from web.cards import lasting
from web.desk import Desk
from web.probes import Probed, Probes
from web.shared import Shared

DEADLINE_S = 0.8
FRESH_S = 1.0
NEARLY_FULL = 0.9
"""Share of maxmemory; a full Redis that evicts nothing refuses every write."""
LEAST_FREE_BYTES = 1_000_000_000
LATE_S = 60.0
"""The sweeper looks every 10 s; what it should have ended a minute ago, it cannot end."""
LAST_COUNTS_S = 300.0
"""So long the last answer of a model says how it is."""
UNKNOWN = "not known"

State = Literal["ok", "degraded", "down", "off"]
log = logging.getLogger(__name__)


def check(state: State, detail: str, **figures: Any) -> JSON:
    return {"state": state, "detail": detail, **figures}


class Health:
    """For one event loop; `aclose` it."""

    def __init__(self, installation: Installation, desk: Desk) -> None:
        self._installation = installation
        self._settings = installation.settings
        self._desk = desk
        self._probes = Probes(self._settings)
        self.examined = Shared(self._examine, FRESH_S)
        self._checks: dict[str, Callable[[], Awaitable[JSON]]] = {
            "redis": self._redis,
            "queue": self._queue,
            "sweeper": self._sweeper,
            "models": self._models,
            "circuits": self._circuits,
            "budget": self._budget,
            "disk": self._disk,
        }

    async def report(self) -> JSON:
        """`status` (ok, degraded or down), `degraded` (names), `checks`: name to state, detail, figures.

        Down is what cannot keep state; without a model it still serves, by rules.
        """
        return await self.examined.get()

    async def aclose(self) -> None:
        await self.examined.aclose()
        await self._probes.aclose()

    async def _examine(self) -> JSON:
        tasks = {name: asyncio.create_task(self._tried(name)) for name in self._checks}
        try:
            _, late = await asyncio.wait(tasks.values(), timeout=DEADLINE_S)
        finally:
            for task in tasks.values():
                task.cancel()  # and not waited for: it may hang
        checks: dict[str, JSON] = {}
        for name, task in tasks.items():
            state: State = "down" if name == "redis" else "degraded"
            unknown = check(state, f"{UNKNOWN}: there was no answer within {DEADLINE_S:g} s")
            checks[name] = unknown if task in late else task.result()
        wrong = [name for name, found in checks.items() if found["state"] in ("degraded", "down")]
        status = "degraded" if wrong else "ok"
        if checks["redis"]["state"] == "down":
            status = "down"
            for name in wrong[1:]:
                if checks[name]["detail"].startswith(UNKNOWN):
                    checks[name]["detail"] = f"{UNKNOWN} while Redis is down"
        return {"status": status, "degraded": wrong, "checks": checks}

    async def _tried(self, name: str) -> JSON:
        try:
            return await self._checks[name]()
        except AssistantError as error:
            return check("degraded", f"{UNKNOWN}: {error.message}")
        except Exception:  # a check that fails is told; it must not hide the others
            log.exception("The health check of %s failed", name)
            return check("degraded", f"{UNKNOWN}: the check itself failed, see the log")

    async def _redis(self) -> JSON:
        started = time.monotonic()
        try:
            wrong = await arun(_writable(self._installation.redis))
        except StorageError as error:
            return check("down", error.message)
        milliseconds = round((time.monotonic() - started) * 1000, 2)
        took = f"written and read back in {milliseconds} ms"
        return check("degraded" if wrong else "ok", "; ".join([*wrong, took]), milliseconds=milliseconds)

    async def _queue(self) -> JSON:
        backlog = await arun(self._installation.services.ledger.backlog())
        stuck = backlog["oldest_unfinished_s"] > LATE_S
        told = f"{backlog['waiting']} wait for a decision"
        if backlog["waiting"]:
            told += f", the first for {lasting(backlog['oldest_waiting_s'])}"
        if backlog["unfinished"]:
            since = lasting(backlog["oldest_unfinished_s"])
            told += f"; {backlog['unfinished']} approved and not done, the first for {since}"
        return check("degraded" if stuck else "ok", told, **backlog)

    async def _sweeper(self) -> JSON:
        """Of this process: without it what a stopped process left behind is never ended."""
        ago_s = round(time.monotonic() - self._desk.tidied_at, 1)
        return check("degraded" if ago_s > LATE_S else "ok", f"last done {ago_s:g} s ago", ago_s=ago_s)

    async def _models(self) -> JSON:
        providers = configured(self._settings)
        if not providers:
            return check("off", "none is configured: rules write the drafts")
        last = await arun(self._installation.models.costs.last_results())
        failing = [
            f"{model} failed {lasting(result['ago_s'])} ago ({result['outcome']})"
            for model, result in last.items()
            if result["outcome"] not in ("ok", "circuit_open") and result["ago_s"] < LAST_COUNTS_S
        ]
        probed = dict(zip(providers, await asyncio.gather(*map(self._probed, providers)), strict=True))
        told = [*failing, *(f"{provider} {found.said}" for provider, found in probed.items())]
        fine = not failing and all(found.ok for found in probed.values())
        reach = {provider: found.ok for provider, found in probed.items()}
        return check("ok" if fine else "degraded", "; ".join(told), providers=reach, last_results=last)

    async def _probed(self, provider: str) -> Probed:
        try:
            return await asyncio.wait_for(self._probes.of(provider), DEADLINE_S * 0.75)
        except TimeoutError:
            return Probed(False, "has not answered yet")

    async def _circuits(self) -> JSON:
        models = (await arun(self._installation.models.states()))["models"]
        opened = [
            f"{name} is left alone for {model['retry_after_s']:.0f} s more"
            for name, model in models.items()
            if model["state"] != "closed"
        ]
        states = {name: model["state"] for name, model in models.items()}
        detail = "; ".join(opened) or ("all closed" if states else "there are none")
        return check("degraded" if opened else "ok" if states else "off", detail, circuits=states)

    async def _budget(self) -> JSON:
        costs = await arun(self._installation.models.costs.today())
        spent, limit = costs["spent_usd"], costs["limit_usd"]
        early = spent >= self._settings.alert_at_cost_usd and spent > 0
        detail = f"${spent:.2f} of ${limit:.2f} are spent or set aside until {costs['resets_at']}"
        return check("degraded" if early else "ok", detail, spent_usd=spent, limit_usd=limit)

    async def _disk(self) -> JSON:
        if self._settings.redis_url is not None:
            return check("off", "the server of REDIS_URL keeps its own")
        folder = self._settings.data_dir.expanduser()
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
        free = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB in {folder}"
        few = usage.free < LEAST_FREE_BYTES
        return check("degraded" if few else "ok", free, free_bytes=usage.free, total_bytes=usage.total)


def _writable(redis: RedisClient) -> Steps[list[str]]:
    """What threatens to end it; raises StorageError where nothing can be written now. A PING would be
    answered by a full, a read-only and a broken one too."""
    key, written = "jira-assistant:health", f"{time.time():.6f}"
    probe = [("SET", key, written, "EX", "60"), ("GET", key), ("INFO", "memory"), ("INFO", "persistence")]
    _, back, memory, disk = yield from redis.transaction(probe)
    wrong = [] if text(back) == written else ["it gave back something else than was written"]
    most, used = int(memory.get("maxmemory") or 0), int(memory["used_memory"])
    if most and used > most * NEARLY_FULL:
        wrong.append(f"{used / most:.0%} of its maxmemory is in use: raise it, or it refuses writes soon")
    if disk.get("aof_enabled") and disk.get("aof_last_write_status") != "ok":
        wrong.append("it could not write its append-only file: look at its disk")
    return wrong
