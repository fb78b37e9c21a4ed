"""What models cost, bounded before it is spent: reserve the worst, then settle what it was.

Checking a total and adding to it afterwards let concurrent callers spend 14.35 of a cap of 10.00. So each
request first reserves the most it can cost and settles its true cost when it is answered, each in one
script. A reservation that is never settled (its process died) stays counted as spent. Both are idempotent
on the request's id. Money is whole millionths of a US dollar; the clock is Redis's; where Redis cannot
be asked, nothing is spent. All keys share one hash tag: the scripts change several at once.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from services import JSON, ModelRequest
from services.calendar import Calendar, Period
from services.errors import BudgetUnavailable, CostLimitReached, StorageError, TokensSpent
from services.redis_client import RedisClient, Script, text
from services.settings import Settings
from services.steps import Steps

RESERVATION_SECONDS = 3600
"""How long a reservation can still be settled; far beyond any deadline of a request."""

_RESERVE = Script(
    "costs.reserve",
    """
local clock = redis.call('TIME')
local now = tonumber(clock[1])
if now < tonumber(ARGV[1]) or now >= tonumber(ARGV[2]) then return {'clock', now} end
if redis.call('EXISTS', KEYS[1]) == 1 then return {'ok', 0} end
for i = 2, #KEYS do
  local limit, amount = tonumber(ARGV[i * 3 - 2]), tonumber(ARGV[i * 3 - 1])
  local used = tonumber(redis.call('GET', KEYS[i]) or '0')
  if limit >= 0 and used + amount > limit then return {'full', i - 2, used, now} end
end
for i = 2, #KEYS do
  redis.call('INCRBY', KEYS[i], ARGV[i * 3 - 1])
  redis.call('EXPIRE', KEYS[i], ARGV[i * 3])
end
redis.call('SET', KEYS[1], 'reserved', 'EX', ARGV[3])
return {'ok', 0}
""",
)
_SETTLE = Script(
    "costs.settle",
    """
-- Settled already, or so late that its reservation is gone and counts as spent.
if redis.call('GET', KEYS[1]) ~= 'reserved' then return 0 end
redis.call('SET', KEYS[1], 'settled', 'KEEPTTL')
for i = 3, #KEYS do redis.call('INCRBY', KEYS[i], ARGV[i - 1]) end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, #KEYS))
redis.call('EXPIRE', KEYS[2], ARGV[1])
return tonumber(redis.call('GET', KEYS[3]))
""",
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Meter:
    """One counter that a request adds to."""

    what: Literal["day", "tenant", "hour", "month"]
    key: str
    limit: int  # micro-dollars for day and tenant, tokens for hour and month
    amount: int  # reserved
    keep_s: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money and tokens set aside for one request."""

    key: str
    day: str
    meters: tuple[_Meter, ...]


