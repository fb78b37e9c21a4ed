"""Whether a Redis that others run keeps what it acknowledges: asked at start, and by `doctor`."""

from typing import Any, NamedTuple

from services.errors import StorageDamaged
from services.redis_client import RedisClient, text
from services.steps import Steps

_OLDEST = (6, 2)


class Found(NamedTuple):
    """What is wrong with a server for our use, one sentence each."""

    unsafe: list[str]  # it forgets in the course of its ordinary work
    notes: list[str]  # what a crash may cost


def check_server(client: RedisClient) -> Steps[Found]:
    """Looks at each server behind `client`, and changes nothing.

    Raises StorageUnavailable when one does not answer. Valkey counts as the Redis version it names.
    """
    found = Found([], [])
    for server in (yield from client.servers()):
        unsafe, notes = yield from _check_one(server, alone=server is client)
        found.unsafe.extend(unsafe)
        found.notes.extend(notes)
    return found


def _check_one(client: RedisClient, *, alone: bool) -> Steps[Found]:
    info: dict[str, Any] = yield from client.command("INFO")
    found = Found([], [])
    if alone and info.get("cluster_enabled"):
        found.unsafe.append(
            f"Redis at {client.place} is one node of a Cluster: write REDIS_URL as redis+cluster://host:port."
        )
    version = str(info.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < _OLDEST:
        found.unsafe.append(f"Redis at {client.place} is {version}: 6.2 or later, or Valkey, is needed.")
    policy = info.get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        found.unsafe.append(
            f"maxmemory-policy is {policy}: a full Redis may drop conversations. Set it to noeviction."
        )
    if not info.get("aof_enabled"):
        found.unsafe.append(
            "The append-only file is off: a restart loses what came last. Set appendonly yes."
        )
        return found
    try:
        answer = yield from client.command("CONFIG", "GET", "appendfsync")
    except StorageDamaged:  # managed Redis has no CONFIG; nothing but this answer depends on it
        found.notes.append(
            "CONFIG is forbidden, as managed Redis does, so appendfsync is unknown: ask your provider for "
            "the loss after a crash."
        )
        return found
    fsync = {text(name): text(value) for name, value in answer.items()}.get("appendfsync", "unknown")
    if fsync != "always":
        found.notes.append(
            f"appendfsync is {fsync}: a crash may lose the last seconds that were acknowledged. "
            "Set it to always where that matters."
        )
    return found
