"""A circuit breaker for each model of each provider, shared by all processes through Redis.

    closed --CIRCUIT_FAILURE_THRESHOLD failures in a row--> open --CIRCUIT_OPEN_SECONDS--> one probe
       ^------------------------------ the probe answered ------------------------------------'

A new open period begins with the probe, so there is one probe a period over all processes, also when
the one that probes dies. What Redis said is believed for 250 ms; while Redis is away each process counts
by itself. pybreaker, purgatory and aiobreaker were looked at: each reads, decides and writes in separate
commands (so every process probes), and none serves sync and async from one source.

Failures also feed a retry budget: over all processes, repeats stay under a tenth of the requests.
"""

import logging
import time
from dataclasses import dataclass
from typing import Literal

from services import JSON, Metrics, Unrecorded
from services.errors import CircuitOpen, StorageError
from services.redis_client import RedisClient, Script, text
from services.steps import Steps

FRESH_SECONDS = 0.25
FORGET_SECONDS = 86_400
RETRY_SHARE, RETRY_CAP = 0.1, 10
"""A request earns a tenth of a repeat; at most ten are saved up, and ten are there at first."""

_PRELUDE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function number(field) return tonumber(redis.call('HGET', KEYS[1], field)) end
local opened
local function open()
  opened = true
  redis.call('HSET', KEYS[1], 'open_until', now + ARGV[1], 'failures', 0)
end
local until_ms = number('open_until')
local function answer(word, more)
  until_ms = number('open_until')
  return {word, number('failures') or 0, until_ms and math.max(until_ms - now, 0) or 0, more or 0}
end
"""
_ALLOW = Script(
    "breaker.allow",
    _PRELUDE
    + """
if not until_ms then return answer('closed') end
if now < until_ms then return answer('open') end
open()
redis.call('HSET', KEYS[1], 'probe', ARGV[2])
return answer('probe')
""",
)
_FAILED = Script(
    "breaker.failed",
    _PRELUDE
    + """
local token, threshold, requests = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if not until_ms then
  if redis.call('HINCRBY', KEYS[1], 'failures', 1) >= threshold then open() end
elseif redis.call('HGET', KEYS[1], 'probe') == token then
  open()
end
local budget = math.min(tonumber(ARGV[6]), (number('budget') or tonumber(ARGV[6])) + requests * ARGV[5])
local retry = number('open_until') == nil and budget >= 1
if retry then budget = budget - 1 end
redis.call('HSET', KEYS[1], 'budget', tostring(budget))
redis.call('EXPIRE', KEYS[1], ARGV[7])
return answer(opened and 'opened' or number('open_until') and 'open' or 'closed', retry and 1 or 0)
""",
)
_SUCCEEDED = Script(
    "breaker.succeeded",
    _PRELUDE
    + """
-- Once open, only the probe's word counts: others began before it opened.
if not until_ms or redis.call('HGET', KEYS[1], 'probe') == ARGV[2] then
  redis.call('HDEL', KEYS[1], 'open_until', 'probe', 'failures')
end
return answer(number('open_until') and 'open' or 'closed')
""",
)
_STATE = Script("breaker.state", _PRELUDE + "return answer(until_ms and 'open' or 'closed')")

State = Literal["closed", "open", "opened", "probe"]
log = logging.getLogger(__name__)


@dataclass
class _Known:
    """What this process knows of one circuit; times are of the monotonic clock."""

    failures: int = 0
    open_until: float = 0.0
    fresh_until: float = 0.0
    requests: int = 0  # not yet reported to the retry budget


class Breaker:
    """Circuits by name. `threshold` failures in a row open one for `open_s` seconds."""

    def __init__(
        self,
        redis: RedisClient,
        metrics: Metrics | None = None,
        *,
        threshold: int,
        open_s: float,
        prefix: str = "jira-assistant",
    ) -> None:
        self._redis = redis
        self._metrics = metrics or Unrecorded()
        self._threshold = threshold
        self._open_s = open_s
        self._prefix = prefix
        self._known: dict[str, _Known] = {}

    def refuse_if_open(self, name: str) -> None:
        """Raises CircuitOpen, with `retry_after_s`, where this process knows the circuit to be open."""
        known = self._known.get(name)
        wait = known.open_until - time.monotonic() if known else 0.0
        if wait > 0:
            raise CircuitOpen(
                f"{name} failed {self._threshold} times in a row and is left alone for {wait:.0f} s. "
                "Check the provider's status.",
                retry_after_s=round(wait, 3),
            )

    def allow(self, name: str, token: str) -> Steps[bool]:
        """Whether this request, known as `token`, is the probe. Raises CircuitOpen."""
        self.refuse_if_open(name)
        known = self._known.setdefault(name, _Known())
        state: State = "closed"
        if known.open_until or known.fresh_until <= time.monotonic():
            try:
                state, _ = yield from self._run(_ALLOW, name, token)
            except StorageError as error:
                log.warning("The circuit of %s is not shared while Redis is away: %s", name, error)
                if known.open_until:  # its period is over: this request is this process's own probe
                    state, known.open_until = "probe", time.monotonic() + self._open_s
        if state == "open":
            self.refuse_if_open(name)
        known.requests += 1
        return state == "probe"

    def failed(self, name: str, token: str) -> Steps[bool]:
        """Count a failure; returns whether the retry budget has a repeat for it."""
        known = self._known.setdefault(name, _Known())
        requests, known.requests = known.requests, 0
        more = (self._threshold, requests, RETRY_SHARE, RETRY_CAP, FORGET_SECONDS)
        try:
            state, retry = yield from self._run(_FAILED, name, token, *more)
        except StorageError:
            known.failures += 1
            if known.failures >= self._threshold or known.open_until:
                known.failures, known.open_until = 0, time.monotonic() + self._open_s
            return False
        if state == "opened":  # by this failure, so once over all processes
            self._metrics.record("circuit_opened_total", circuit=name)
        return bool(retry)

    def succeeded(self, name: str, token: str, *, probe: bool) -> Steps[None]:
        """Costs no round trip while nothing failed."""
        known = self._known.setdefault(name, _Known())
        if not (probe or known.failures):
            return
        try:
            yield from self._run(_SUCCEEDED, name, token)
        except StorageError:
            known.failures, known.open_until = 0, 0.0

    def state(self, name: str) -> Steps[JSON]:
        """As shared now: state, failures in a row, seconds until a probe."""
        self._known.setdefault(name, _Known())
        state, _ = yield from self._run(_STATE, name, "")
        known = self._known[name]
        wait = max(0.0, known.open_until - time.monotonic())
        return {"state": state, "failures": known.failures, "retry_after_s": round(wait, 3)}

    def _key(self, name: str) -> str:
        return f"{self._prefix}:breaker:{name}"

    def _run(self, script: Script, name: str, token: str, *more: object) -> Steps[tuple[State, int]]:
        open_ms = int(self._open_s * 1000)
        said = yield from self._redis.script(script, [self._key(name)], [open_ms, token, *more])
        known, now = self._known[name], time.monotonic()
        known.failures = int(said[1])
        known.open_until = now + int(said[2]) / 1000 if text(said[0]) != "closed" else 0.0
        known.fresh_until = now + FRESH_SECONDS
        state: State = text(said[0])  # type: ignore[assignment]
        return state, int(said[3])