class Costs:
    """The budgets: money per day, money per day and tenant, tokens per hour and user, tokens per plan."""

    def __init__(
        self,
        settings: Settings,
        redis: RedisClient,
        *,
        prefix: str = "jira-assistant",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._redis = redis
        self._prefix = f"{prefix}:{{money}}:"
        self._calendar = Calendar(settings.cost_time_zone)
        self._keep_s = settings.usage_keep_days * 86_400
        self._clock_ahead = 0.0  # seconds by which Redis's clock is before ours
        self._alerted: set[tuple[str, str]] = set()

    def reserve(
        self, request_id: str, request: ModelRequest[Any], *, micro_usd: int, tokens: int
    ) -> Steps[Reservation]:
        """Set aside the most that a request can cost.

        Raises CostLimitReached or TokensSpent when that would pass a limit, BudgetUnavailable when Redis
        cannot say.
        """
        for _ in range(3):
            period = self._calendar.period(self._now())
            meters = self._meters(request, period, micro_usd, tokens)
            key = f"{self._prefix}request:{request_id}"
            more = [value for meter in meters for value in (meter.limit, meter.amount, meter.keep_s)]
            try:
                said = yield from self._redis.script(
                    _RESERVE,
                    [key, *(meter.key for meter in meters)],
                    [period.starts, period.ends, RESERVATION_SECONDS, *more],
                )
            except StorageError as error:
                raise BudgetUnavailable(
                    f"No model is asked, because its cost cannot be recorded: {error.message}"
                ) from error
            if (word := text(said[0])) == "ok":
                return Reservation(key, period.day, meters)
            if word == "full":
                raise (yield from self._refusal(meters[said[1]], period, used=said[2], now=said[3]))
            self._clock_ahead = said[1] - self._clock()  # it is another hour there than here
        raise BudgetUnavailable("No model is asked, because Redis's clock does not keep still.")

    def settle(
        self, reservation: Reservation, *, micro_usd: int, tokens: int, row: Mapping[str, str | int]
    ) -> Steps[None]:
        """Replace the worst by what it was, and keep `row`. Never raises: what is spent is spent."""
        deltas = [
            (micro_usd if meter.what in ("day", "tenant") else tokens) - meter.amount
            for meter in reservation.meters
        ]
        fields = [part for pair in row.items() for part in pair]
        keys = [reservation.key, self.rows_key(reservation.day), *(meter.key for meter in reservation.meters)]
        try:
            total = yield from self._redis.script(_SETTLE, keys, [self._keep_s, *deltas, *fields])
            yield from self._alert(reservation.day, int(total) / 1e6)
        except StorageError as error:
            log.warning("A request stays counted at its worst: %s", error)

    def today(self) -> Steps[JSON]:
        """Dollars spent or reserved since midnight, the limit, where this pace leads to, and alerts."""
        now = self._now()
        period = self._calendar.period(now)
        spent = yield from self._redis.command("GET", self._spend_key(period.day))
        alerts = yield from self._redis.command("HGETALL", self._alerts_key(period.day))
        usd = int(spent or 0) / 1e6
        share = max(now - period.day_starts, 1.0) / (period.day_ends - period.day_starts)
        return {
            "day": period.day,
            "time_zone": self._settings.cost_time_zone,
            "spent_usd": usd,
            "limit_usd": self._settings.max_daily_cost_usd,
            "projected_usd": round(usd / share, 6),
            "resets_at": self._calendar.iso(period.day_ends),
            "alerts": {text(level): text(at) for level, at in alerts.items()},
        }

    def last_results(self) -> Steps[dict[str, JSON]]:
        """What each model answered last today, of the newest hundred requests: `outcome`, `ago_s`."""
        now = self._now()
        key = self.rows_key(self._calendar.period(now).day)
        rows = yield from self._redis.command("XREVRANGE", key, "+", "-", "COUNT", 100)
        found: dict[str, JSON] = {}
        for entry, fields in rows:
            row = {text(name): text(value) for name, value in fields.items()}
            ago_s = max(0.0, now - int(text(entry).partition("-")[0]) / 1000)
            found.setdefault(row["model"], {"outcome": row["outcome"], "ago_s": round(ago_s, 1)})
        return found

    def _now(self) -> float:
        return self._clock() + self._clock_ahead

    def rows_key(self, day: str) -> str:
        """The stream that holds one row for each request of a day."""
        return f"{self._prefix}rows:{day}"

    def _spend_key(self, day: str) -> str:
        return f"{self._prefix}spend:{day}"

    def _alerts_key(self, day: str) -> str:
        return f"{self._prefix}alerts:{day}"

    def _meters(
        self, request: ModelRequest[Any], period: Period, micro_usd: int, tokens: int
    ) -> tuple[_Meter, ...]:
        settings, keep = self._settings, self._keep_s
        day = self._spend_key(period.day)
        meters = [_Meter("day", day, _micro(settings.max_daily_cost_usd), micro_usd, keep)]
        if request.tenant and (limit := settings.max_daily_cost_usd_per_tenant) is not None:
            meters.append(_Meter("tenant", f"{day}:{_name(request.tenant)}", _micro(limit), micro_usd, keep))
        if request.user_id:
            key = f"{self._prefix}tokens:{period.hour}:{_name(request.tenant, request.user_id)}"
            meters.append(_Meter("hour", key, settings.max_tokens_per_hour, tokens, 3 * 3600))
        if (budget := settings.plan_tokens_per_month.get(request.plan)) is not None:
            payer = _name(request.tenant) if request.tenant else _name("", request.user_id)
            key = f"{self._prefix}tokens:{period.day[:7]}:{payer}"
            meters.append(_Meter("month", key, budget, tokens, 40 * 86_400))
        return tuple(meters)

    def _refusal(self, meter: _Meter, period: Period, *, used: int, now: int) -> Steps[CostLimitReached]:
        if meter.what in ("day", "tenant"):
            if meter.what == "day":
                yield from self._alert(period.day, meter.limit / 1e6)
            whose = "Today's" if meter.what == "day" else "This tenant's"
            limit = "MAX_DAILY_COST_USD" + ("" if meter.what == "day" else "_PER_TENANT")
            resets_at = self._calendar.iso(period.day_ends)
            return CostLimitReached(
                f"{whose} budget has no room for another {meter.amount / 1e6:.4f} USD: {used / 1e6:.4f} of "
                f"{meter.limit / 1e6:.2f} USD are spent. Wait until {resets_at}, or raise {limit}.",
                current_cost=used / 1e6,
                max_cost=meter.limit / 1e6,
                resets_at=resets_at,
            )
        hour = meter.what == "hour"
        ends = (period.hour + 1) * 3600.0 if hour else self._calendar.month_ends(period.day)
        limit = "MAX_TOKENS_PER_HOUR" if hour else "PLAN_TOKENS_PER_MONTH"
        return (TokensSpent if hour else CostLimitReached)(
            f"This {'hour' if hour else 'month'} has no room for another {meter.amount} tokens: {used} of "
            f"{meter.limit} are used. Wait until {self._calendar.iso(ends)}, or raise {limit}.",
            current_tokens=used,
            max_tokens=meter.limit,
            resets_at=self._calendar.iso(ends),
            retry_after_s=ends - now,
        )

    def _alert(self, day: str, usd: float) -> Steps[None]:
        """Once a day and level over all processes: a log line, and the time it happened in today()."""
        most, early = self._settings.max_daily_cost_usd, self._settings.alert_at_cost_usd
        for level, reached in (("50%", most / 2), ("ALERT_AT_COST_USD", early), ("100%", most)):
            if usd < reached or (day, level) in self._alerted:
                continue
            self._alerted.add((day, level))
            at = self._calendar.iso(self._now())
            key = self._alerts_key(day)
            if (yield from self._redis.command("HSETNX", key, level, at)):
                yield from self._redis.command("EXPIRE", key, self._keep_s)
                log.warning("Models have cost %.2f of %.2f USD on %s (alert: %s)", usd, most, day, level)


def _micro(usd: float) -> int:
    return round(usd * 1_000_000)


def _name(*ids: str) -> str:
    """A short key part for ids of any length and content."""
    return sha256(json.dumps(ids).encode()).hexdigest()[:32]
