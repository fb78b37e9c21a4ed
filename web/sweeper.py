"""While the server runs, what a stopped process left behind is ended, and what is overdue expires."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.errors import AssistantError
from services.steps import arun
from web.desk import Desk

EVERY_S = 10.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def sweeping(desk: Desk, every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Sweeps in the background until it is left."""
    task = asyncio.create_task(_sweep_for_ever(desk, every_s), name="sweeper")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep_for_ever(desk: Desk, every_s: float) -> None:
    while True:
        try:
            await arun(desk.tidy())
        except AssistantError as error:
            _log.warning("Sweeping was not possible and is tried again: %s", error.message)
        except Exception:  # noqa: BLE001 - one row that trips it must not end sweeping for all others
            _log.exception("Sweeping failed and is tried again")
        await asyncio.sleep(every_s)
