"""One of something for each event loop: an asyncio client belongs to the loop it was made on."""

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Made on first use in a loop and kept while the loop is open; safe to use from several threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[asyncio.AbstractEventLoop, T] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self) -> T:
        """The one of the running loop."""
        loop = asyncio.get_running_loop()
        with self._lock:
            for stale in [known for known in self._made if known.is_closed()]:
                del self._made[stale]
            if loop not in self._made:
                self._made[loop] = self._make()
            return self._made[loop]

    def pop(self) -> T | None:
        """The one of the running loop, to be closed; None where it was never asked for."""
        with self._lock:
            return self._made.pop(asyncio.get_running_loop(), None)
