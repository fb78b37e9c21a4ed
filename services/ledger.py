"""The truth about actions: one hash an action, changed only by the scripts below.

    prepared -> approved -> sending -> done
        |          ^-----------|  (not done: may be claimed again)
        |                      `-> unknown  (nobody can tell; a human must)
        `-> rejected | superseded | expired

Each script is one atomic step on the server's clock, so two reviewers, two resumes or two processes
cannot both win, and a step repeated after a lost answer changes nothing. All keys share one hash tag:
the scripts touch a row and its indexes together, which a cluster allows only within one slot.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal, cast

from services import JSON, ActionRow
from services.errors import ActionConflict, ActionNotFound, StorageDamaged
from services.redis_client import RedisClient, Script, text
from services.steps import Steps

_PRELUDE = """
local row, index = KEYS[1], KEYS[2]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local stamp = string.format('%.6f', now)
local function get(field) return redis.call('HGET', row, field) end
local function put(...) redis.call('HSET', row, ...) end
local function answer() return redis.call('HGETALL', row) end
local status = get('status')
"""

_PREPARE = Script(
    "prepare",
    _PRELUDE
    + """
local user = KEYS[3]
if not status then
  put('status', 'prepared', 'prepared_at', stamp, 'expires_at', string.format('%.6f', now + ARGV[1]))
  for i = 2, #ARGV, 2 do put(ARGV[i], ARGV[i + 1]) end
  redis.call('ZADD', index, stamp, get('action_id'))
  redis.call('ZADD', user, stamp, get('action_id'))
end
return answer()
""",
)

_DECIDE = Script(
    "decide",
    _PRELUDE
    + """
local digest, next_status, decision, args, new_digest = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if status == 'prepared' then
  if now >= tonumber(get('expires_at')) then
    put('status', 'expired', 'finished_at', stamp)
  elseif get('digest') ~= digest then
    return 'digest'
  else
    put('status', next_status, 'decision', decision, 'decided_at', stamp)
    if args ~= '' then put('args', args, 'digest', new_digest) end
    if next_status == 'approved' then
      redis.call('ZADD', KEYS[3], stamp, get('action_id'))
    else
      put('finished_at', stamp)
    end
  end
  redis.call('ZREM', index, get('action_id'))
end
return answer()
""",
)

_CLAIM = Script(
    "claim",
    _PRELUDE
    + """
local digest, owner, lease, repeatable = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if status == 'done' or status == 'unknown' or not status then return answer() end
if status ~= 'approved' and status ~= 'sending' then return 'not approved' end
if get('digest') ~= digest then return 'digest' end
if status == 'sending' then
  if now < tonumber(get('lease_until')) then return 'busy' end
  if repeatable ~= '1' then
    put('status', 'unknown')
    return answer()
  end
end
put('status', 'sending', 'owner', owner, 'lease_until', string.format('%.6f', now + lease))
return answer()
""",
)

_SETTLE = Script(
    "settle",
    _PRELUDE
    + """
local owner, next_status, result = ARGV[1], ARGV[2], ARGV[3]
if (status == 'sending' or status == 'unknown') and get('owner') == owner then
  put('status', next_status, 'result', result)
  if next_status == 'done' or next_status == 'superseded' then
    put('finished_at', stamp)
    redis.call('ZREM', index, get('action_id'))
  end
end
return answer()
""",
)

_CLOSE = Script(
    "close",
    _PRELUDE
    + """
if status == 'prepared' then
  put('status', ARGV[1], 'reason', ARGV[2], 'finished_at', stamp)
  redis.call('ZREM', index, get('action_id'))
end
return answer()
""",
)

_RANGE = Script(
    "range",
    """
