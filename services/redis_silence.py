"""A Redis that has fallen silent is waited for once and not by every call: who finds out tells the others.

Only silence is remembered (stopped, overloaded, packets that vanish). A connection that is refused or cut
costs no time, and the next one may well succeed. Calls ask nothing themselves while it lasts, so what Redis
does first when it is back is not what callers were told had failed.
"""

import threading
import time
from collections.abc import Callable

import redis

_PAUSE_S = 0.05


class Silence:
    """What this process knows of one Redis. `ping` asks it on a connection of its own, and has a time limit.

    A thread watches as long as the silence lasts, or until nobody has asked for `unasked_s`: then the next
    call finds out by itself. Safe for threads and event loops.
    """

    def __init__(self, ping: Callable[[], object], *, unasked_s: float = 5.0) -> None:
        self._ping = ping
        self._unasked_s = unasked_s
        self._since: float | None = None
        self._told_at = 0.0
        self._lock = threading.Lock()

    def lasts_s(self) -> float | None:
        """For how long it has been known; None where Redis is not known to be silent."""
        since, self._told_at = self._since, time.monotonic()
        return None if since is None else self._told_at - since

    def began(self) -> None:
        """A call had no answer in time."""
        with self._lock:
            if self._since is None:
                self._since = self._told_at = time.monotonic()
                threading.Thread(target=self._watch, name="redis-silence", daemon=True).start()

    def _watch(self) -> None:
        try:
            while time.monotonic() - self._told_at < self._unasked_s:
                try:
                    self._ping()
                    break
                except redis.exceptions.TimeoutError:
                    time.sleep(_PAUSE_S)
                except (redis.exceptions.RedisError, OSError):
                    break  # not silent any more: what is wrong now, calls find out at once
        finally:
            self._since = None
