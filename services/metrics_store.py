"""Figures for operators: counted without waiting, added up in Redis for all processes together.

Counting adds to a dict under a lock. A thread sends what came together to Redis, about a second later and
once more when the process ends, in one script; batches are numbered, so one whose answer was lost is sent
again and added once. While Redis is away the next batch gathers here, and is bounded, as no label value
comes from a user. A process that is killed loses its last second.

Beside the totals, which only grow, stands a series: the same counts by quarters of an hour, kept a day.
"""

import json
import logging
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from services.errors import StorageDamaged, StorageError, StorageUnavailable
from services.metrics import METRICS, Figures
from services.redis_client import RedisClient, Script, text
from services.steps import Steps, run

QUARTER_S = 900
SERIES_HOURS = 24
FIELDS_AT_MOST = 2000
"""Of one batch; some 300 are usual."""
_UNCOUNTED = ("uncounted_total",)
_WRITER_SECONDS = 86_400  # how long a batch is known to have been added

_ADD = Script(
    "metrics.add",
    """
local writer, totals, quarter = KEYS[1], KEYS[2], KEYS[3]
if tonumber(ARGV[1]) <= tonumber(redis.call('GET', writer) or '0') then return 0 end
redis.call('SET', writer, ARGV[1], 'EX', ARGV[2])
for i = 4, #ARGV, 2 do
  redis.call('HINCRBYFLOAT', totals, ARGV[i], ARGV[i + 1])
  redis.call('HINCRBYFLOAT', quarter, ARGV[i], ARGV[i + 1])
end
redis.call('EXPIRE', quarter, ARGV[3])
return 1
""",
)
log = logging.getLogger(__name__)


class RedisMetrics:
    """Implements services.Metrics; `close` it before its Redis."""

    def __init__(
        self,
        redis: RedisClient,
        *,
        prefix: str = "jira-assistant",
        every_s: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._root = f"{prefix}:{{metrics}}:"
        self._every_s = every_s
        self._clock = clock
        self._writer = uuid4().hex
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, ...], float] = {}
        self._something = threading.Event()
        self._closed = threading.Event()
        self._sending = threading.Lock()
        self._batch: tuple[int, float, dict[tuple[str, ...], float]] = (0, 0.0, {})
        self._thread: threading.Thread | None = None

    def record(self, name: str, value: float = 1.0, /, **labels: str) -> None:
        metric = METRICS[name]
        field = (name, *(labels.pop(label) for label in metric.labels))
        if labels:
            raise TypeError(f"{name} has no labels {sorted(labels)}")
        with self._lock:
            if metric.buckets:
                place = bisect_left(metric.buckets, value)
                ends = str(metric.buckets[place]) if place < len(metric.buckets) else "+Inf"
                self._add((*field, ends), 1)
                self._add((*field, "sum"), value)
            else:
                self._add(field, value)
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._send_on, daemon=True, name="metrics")
                self._thread.start()
        self._something.set()

    def send(self) -> None:
        """Add what was counted to Redis. Raises StorageError; it is then sent with the next."""
        with self._sending:
            number, at, batch = self._batch
            if not batch:
                with self._lock:
                    batch, self._counted = self._counted, {}
                    self._something.clear()
                if not batch:
                    return
                number, at = number + 1, self._clock()
                self._batch = number, at, batch
            keys = [f"{self._root}writer:{self._writer}", f"{self._root}totals", self._quarter(at)]
            pairs = [part for field, value in batch.items() for part in (_written(field), repr(value))]
            keep_s = SERIES_HOURS * 3600 + 2 * QUARTER_S
            try:
                run(self._redis.script(_ADD, keys, [number, _WRITER_SECONDS, keep_s, *pairs]))
            except StorageDamaged as error:
                log.warning("%d counts for operators are lost: %s", len(batch), error)
                with self._lock:
                    self._add(_UNCOUNTED, len(batch))
            self._batch = number, at, {}

    def close(self) -> None:
        """Sends the last; where Redis is away that is tried once."""
        self._closed.set()
        self._something.set()
        if self._thread is not None:
            self._thread.join()
        for _ in range(2):  # one that failed before, and what came since
            try:
                self.send()
            except StorageError as error:
                log.warning("The last counts for operators are lost: %s", error)
                return

    def totals(self) -> Steps[Figures]:
        """Since the first count in this Redis. Raises StorageError."""
        return _figures((yield from self._redis.command("HGETALL", f"{self._root}totals")))

    def series(self, hours: int) -> Steps[list[tuple[float, Figures]]]:
        """Start and figures of each quarter of the last `hours` (SERIES_HOURS at most), oldest first; the
        last one has only begun. Raises StorageError."""
        now = int(self._clock() // QUARTER_S) * QUARTER_S
        starts = [now - back * QUARTER_S for back in range(hours * 3600 // QUARTER_S - 1, -1, -1)]
        found = yield from self._redis.transaction([("HGETALL", self._quarter(at)) for at in starts])
        return [(float(at), _figures(fields)) for at, fields in zip(starts, found, strict=True)]

    def _quarter(self, at: float) -> str:
        return f"{self._root}quarter:{int(at // QUARTER_S)}"

    def _add(self, field: tuple[str, ...], value: float) -> None:
        if field not in self._counted and len(self._counted) >= FIELDS_AT_MOST:
            field, value = _UNCOUNTED, 1
        self._counted[field] = self._counted.get(field, 0) + value

    def _send_on(self) -> None:
        while True:
            self._something.wait()
            if self._closed.wait(self._every_s):
                return
            try:
                self.send()
            except StorageUnavailable:  # told by the health of Redis, not here each second
                self._something.set()
            except Exception:  # a count that trips it must not end counting
                log.exception("Counts for operators could not be sent")


def _written(field: tuple[str, ...]) -> str:
    return json.dumps(field, ensure_ascii=False, separators=(",", ":"))


def _figures(fields: Any) -> Figures:
    pairs = fields.items() if isinstance(fields, dict) else zip(fields[::2], fields[1::2], strict=True)
    return Figures({tuple(json.loads(text(field))): float(value) for field, value in pairs})
