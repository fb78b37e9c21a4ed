"""Results kept beside the state. The one place that may fail open: an outage is a miss, and is logged."""

import json
import logging
import time
from hashlib import sha256

from services import JSON
from services.errors import StorageError
from services.redis_client import RedisClient, Script
from services.steps import Steps, pause

PREFIX = "jira-assistant"
POLL_SECONDS = 0.05
"""How often a request looks whether the one that makes the same result has it; a model takes a second."""
_GET_OR_LEAD = Script(
    "get_or_lead",
    """
    local kept = redis.call('GET', KEYS[1])
    if kept then return kept end
    return redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) and 1 or 0
    """,
)
_FORGET = Script(  # the key only says on which node of a Cluster all the others are
    "forget",
    """
    local cursor, names = unpack(redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000))
    for _, name in ipairs(names) do redis.call('UNLINK', name) end
    return {cursor, #names}
    """,
)
log = logging.getLogger(__name__)


class RedisCache:
    """The `services.Cache` on any Redis. All keys of one user share a hash tag, and can be found by it."""

    def __init__(self, redis: RedisClient, *, prefix: str = PREFIX) -> None:
        self._redis = redis
        self._prefix = f"{prefix}:cache:"

    def key(self, *, tenant: str | None, user: str, text: str, **parts: object) -> str:
        return f"{_owner(tenant, user)}:{_digest(parts)}:{_digest(text)}"

    def get(self, key: str) -> Steps[JSON | None]:
        try:
            found = yield from self._redis.command("GET", self._prefix + key)
        except StorageError as error:
            log.warning("The cache could not be read and was passed over: %s", error)
            return None
        return _read(found)

    def get_or_lead(self, key: str, seconds: float) -> Steps[JSON | None]:
        name, ends = self._prefix + key, time.monotonic() + seconds
        while True:
            try:
                found = yield from self._redis.script(
                    _GET_OR_LEAD, [name, f"{name}:making"], [max(1, round(seconds * 1000))]
                )
            except StorageError as error:
                log.warning("The cache could not be read and was passed over: %s", error)
                return None
            if found != 0 or time.monotonic() >= ends:
                return _read(found) if isinstance(found, bytes) else None
            yield from pause(POLL_SECONDS)

    def put(self, key: str, value: JSON, ttl_minutes: int) -> Steps[None]:
        if ttl_minutes <= 0:
            return (yield from self.release(key))
        name = self._prefix + key
        kept = ("SET", name, json.dumps(value), "EX", ttl_minutes * 60)
        yield from self._try(self._redis.transaction([kept, ("DEL", f"{name}:making")]))

    def release(self, key: str) -> Steps[None]:
        """Whoever led too long may so release another's lead: that costs one more answer, nothing else."""
        yield from self._try(self._redis.command("DEL", f"{self._prefix}{key}:making"))

    def forget(self, tenant: str | None, user: str) -> Steps[int]:
        """Drop all that is kept for one user, texts proposed for others like them included; how much it was.

        Looks at every key of the server, so it is for operators, not for requests. Raises StorageError.
        """
        owned, cursor, dropped = f"{self._prefix}{_owner(tenant, user)}:", b"0", 0
        while True:
            cursor, some = yield from self._redis.script(_FORGET, [owned], [cursor, f"{owned}*"])
            dropped += some
            if int(cursor) == 0:
                return int(dropped)

    def _try(self, steps: Steps[object]) -> Steps[None]:
        try:
            yield from steps
        except StorageError as error:
            log.warning("A result could not be cached: %s", error)


def _owner(tenant: str | None, user: str) -> str:
    """Tenant and user as a hash tag, so that nothing of them shows in a key."""
    return f"{{{_digest([tenant or '', user])}}}"


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _read(found: bytes | None) -> JSON | None:
    try:
        value = json.loads(found) if found is not None else None
    except (ValueError, RecursionError) as error:
        log.warning("A cached result is damaged and was passed over: %s", error)
        return None
    return value if isinstance(value, dict) else None
