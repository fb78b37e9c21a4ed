"""A Redis Cluster, seen as one Redis: each command goes to the node that has its keys.

Every node has a RedisClient of its own, with its own pool, time limits and silence. redis-py has a client
for clusters, but in its asynchronous half (8.1) each command queued for a transaction starts a thread with an
event loop, a pool that is used up refuses at once, and ASKING may travel on another connection than what
it is for. So only the way to the node is ours, written once for both styles.

What a script or a transaction touches must share a hash tag; that is for callers to see to.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from redis.crc import key_slot
from redis.exceptions import AskError, MovedError

from services.errors import ConfigurationError, StorageDamaged, StorageUnavailable
from services.redis_client import RedisClient, queued, text
from services.steps import Steps

SCHEMES = ("redis+cluster", "rediss+cluster")
_KEYLESS = ("INFO", "PING", "TIME", "CONFIG", "CLUSTER", "DBSIZE")
_REDIRECTS = 5
Send = Callable[[RedisClient], Steps[Any]]


def open_redis(url: str, *, timeout_seconds: float, replicas: int = 0) -> RedisClient:
    """The client for `url`: one server, or `redis+cluster://host:port,host:port` with some of its nodes."""
    kind = RedisCluster if urlsplit(url).scheme in SCHEMES else RedisClient
    return kind(url, timeout_seconds=timeout_seconds, replicas=replicas)


class RedisCluster(RedisClient):
    """As RedisClient, whose errors it raises.

    Which node has which slot is asked when it is first needed, and again after a node said otherwise or
    failed. Nothing that may have been carried out is sent again.
    """

    def __init__(
        self, url: str, *, timeout_seconds: float = 0.8, max_connections: int = 64, replicas: int = 0
    ) -> None:
        """`max_connections` to each node; `replicas` of each."""
        super().__init__(url, replicas=replicas)
        parts = urlsplit(url)
        self._limits: Any = {
            "timeout_seconds": timeout_seconds,
            "max_connections": max_connections,
            "replicas": replicas,
        }
        user, at, hosts = parts.netloc.rpartition("@")
        query = f"?{parts.query}" if parts.query else ""
        self._address = f"{parts.scheme.removesuffix('+cluster')}://{user}{at}{{}}{query}"
        self._seeds = hosts.split(",")
        self._nodes: dict[str, RedisClient] = {}
        self._slots: dict[int, str] = {}  # which node has it, as host:port
        self._outdated = True
        self._failed = ""  # the node to ask last
        self._mutex = threading.Lock()

    def command(self, *args: Any) -> Steps[Any]:
        return self._routed(_slot_of(args), lambda node: node.command(*args), [args])

    def copied(self, *args: Any) -> Steps[Any]:
        return self._routed(_slot_of(args), lambda node: node.copied(*args), [args])

    def transaction(self, commands: Sequence[Sequence[Any]]) -> Steps[list[Any]]:
        """All keys must be in the slot of the first one."""
        return self._routed(
            _slot_of(*commands), lambda node: node.transaction(commands), [["MULTI"], *commands, ["EXEC"]]
        )

    def union(self, keys: Sequence[Any]) -> Steps[list[Any]]:
        members: dict[Any, None] = {}
        for key in keys:
            members |= dict.fromkeys((yield from self.command("ZRANGE", key, 0, -1)))
        return list(members)

    def servers(self) -> Steps[Sequence[RedisClient]]:
        yield from self._learn()
        return [self._node(place) for place in sorted(set(self._slots.values()))]

    def close(self) -> None:
        for node in list(self._nodes.values()):
            node.close()

    async def aclose(self) -> None:
        for node in list(self._nodes.values()):
            await node.aclose()

    def _routed(self, slot: int, send: Send, commands: Sequence[Sequence[Any]]) -> Steps[Any]:
        """`send` to the node with `slot`, and where that one names another, to the other."""
        if self._outdated:
            yield from self._learn()
        if slot not in self._slots:
            self._outdated = True
            raise self._unable(f"no node serves slot {slot} now")
        place, asking = self._slots[slot], False
        for _ in range(_REDIRECTS):
            node = self._node(place)
            try:
                return (yield from (_asking(node, commands) if asking else send(node)))
            except StorageUnavailable:
                self._outdated, self._failed = True, place
                raise
            except StorageDamaged as error:
                redirect = error.__cause__
                if not isinstance(redirect, AskError):  # which MovedError is, too
                    raise
                place = _joined(redirect.host, redirect.port)
                asking = not isinstance(redirect, MovedError)
                if not asking:
                    self._slots[slot], self._outdated = place, True
        raise self._unable(f"slot {slot} kept moving")

    def _learn(self) -> Steps[None]:
        """Which node has which slot, by the first that can say; the one that failed last is asked last."""
        places = dict.fromkeys([*self._slots.values(), *self._seeds])
        for place in sorted(places, key=lambda place: place == self._failed):
            try:
                ranges = yield from self._node(place).command("CLUSTER", "SLOTS")
            except StorageUnavailable:
                continue
            except StorageDamaged as error:
                raise ConfigurationError(
                    f"The server at {place} is in no Redis Cluster ({error.__cause__}): write REDIS_URL as redis://"
                ) from error
            own = place.rpartition(":")[0]
            slots = {
                slot: _joined(text(main[0] or b"") or own, main[1])
                for first, last, main, *_ in ranges
                for slot in range(first, last + 1)
            }
            if slots:
                self._slots, self._outdated, self._failed = slots, False, ""
                return
        raise self._unable("no node of it answers")

    def _node(self, place: str) -> RedisClient:
        with self._mutex:
            if place not in self._nodes:
                self._nodes[place] = RedisClient(self._address.format(place), **self._limits)
            return self._nodes[place]

    def _unable(self, why: str) -> StorageUnavailable:
        return StorageUnavailable(
            f"The Redis Cluster at {self.place} cannot be used: {why}. Check its nodes with CLUSTER INFO, "
            "then try again.",
            retry_after_s=1.0,
        )


def _asking(node: RedisClient, commands: Sequence[Sequence[Any]]) -> Steps[Any]:
    """The last answer to `commands`, from a node that is taking their slot over and serves it when asked."""
    asked = [["ASKING"], *commands]
    *_, last = yield from node._call("ASKING", lambda client: queued(client, asked).execute())
    for answer in last if isinstance(last, list) else ():
        if isinstance(answer, Exception):  # inside what EXEC answers, nobody raises it
            raise StorageDamaged(f"Redis at {node.place} refused a part of a transaction: {answer}.")
    return last


def _slot_of(*commands: Sequence[Any]) -> int:
    """Of the first that has a key; without any, any will do."""
    for name, *args in commands:
        if str(name).upper() not in _KEYLESS:
            key = args[2] if str(name).upper() in ("EVAL", "EVALSHA") else args[0]
            return int(key_slot(key if isinstance(key, bytes) else str(key).encode()))
    return 0


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
