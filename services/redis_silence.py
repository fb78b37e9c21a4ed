"""A Redis that has fallen silent is waited for once and not by every call: who finds out tells the others.

Only silence is remembered (stopped, overloaded, packets that vanish). A connection that is refused or cut
costs no time, and the next one may well succeed. Calls ask nothing themselves while it lasts, so what Redis
does first when it is back is not what callers were told had failed.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress

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
        self._suspecting: list[Callable[[], object]] = []

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

    def suspect(self, end: Callable[[], object]) -> None:
        """A call has had no answer for a while: Redis is asked; if it is silent, `end` is called by another
        thread. It may be only this process that is busy: then nothing happens."""
        with self._lock:
            self._suspecting.append(end)
            if len(self._suspecting) > 1:
                return
        threading.Thread(target=self._find_out, name="redis-suspicion", daemon=True).start()

    def _find_out(self) -> None:
        silent = False
        try:
            self._ping()
        except redis.exceptions.TimeoutError:
            silent = True
            self.began()
        except (redis.exceptions.RedisError, OSError):
            pass  # not silent: those who wait have had that error themselves
        finally:
            with self._lock:
                waiting, self._suspecting = self._suspecting, []
        for end in waiting if silent else ():
            with suppress(RuntimeError):  # its event loop is closed, so nobody waits
                end()

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


class Patience:
    """How an event loop waits for Redis: as long as Redis is not known to be silent, and `limit` at most.

    A loop that is busy reads late what came in time, so how late it is says nothing about Redis.
    """

    def __init__(self, silence: Silence, limit: asyncio.Timeout, ask_after_s: float) -> None:
        self._silence = silence
        self._limit = limit
        self._ask_after_s = ask_after_s
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(ask_after_s, self._ask)
        self._over = False

    def end(self) -> None:
        """There is an answer."""
        self._over = True
        self._next.cancel()

    def _ask(self) -> None:
        self._silence.suspect(lambda: self._loop.call_soon_threadsafe(self._lose))
        self._next = self._loop.call_later(self._ask_after_s, self._ask)

    def _lose(self) -> None:
        if not self._over:
            self._limit.reschedule(self._loop.time())