local rows = {}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ids) do rows[#rows + 1] = redis.call('HGETALL', ARGV[4] .. id) end
return rows
""",
)

_STATUS_AFTER = {"accept": "approved", "edit": "approved", "respond": "superseded", "reject": "rejected"}
_USER_ROWS_READ_AT_MOST = 10_000


def canonical(value: Any) -> str:
    """One text for one JSON value, whatever the order its keys were written in."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(action: str, args: JSON) -> str:
    """What an approval binds to: sha256 of exactly what will be sent."""
    return sha256(canonical({"action": action, "args": args}).encode()).hexdigest()


class RedisLedger:
    """The `services.Ledger` on any Redis. `prefix` separates installations that share a server."""

    def __init__(self, redis: RedisClient, *, prefix: str = "jira-assistant") -> None:
        self._redis = redis
        self._root = f"{prefix}:{{ledger}}:"
        self._pending = self._root + "pending"
        self._unfinished = self._root + "unfinished"

    def prepare(self, row: JSON, *, expires_in_s: float) -> Steps[ActionRow]:
        row = {**row, "digest": digest_of(row["action"], row["args"])}
        fields = [
            part
            for field, value in row.items()
            for part in (field, canonical(value) if isinstance(value, dict) else value)
        ]
        keys = [self._key(row["action_id"]), self._pending, self._user_key(row["tenant"], row["user_id"])]
        return self._row(
            row["action_id"], (yield from self._redis.script(_PREPARE, keys, [expires_in_s, *fields]))
        )

    def decide(
        self, action_id: str, digest: str, decision: JSON, *, new_args: JSON | None = None
    ) -> Steps[ActionRow]:
        new_digest = ""
        if new_args is not None:
            new_digest = digest_of((yield from self.get(action_id))["action"], new_args)
        args = [
            digest,
            _STATUS_AFTER[decision["verb"]],
            canonical(decision),
            canonical(new_args) if new_args is not None else "",
            new_digest,
        ]
        keys = [self._key(action_id), self._pending, self._unfinished]
        return self._row(action_id, (yield from self._redis.script(_DECIDE, keys, args)))

    def claim(
        self, action_id: str, digest: str, owner: str, *, lease_s: float, repeatable: bool
    ) -> Steps[ActionRow]:
        keys = [self._key(action_id), self._unfinished]
        args = [digest, owner, lease_s, int(repeatable)]
        return self._row(action_id, (yield from self._redis.script(_CLAIM, keys, args)))

    def settle(
        self,
        action_id: str,
        owner: str,
        status: Literal["done", "approved", "superseded", "unknown"],
        result: JSON,
    ) -> Steps[ActionRow]:
        keys = [self._key(action_id), self._unfinished]
        args = [owner, status, canonical(result)]
        return self._row(action_id, (yield from self._redis.script(_SETTLE, keys, args)))

    def close(
        self, action_id: str, status: Literal["superseded", "expired"], reason: str
    ) -> Steps[ActionRow]:
        keys = [self._key(action_id), self._pending]
        return self._row(action_id, (yield from self._redis.script(_CLOSE, keys, [status, reason])))

    def get(self, action_id: str) -> Steps[ActionRow]:
        return self._row(action_id, (yield from self._redis.command("HGETALL", self._key(action_id))))

    def pending(self, *, limit: int = 100) -> Steps[list[ActionRow]]:
        return (yield from self._range(self._pending, "-inf", "+inf", limit))

    def of_user(self, tenant: str, user_id: str, since: float, until: float) -> Steps[list[ActionRow]]:
        key = self._user_key(tenant, user_id)
        return (yield from self._range(key, since, f"({until}", _USER_ROWS_READ_AT_MOST))

    def _range(self, index: str, low: Any, high: Any, limit: int) -> Steps[list[ActionRow]]:
        args = [low, high, limit, self._key("")]
        found = yield from self._redis.script(_RANGE, [index], args)
        return [self._row("", row) for row in found if row]

    def _key(self, action_id: str) -> str:
        return f"{self._root}action:{action_id}"

    def _user_key(self, tenant: str, user_id: str) -> str:
        return f"{self._root}user:{sha256(canonical([tenant, user_id]).encode()).hexdigest()}"

    def _row(self, action_id: str, answer: Any) -> ActionRow:
        if isinstance(answer, bytes | str):
            raise ActionConflict(_CONFLICTS[text(answer)].format(action_id), action_id=action_id)
        pairs = answer.items() if isinstance(answer, Mapping) else zip(answer[::2], answer[1::2], strict=True)
        fields: dict[str, Any] = {text(field): text(value) for field, value in pairs}
        if not fields:
            raise ActionNotFound(
                f"There is no action {action_id}: it was never prepared here. Check the id.",
                action_id=action_id,
            )
        return _parse(fields)


_CONFLICTS = {
    "digest": "Action {} is not what was shown for approval any more: look at it again, then decide.",
    "not approved": "Action {} was not approved, so it was not carried out: approve it first.",
    "busy": "Action {} is being carried out by another process right now: look again in a minute.",
}


def _parse(fields: dict[str, Any]) -> ActionRow:
    try:
        for name in ("args", "summary", "decision", "result"):
            fields[name] = json.loads(fields[name]) if name in fields else None
        for name in ("prepared_at", "expires_at", "finished_at", "decided_at"):
            fields[name] = float(fields[name]) if name in fields else None
        for name in ActionRow.__annotations__:
            fields.setdefault(name, None)
        if fields["decision"] is not None:
            fields["decision"]["at"] = fields["decided_at"]
        return cast(ActionRow, {name: fields[name] for name in ActionRow.__annotations__})
    except ValueError as error:
        raise StorageDamaged(
            f"The ledger row of action {fields.get('action_id')} cannot be read: {error}. "
            "It was left as it is; restore it from a backup of Redis."
        ) from error
