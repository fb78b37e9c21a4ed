"""What models cost, today and in the days before: sums over the rows that every settled request left."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from services import JSON
from services.costs import Costs
from services.redis_client import RedisClient, Script, text
from services.replies import Tokens
from services.steps import Steps

TOGETHER_MS = 1000
PAGE = 1000
_SUM = Script(
    "costs.sum",
    """
local rows = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
local answer, sums, last = {#rows == tonumber(ARGV[2]) and rows[#rows][1] or ''}, {}, {}
local counts = {'tokens_in', 'cache_read', 'cache_write', 'tokens_out', 'reasoning', 'micro_usd'}
for _, entry in ipairs(rows) do
  local ms, row = tonumber(string.match(entry[1], '^%d+')), {}
  for i = 1, #entry[2], 2 do row[entry[2][i]] = entry[2][i + 1] end
  local pair = row.purpose .. '\\0' .. row.model
  local sum = sums[pair]
  if not sum then
    sum = {row.purpose, row.model, 0, 0, 0, 0, 0, 0, 0, 0, 0}
    sums[pair], answer[#answer + 1] = sum, sum
  end
  sum[3] = sum[3] + 1
  for place, name in ipairs(counts) do sum[place + 3] = sum[place + 3] + row[name] end
  if row.outcome ~= 'ok' then sum[10] = sum[10] + row.micro_usd end
  if last[pair] and ms - last[pair] <= tonumber(ARGV[3]) then sum[11] = sum[11] + 1 end
  last[pair] = ms
end
return answer
""",
)
Key = TypeVar("Key", bound=Hashable)


@dataclass
class Line:
    """Requests summed up. Of money, also what answers cost that were of no use."""

    requests: int = 0
    tokens_in: int = 0
    cache_read: int = 0
    cache_write: int = 0
    tokens_out: int = 0
    reasoning: int = 0
    micro_usd: int = 0
    wasted_micro_usd: int = 0
    together: int = 0  # ended within TOGETHER_MS of the one before on its page

    @property
    def tokens(self) -> Tokens:
        return Tokens(self.tokens_in, self.tokens_out, self.cache_read, self.cache_write, self.reasoning)

    @property
    def usd(self) -> float:
        return self.micro_usd / 1e6

    def __add__(self, other: "Line") -> "Line":
        return Line(*(getattr(self, name) + getattr(other, name) for name in Line.__annotations__))


Lines = Mapping[tuple[str, str, str], Line]
"""By day, purpose and model."""


def read(redis: RedisClient, costs: Costs, today: str, days: int) -> Steps[Lines]:
    """Of `today` and the days before; Redis sums up, a page at a time. Raises StorageError."""
    lines: dict[tuple[str, str, str], Line] = {}
    last = date.fromisoformat(today)
    for day in ((last - timedelta(days=back)).isoformat() for back in range(days)):
        start = "-"
        while start:
            found = yield from redis.script(_SUM, [costs.rows_key(day)], [start, PAGE, TOGETHER_MS])
            for purpose, model, *counts in found[1:]:
                key = day, text(purpose), text(model)
                lines[key] = lines.get(key, Line()) + Line(*map(int, counts))
            start = f"({text(found[0])}" if found[0] else ""
    return lines


def pairs(lines: Lines, day: str | None = None) -> dict[tuple[str, str], Line]:
    """By purpose and model, the dearest first; of one day or of all."""
    return _merged(((key[1], key[2]), line) for key, line in lines.items() if day in (None, key[0]))


def report(lines: Lines, today: JSON, days: int) -> JSON:
    """`today` is that of services.costs."""
    of_today = pairs(lines, today["day"])
    by_day = _merged((key[0], line) for key, line in lines.items())
    last = date.fromisoformat(today["day"])
    dates = [(last - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
    return {
        "today": today,
        "by_purpose": _shown("purpose", _merged((purpose, line) for (purpose, _), line in of_today.items())),
        "by_model": _shown("model", _merged((model, line) for (_, model), line in of_today.items())),
        "days": [{"day": day, "cost_usd": by_day.get(day, Line()).usd} for day in dates],
    }


def _shown(name: str, lines: Mapping[str, Line]) -> list[JSON]:
    return [
        {
            name: key,
            "requests": line.requests,
            "tokens_in": line.tokens_in,
            "cache_read": line.cache_read,
            "tokens_out": line.tokens_out,
            "cost_usd": line.usd,
        }
        for key, line in lines.items()
    ]


def _merged(lines: Iterable[tuple[Key, Line]]) -> dict[Key, Line]:
    sums: dict[Key, Line] = {}
    for key, line in lines:
        sums[key] = sums.get(key, Line()) + line
    return dict(sorted(sums.items(), key=lambda item: -item[1].micro_usd))
