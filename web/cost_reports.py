"""Reports of what models cost: made of every request's row, which takes a while where there were many."""

import asyncio
from functools import partial

from graph.installation import Installation
from services import JSON
from services.cost_report import pairs, read, report
from services.metrics import added
from services.metrics_store import SERIES_HOURS
from services.steps import arun
from services.suggestions import Record, suggestions
from web.shared import Shared

FRESH_S = 10.0


class CostReports:
    """By how many days they look at. For one event loop; `aclose` it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._reports: dict[int, Shared[JSON]] = {}

    async def of(self, days: int) -> JSON:
        """As web.operations.CostReport has it. Raises StorageError."""
        return await self._reports.setdefault(days, Shared(partial(self._make, days), FRESH_S)).get()

    async def aclose(self) -> None:
        for made in self._reports.values():
            await made.aclose()

    async def _make(self, days: int) -> JSON:
        installation, models = self._installation, self._installation.models
        today = await arun(models.costs.today())
        lines = await arun(read(installation.redis, models.costs, today["day"], days))
        day = added(figures for _, figures in await arun(installation.metrics.series(SERIES_HOURS)))
        repriced = models.repriced
        record = Record(pairs(lines), days, day, installation.settings, lambda line: repriced(line.tokens))
        advice = await asyncio.to_thread(suggestions, record)  # reads the price list
        return {**report(lines, today, days), "suggestions": advice}
