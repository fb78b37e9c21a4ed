"""Whether a Redis that others run keeps what it acknowledges: asked at start, and by `doctor`."""

from typing import Any

from services.errors import StorageDamaged
from services.redis_client import RedisClient, text
from services.steps import Steps

_OLDEST = (6, 2)


def check_server(client: RedisClient) -> Steps[list[str]]:
    """What is wrong with it for our use, one sentence each; nothing is changed.

    Raises StorageUnavailable when it does not answer. Valkey counts as the Redis version it names.
    """
    info: dict[str, Any] = yield from client.command("INFO")
    warnings = []
    version = str(info.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < _OLDEST:
        warnings.append(f"Redis at {client.place} is {version}: 6.2 or later, or Valkey, is needed.")
    policy = info.get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        warnings.append(
            f"maxmemory-policy is {policy}: a full Redis may drop conversations. Set it to noeviction."
        )
    if not info.get("aof_enabled"):
        warnings.append("The append-only file is off: a crash loses what came last. Set appendonly yes.")
        return warnings
    try:
        answer = yield from client.command("CONFIG", "GET", "appendfsync")
    except StorageDamaged:  # managed Redis has no CONFIG; nothing but this answer depends on it
        warnings.append(
            "CONFIG is forbidden, as managed Redis does, so appendfsync is unknown: ask your provider for "
            "the loss after a crash."
        )
        return warnings
    fsync = {text(name): text(value) for name, value in answer.items()}.get("appendfsync", "unknown")
    if fsync != "always":
        warnings.append(
            f"appendfsync is {fsync}: a crash may lose the last seconds that were acknowledged. "
            "Set it to always where that matters."
        )
    return warnings
