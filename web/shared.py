"""One answer for many who ask: made once at a time, and again only when it is no longer fresh."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Who asks while an answer is made waits for that one, and may go away without ending it.

    What `make` raises, all who wait for it get; it is not kept. For one event loop; `aclose` it.
    """

    def __init__(self, make: Callable[[], Awaitable[T]], fresh_s: float) -> None:
        self._make = make
        self._fresh_s = fresh_s
        self._made_at = float("-inf")
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        task = self._task
        if task is None or (task.done() and time.monotonic() - self._made_at > self._fresh_s):
            task = self._task = asyncio.create_task(self._run())
            task.add_done_callback(_seen)
        return await asyncio.shield(task)

    def forget(self) -> None:
        """The next who asks gets a new one."""
        self._made_at = float("-inf")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> T:
        made = await self._make()
        self._made_at = time.monotonic()
        return made


def _seen(task: asyncio.Task[T]) -> None:
    """An error is told to those who wait for it; that nobody may be left is no reason to log it."""
    if not task.cancelled():
        task.exception()
