"""What models cost, today and in the days before: sums over the rows that every settled request left."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from services import JSON
from services.replies import Tokens
from services.steps import Steps
from services.usage import COUNTS, Usage

TOGETHER_MS = 1000
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
    together: int = 0  # ended within TOGETHER_MS of the one before

    @property
    def tokens(self) -> Tokens:
        return Tokens(self.tokens_in, self.tokens_out, self.cache_read, self.cache_write, self.reasoning)

    @property
    def usd(self) -> float:
        return self.micro_usd / 1e6

    def __add__(self, other: "Line") -> "Line":
        return Line(*(getattr(self, name) + getattr(other, name) for name in Line.__annotations__))


class Lines:
    """A line for each day, purpose and model."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str], Line] = {}
        self._last_ms: dict[tuple[str, str], int] = {}

    def add(self, day: str, at_ms: int, row: Mapping[str, str]) -> None:
        pair = row["purpose"], row["model"]
        one = Line(1, *(int(row[name]) for name in COUNTS))
        one.wasted_micro_usd = 0 if row["outcome"] == "ok" else one.micro_usd
        one.together = int(at_ms - self._last_ms.get(pair, 0) <= TOGETHER_MS)
        self._last_ms[pair] = at_ms
        self._lines[(day, *pair)] = self._lines.get((day, *pair), Line()) + one

    def days(self) -> dict[str, Line]:
        return _merged((day, line) for (day, _, _), line in self._lines.items())

    def pairs(self, day: str | None = None) -> dict[tuple[str, str], Line]:
        """By purpose and model, the dearest first; of one day or of all."""
        return _merged(
            ((purpose, model), line)
            for (on, purpose, model), line in self._lines.items()
            if day in (None, on)
        )


def read(usage: Usage, today: str, days: int) -> Steps[Lines]:
    """Of today and the days before. Raises StorageError."""
    lines, last = Lines(), date.fromisoformat(today)
    yield from usage.each(last - timedelta(days=days - 1), last, lines.add)
    return lines


def report(lines: Lines, today: JSON, days: int) -> JSON:
    """`today` is that of services.costs."""
    pairs, by_day = lines.pairs(today["day"]), lines.days()
    last = date.fromisoformat(today["day"])
    dates = [(last - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
    return {
        "today": today,
        "by_purpose": _shown("purpose", _merged((purpose, line) for (purpose, _), line in pairs.items())),
        "by_model": _shown("model", _merged((model, line) for (_, model), line in pairs.items())),
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
