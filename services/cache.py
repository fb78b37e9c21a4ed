"""Results kept beside the state. The one place that may fail open: an outage is a miss, and is logged."""

import json
import logging
from hashlib import sha256

from services import JSON
from services.errors import StorageError
from services.redis_client import RedisClient
from services.steps import Steps

log = logging.getLogger(__name__)


class RedisCache:
    """The `services.Cache` on any Redis."""

    def __init__(self, redis: RedisClient, *, prefix: str = "jira-assistant") -> None:
        self._redis = redis
        self._prefix = f"{prefix}:cache:"

    def key(self, **parts: object) -> str:
        return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

    def get(self, key: str) -> Steps[JSON | None]:
        try:
            found = yield from self._redis.command("GET", self._prefix + key)
            value = json.loads(found) if found is not None else None
        except (StorageError, ValueError) as error:
            log.warning("The cache could not be read and was passed over: %s", error)
            return None
        return value if isinstance(value, dict) else None

    def put(self, key: str, value: JSON, ttl_minutes: int) -> Steps[None]:
        if ttl_minutes <= 0:
            return
        try:
            yield from self._redis.command(
                "SET", self._prefix + key, json.dumps(value), "EX", ttl_minutes * 60
            )
        except StorageError as error:
            log.warning("A result could not be cached: %s", error)
