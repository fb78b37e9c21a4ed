"""While the server runs, what a stopped process left behind is ended, and what is overdue expires."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.errors import AssistantError
from services.steps import arun
from web.desk import Desk

EVERY_S = 10.0
_LAST_SWEEP_MAY_TAKE_S = 10.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def sweeping(desk: Desk, every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Sweeps in the background until it is left.

    It is asked to stop before it is cancelled: an e-mail cut off half-way is an unknown outcome, and
    Python 3.11 loses a cancellation that comes as Redis takes a command (`asyncio.wait_for`).
    """
    stop = asyncio.Event()
    task = asyncio.create_task(_sweep_until(stop, desk, every_s), name="sweeper")
    try:
        yield
    finally:
        stop.set()
        _, unfinished = await asyncio.wait([task], timeout=_LAST_SWEEP_MAY_TAKE_S)
        if unfinished:
            task.cancel()
            await asyncio.wait([task], timeout=_LAST_SWEEP_MAY_TAKE_S)


async def _sweep_until(stop: asyncio.Event, desk: Desk, every_s: float) -> None:
    while not stop.is_set():
        try:
            await arun(desk.tidy())
        except AssistantError as error:
            _log.warning("Sweeping was not possible and is tried again: %s", error.message)
        except Exception:  # noqa: BLE001 - one row that trips it must not end sweeping for all others
            _log.exception("Sweeping failed and is tried again")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every_s)
