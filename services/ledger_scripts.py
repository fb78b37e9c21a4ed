"""The ledger's atomic steps, in Lua. Each changes one row, its indexes and its history together.

CHANGE takes one step or several, which nobody can come between: ARGV is the name of a step, how many
arguments it takes, those, then the next. A step that does not fit the row as it is changes nothing, so that
all of them may be repeated; one that is refused changes nothing either and ends the script with the reason.
The answer is the row, and the statuses that this very call gave it.

Keys: the row, its history (append-only), what is pending, what is approved but not done, the indexes by
user and by time. Rows are text throughout: JSON is made and read by Python alone, because Lua's JSON
cannot tell an empty list from an empty object.
"""

from typing import Any

from services import JSON
from services.ledger_rows import canonical
from services.redis_client import Script

CHANGE = Script(
    "change",
    """
local row, history, pending, unfinished, by_user, by_time = unpack(KEYS)
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local function time(at) return string.format('%.6f', at) end
local stamp = time(now)
local function get(field) return redis.call('HGET', row, field) end
local function put(...) redis.call('HSET', row, ...) end
local status, id = get('status'), get('action_id')
local news = {}
local function became(next_status, by, detail)
  status, news[#news + 1] = next_status, next_status
  put('status', next_status)
  redis.call('XADD', history, '*', 'event', next_status, 'by', by, 'at', stamp, 'detail', detail)
end
local steps = {}

function steps.prepare(expires_in, ...)
  if status then return end
  put('prepared_at', stamp, 'expires_at', time(now + expires_in), ...)
  id = get('action_id')
  for _, index in ipairs({pending, by_user, by_time}) do redis.call('ZADD', index, stamp, id) end
  became('prepared', get('user_id'), get('args'))
end

function steps.decide(digest, next_status, decision, by, args, new_digest)
  if status ~= 'prepared' then return end
  if now >= tonumber(get('expires_at')) then
    put('finished_at', stamp)
    became('expired', 'clock', '')
  elseif digest ~= '' and get('digest') ~= digest then
    return 'digest'
  else
    put('decision', decision, 'decided_at', stamp)
    if args ~= '' then put('args', args, 'digest', new_digest) end
    if next_status == 'approved' then
      redis.call('ZADD', unfinished, stamp, id)
    else
      put('finished_at', stamp)
    end
    became(next_status, by, decision)
  end
  redis.call('ZREM', pending, id)
end

function steps.claim(action, digest, owner, lease, repeatable)
  if status == 'done' or status == 'unknown' or not status then return end
  if status ~= 'approved' and status ~= 'sending' then return 'not approved' end
  if get('action') ~= action or get('digest') ~= digest then return 'digest' end
  if status == 'sending' then
    if now < tonumber(get('lease_until')) then return 'busy' end
    if repeatable ~= '1' then
      redis.call('ZREM', unfinished, id)
      return became('unknown', owner, 'the lease ended without a result')
    end
  end
  put('owner', owner, 'lease_until', time(now + lease))
  became('sending', owner, '')
end

function steps.settle(owner, next_status, result)
  if (status ~= 'sending' and status ~= 'unknown') or get('owner') ~= owner then return end
  put('result', result)
  if next_status ~= 'approved' then redis.call('ZREM', unfinished, id) end
  if next_status == 'done' or next_status == 'superseded' then put('finished_at', stamp) end
  became(next_status, owner, result)
end

function steps.close(next_status, by, reason)
  if status ~= 'prepared' then return end
  put('finished_at', stamp)
  redis.call('ZREM', pending, id)
  became(next_status, by, reason)
end

local at = 1
while at <= #ARGV do
  local last = at + 1 + ARGV[at + 1]
  local refused = steps[ARGV[at]](unpack(ARGV, at + 2, last))
  if refused then return refused end
  at = last + 1
end
return {redis.call('HGETALL', row), news}
""",
)

_STATUS_AFTER = {"accept": "approved", "edit": "approved", "respond": "superseded", "reject": "rejected"}
Step = tuple[str, list[Any]]
"""The name of a step of CHANGE, and its arguments."""


def decide(digest: str, decision: JSON, new_args: str = "", new_digest: str = "") -> Step:
    """An empty digest decides on what is there."""
    status = _STATUS_AFTER[decision["verb"]]
    return "decide", [digest, status, canonical(decision), decision["by"], new_args, new_digest]


def claim(action: str, digest: str, owner: str, lease_s: float = 0, repeatable: bool = True) -> Step:
    return "claim", [action, digest, owner, lease_s, int(repeatable)]


def settle(owner: str, status: str, result: JSON) -> Step:
    return "settle", [owner, status, canonical(result)]


REMIND = Script(
    "remind",
    """
local row, history = KEYS[1], KEYS[2]
if redis.call('HGET', row, 'status') ~= 'prepared' then return 0 end
local clock = redis.call('TIME')
local stamp = string.format('%d.%06d', clock[1], clock[2])
if redis.call('HSETNX', row, 'reminded_at', stamp) == 0 then return 0 end
redis.call('XADD', history, '*', 'event', 'reminded', 'by', 'clock', 'at', stamp, 'detail', '')
return 1
""",
)

RANGE = Script(
    "range",
    """
local rows = {}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', ARGV[3], ARGV[4])
for _, id in ipairs(ids) do rows[#rows + 1] = redis.call('HGETALL', ARGV[5] .. id) end
return rows
""",
)
