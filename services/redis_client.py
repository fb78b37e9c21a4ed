"""Redis as this project uses it: core commands, explicit time limits, no hidden retries.

redis-py repeats a failed command up to ten times by default, also those that must not be repeated
(one INCRBY of 100 became 300), so retries are off: a caller that may repeat does so by itself.
An asyncio client belongs to one event loop, so there is one client per loop, made on first use.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha1
from typing import Any
from urllib.parse import urlsplit

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.errors import StorageDamaged, StorageUnavailable
from services.per_loop import PerLoop
from services.redis_silence import Patience, Silence
from services.steps import Call, Steps

_UNABLE = (
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.TryAgainError,
    redis.exceptions.ClusterError,
    OSError,
)
_UNABLE_CODES = ("MISCONF", "NOREPLICAS", "BUSY", "UNKILLABLE")  # no disk, no replicas, a script runs on
_RETRY_AFTER = {"retry_after_s": 1.0}  # the least that a Retry-After header can say


_BUSY_S = 5.0
"""How long an event loop waits for a Redis that answers others: for a free connection, or for its turn."""


class Script:
    """A Lua script, sent once and then named by its digest."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = source
        self.digest = sha1(source.encode(), usedforsecurity=False).hexdigest()


class RedisClient:
    """Sends commands either way; answers are bytes as Redis sent them.

    Raises StorageUnavailable when Redis cannot be reached, is silent (for `timeout_seconds`, within which
    there must be a connection and each answer), is behind by far or says that it cannot work now: a command
    may then have been carried out or not. After one that was too slow, all others raise it at once and
    are not sent, until Redis answers again. Raises StorageDamaged when it answers with any other error,
    for example about a key of another type.
    """

    def __init__(
        self, url: str, *, timeout_seconds: float = 0.8, max_connections: int = 64, replicas: int = 0
    ) -> None:
        """`replicas`: so many must have what `script` was told to have copied before it is acknowledged."""
        self.url = url
        self._replicas = replicas
        self._copied_within_ms = int(timeout_seconds * 500)  # before the answer is missed
        self._ask_after_s = timeout_seconds / 2  # and as long again for the answer to that
        self._max_connections = max_connections
        self._timeout_s = timeout_seconds
        self._sync: redis.Redis | None = None
        self._async = PerLoop(self._connect_async)
        self._lock = threading.Lock()
        self._silence = Silence(self._ping)

    def command(self, *args: Any) -> Steps[Any]:
        """One command, one round trip."""
        return self._call(str(args[0]), lambda client: client.execute_command(*args))

    def copied(self, *args: Any) -> Steps[Any]:
        """As `command`; raises StorageUnavailable, too, where too few replicas have in time what it wrote."""
        both = [args, ["WAIT", self._replicas, self._copied_within_ms]]
        answer, copies = yield from self._call(str(args[0]), lambda client: queued(client, both).execute())
        if copies < self._replicas:
            raise StorageUnavailable(
                f"Redis at {self.place} did {args[0]}, but {copies} of {self._replicas} replicas have "
                "it, so it may be lost yet. Check them, then try again.",
                **_RETRY_AFTER,
            )
        return answer

    def transaction(self, commands: Sequence[Sequence[Any]]) -> Steps[list[Any]]:
        """All of `commands` or none, in one MULTI/EXEC and one round trip."""

        return self._call("MULTI", lambda client: queued(client, commands, transaction=True).execute())

    def union(self, keys: Sequence[Any]) -> Steps[list[Any]]:
        """The members of these sorted sets: one round trip, in a Cluster one each."""
        return self.command("ZUNION", len(keys), *keys)

    def servers(self) -> Steps[Sequence["RedisClient"]]:
        """Every server that takes writes."""
        yield from ()
        return [self]

    def script(
        self, script: Script, keys: Sequence[Any], args: Sequence[Any] = (), *, copied: bool = False
    ) -> Steps[Any]:
        """Run a Lua script; two round trips the first time a server sees it, one after that."""
        send = self.copied if copied and self._replicas else self.command
        try:
            return (yield from send("EVALSHA", script.digest, len(keys), *keys, *args))
        except StorageDamaged as error:
            if not isinstance(error.__cause__, redis.exceptions.NoScriptError):
                raise
        return (yield from send("EVAL", script.source, len(keys), *keys, *args))

    def close(self) -> None:
        with self._lock:
            if self._sync is not None:
                self._sync.close()
                self._sync = None

    async def aclose(self) -> None:
        client = self._async.pop()
        if client is not None:
            with suppress(redis.exceptions.RedisError, OSError):  # closed all the same, only not in time
                await client.aclose()
        self.close()

    def _call(self, name: str, use: Callable[[Any], Any]) -> Steps[Any]:
        def send() -> Any:
            self._refuse_in_silence(name)
            try:
                return use(self._sync_client())
            except (redis.exceptions.RedisError, OSError) as error:
                raise self._typed(name, error) from error

        async def asend() -> Any:
            self._refuse_in_silence(name)
            try:
                async with asyncio.timeout(_BUSY_S) as limit:
                    patience = Patience(self._silence, limit, self._ask_after_s)
                    try:
                        return await use(self._async.get())
                    finally:
                        patience.end()
            except (redis.exceptions.RedisError, OSError) as error:
                raise self._typed(name, error) from error

        return (yield from Call(send, asend))

    def _sync_client(self) -> redis.Redis:
        with self._lock:
            if self._sync is None:
                self._sync = self._connect(self._timeout_s)
            return self._sync

    def _connect(self, timeout_s: float) -> redis.Redis:
        limits = {"timeout": timeout_s, "socket_timeout": timeout_s, "max_connections": self._max_connections}
        if not self.url.startswith("unix"):
            limits["socket_connect_timeout"] = timeout_s
        pool = redis.BlockingConnectionPool.from_url(self.url, retry=Retry(NoBackoff(), 0), **limits)
        return redis.Redis.from_pool(pool)

    def _connect_async(self) -> redis.asyncio.Redis:
        """Without time limits: `Patience` has them for the connection, the answer and a free connection."""
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            self.url, retry=AsyncRetry(NoBackoff(), 0), max_connections=self._max_connections, timeout=None
        )
        return redis.asyncio.Redis.from_pool(pool)

    def _ping(self) -> None:
        with self._connect(self._ask_after_s) as client:
            client.ping()

    def _refuse_in_silence(self, name: str) -> None:
        if (seconds := self._silence.lasts_s()) is not None:
            raise StorageUnavailable(
                f"Redis at {self.place} was not asked for {name}: it has not answered for {seconds:.1f} s. "
                "Check that it runs and can be reached, then try again.",
                **_RETRY_AFTER,
            )

    def _typed(self, name: str, error: Exception) -> StorageUnavailable | StorageDamaged:
        if isinstance(error, redis.exceptions.TimeoutError | TimeoutError):
            self._silence.began()
        # In a transaction redis-py puts the command before its error, with arguments that may be private.
        what = str(error).rpartition(" of pipeline caused error: ")[2].rstrip(".") or "no answer"
        if isinstance(error, _UNABLE) or what.startswith(_UNABLE_CODES):
            return StorageUnavailable(
                f"Redis at {self.place} did not carry out {name}, or did not say so in time: {what}. Check "
                "that it runs, lets this client in and has memory and disk left, then try again.",
                **_RETRY_AFTER,
            )
        return StorageDamaged(f"Redis at {self.place} refused {name}: {what}. A key may be damaged.")

    @property
    def place(self) -> str:
        """The address without credentials, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def queued(client: Any, commands: Sequence[Sequence[Any]], *, transaction: bool = False) -> Any:
    """A pipeline of redis-py, to be executed."""
    pipeline = client.pipeline(transaction=transaction)
    for command in commands:
        pipeline.execute_command(*command)
    return pipeline


def text(value: Any) -> str:
    """A Redis answer as text; what is not UTF-8 keeps its bytes visibly."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


__all__ = ["RedisClient", "Script", "text"]
