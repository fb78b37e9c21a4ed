"""Who spent what on models: sums over the rows that every settled request left, by any of their names."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from services import JSON
from services.costs import Costs
from services.errors import InputError
from services.redis_client import RedisClient, text
from services.steps import Steps

NAMES = ("day", "tenant", "user", "graph", "purpose", "model", "outcome")
COUNTS = ("tokens_in", "cache_read", "cache_write", "tokens_out", "reasoning", "micro_usd")
PAGE = 1000


class Usage:
    """Reports; `cost_usd` is what was counted, so also the worst case where the true cost is not known."""

    def __init__(self, redis: RedisClient, costs: Costs) -> None:
        self._redis = redis
        self._costs = costs

    def by(self, names: Sequence[str], first: date, last: date) -> Steps[list[JSON]]:
        """One line for each combination of `names` (see NAMES) in the days first..last, dearest first.

        Each line has its names, `requests`, `tokens_in` with its parts `cache_read` and `cache_write`,
        `tokens_out` with its part `reasoning`, and `cost_usd`. Raises InputError for an unknown name.
        """
        if unknown := set(names) - set(NAMES):
            raise InputError("invalid_report", f"No report by {sorted(unknown)}: choose from {NAMES}.")
        sums: dict[tuple[str, ...], list[int]] = {}
        for day in ((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)):
            start = "-"
            while start:
                page = yield from self._redis.command(
                    "XRANGE", self._costs.rows_key(day), start, "+", "COUNT", PAGE
                )
                for _, fields in page:
                    row = {text(name): text(value) for name, value in fields.items()}
                    line = sums.setdefault(tuple({**row, "day": day}[name] for name in names), [0] * 7)
                    line[0] += 1
                    for place, count in enumerate(COUNTS, 1):
                        line[place] += int(row[count])
                start = f"({text(page[-1][0])}" if len(page) == PAGE else ""
        dearest = sorted(sums.items(), key=lambda item: (-item[1][-1], item[0]))
        return [
            {
                **dict(zip(names, key, strict=True)),
                **dict(zip(("requests", *COUNTS[:-1]), line[:-1], strict=True)),
                "cost_usd": line[-1] / 1e6,
            }
            for key, line in dearest
        ]


def as_csv(lines: Sequence[JSON]) -> str:
    """With a heading. A name that a spreadsheet would run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    if lines:
        table = csv.DictWriter(out, fieldnames=list(lines[0]))
        table.writeheader()
        for line in lines:
            table.writerow({name: _inert(value) for name, value in line.items()})
    return out.getvalue()


def _inert(value: object) -> object:
    runs = isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{value}" if runs else value
