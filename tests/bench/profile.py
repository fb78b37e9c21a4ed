"""Where the time of the shortest route goes: waits for Redis, our steps, LangGraph."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from graph.installation import compile_graph
from services import Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.ledger import RedisLedger
from services.limits import Limiter
from services.redis_client import RedisClient, Script
from services.settings import Settings
from services.steps import Steps
from tests.bench.assistants import empty, say
from tests.bench.measure import Section, line, valkey
from tests.fakes import NoModels

_RUNS = 150
_NAMES = {
    "read": "Redis: read the thread",
    "limits.check": "Redis: count the request",
    "change": "Redis: enter the action, done at once",
    "write": "Redis: keep the thread",
}


class _Timed(RedisClient):
    """Notes how long each script takes, from its first byte to its answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout_seconds=10)
        self.took: dict[str, float] = {}
        self._named = ""

    def script(self, script: Script, *args: Any, **more: Any) -> Steps[Any]:
        self._named = script.name
        return (yield from super().script(script, *args, **more))

    def _call(self, name: str, use: Callable[[Any], Any]) -> Steps[Any]:
        named = self._named

        def timed(client: Any) -> Any:
            started = time.perf_counter()
            answer = use(client)
            self.took[named] = (time.perf_counter() - started) * 1000
            return answer

        return (yield from super()._call(name, timed))


def sections() -> Iterator[Section]:
    found = defaultdict[str, list[float]](list)
    with valkey() as server:
        redis = _Timed(server.url)
        settings = Settings(max_requests_per_minute=1_000_000, max_requests_per_hour=1_000_000)
        limits, ledger = Limiter(settings, redis), RedisLedger(redis)
        services = Services(settings, NoModels(), RedisCache(redis), ledger, {}, limits)
        compiled, nothing = compile_graph(services, RedisSaver(redis)), empty(5)
        for run in range(_RUNS + 10):
            redis.took.clear()
            started, busy = time.perf_counter(), time.process_time()
            said = say(compiled, "done with PAY-12")
            took, busy = (time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000
            steps = sum(said["metadata"]["stage_timings"].values()) * 1000
            idle = time.process_time()
            nothing()
            parts = {name: redis.took[script] for script, name in _NAMES.items()}
            within = redis.took["limits.check"] + redis.took["change"]
            parts["our steps, without their waits"] = steps - within
            parts["LangGraph, and putting the thread into bytes"] = (
                took - steps - sum(redis.took[script] for script in ("read", "write"))
            )
            parts |= {"all of it": took, "processor time": busy}
            parts["processor time of 5 empty nodes"] = (time.process_time() - idle) * 1000
            for name, ms in parts.items():
                if run >= 10:
                    found[name].append(ms)
        redis.close()
    lines = [line(name, "finished task", samples, "ms") for name, samples in found.items()]
    yield Section(
        "Where the time of a finished task goes",
        lines,
        "Three of the four round trips write, and wait until the disk has it. LangGraph takes longer than "
        f"for empty nodes because each step copies and versions {len(compiled.channels)} channels of state "
        "instead of a handful. Processor time is of this process alone; on a busy machine it tells more than "
        "the clock.",
    )
