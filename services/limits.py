"""How often one user may ask: so many requests a minute and an hour, exact over all processes.

GCRA: for each limit one number is kept, the time at which the user's allowance would be whole again, so
a check is O(1) in time and memory. One script checks and takes both limits at once on Redis's clock: a
request that one refuses takes nothing from the other. `limits` from PyPI was looked at: it has windows but
no GCRA, takes one limit at a time, and has its own clients, sync and async apart.

Tokens per hour are reserved with the money, in services.costs.
"""

from hashlib import sha256

from services.errors import RateLimited
from services.redis_client import RedisClient, Script
from services.settings import Settings
from services.steps import Steps

_CHECK = Script(
    "limits.check",
    """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local wait, whole = 0, {}
for i, key in ipairs(KEYS) do
  local requests, period = tonumber(ARGV[i * 2 - 1]), tonumber(ARGV[i * 2])
  whole[i] = math.max(tonumber(redis.call('GET', key) or '0'), now) + period / requests
  wait = math.max(wait, whole[i] - period - now)
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.3f', whole[i]), 'PX', math.ceil((whole[i] - now) / 1000))
end
return 0
""",
)


class Limiter:
    """MAX_REQUESTS_PER_MINUTE and MAX_REQUESTS_PER_HOUR of each user."""

    def __init__(self, settings: Settings, redis: RedisClient, *, prefix: str = "jira-assistant") -> None:
        self._limits = {60: settings.max_requests_per_minute, 3600: settings.max_requests_per_hour}
        self._redis = redis
        self._prefix = prefix

    def check(self, user_key: str) -> Steps[None]:
        """Count one request. `user_key` names the user over all tenants, in any characters.

        Raises RateLimited with `retry_after_s`, and StorageError when Redis cannot say.
        """
        tag = f"{self._prefix}:limit:{{{sha256(user_key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}}}"
        more = [value for period, most in self._limits.items() for value in (most, period * 1_000_000)]
        wait_us = yield from self._redis.script(_CHECK, [f"{tag}:{p}" for p in self._limits], more)
        if wait_us:
            raise RateLimited(
                f"That was more than {self._limits[60]} requests a minute or {self._limits[3600]} an hour. "
                f"Try again in {wait_us / 1e6:.1f} s.",
                retry_after_s=round(wait_us / 1e6, 3),
            )
