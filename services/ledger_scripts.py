"""The ledger's atomic steps, in Lua. Each changes one row, its indexes and its history together.

Keys: the row, its history (append-only), what is pending, what is approved but not done; `prepare` also
gets the indexes by user and by time. Rows are text throughout: JSON is made and read by Python alone,
because Lua's JSON cannot tell an empty list from an empty object. An answer is the row, with `became` where
this very call changed it.
"""

from services.redis_client import Script

_PRELUDE = """
local row, history, pending, unfinished = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local function time(at) return string.format('%.6f', at) end
local stamp = time(now)
local function get(field) return redis.call('HGET', row, field) end
local function put(...) redis.call('HSET', row, ...) end
local news = {}
local function answer()
  local found = redis.call('HGETALL', row)
  for _, part in ipairs(news) do found[#found + 1] = part end
  return found
end
local function became(next_status, by, detail)
  news = {'became', next_status}
  put('status', next_status)
  redis.call('XADD', history, '*', 'event', next_status, 'by', by, 'at', stamp, 'detail', detail)
end
local status = get('status')
"""

PREPARE = Script(
    "prepare",
    _PRELUDE
    + """
local by_user, by_time = KEYS[5], KEYS[6]
if not status then
  put('prepared_at', stamp, 'expires_at', time(now + ARGV[1]))
  for i = 2, #ARGV, 2 do put(ARGV[i], ARGV[i + 1]) end
  local id = get('action_id')
  for _, index in ipairs({pending, by_user, by_time}) do redis.call('ZADD', index, stamp, id) end
  became('prepared', get('user_id'), get('args'))
end
return answer()
""",
)

DECIDE = Script(
    "decide",
    _PRELUDE
    + """
local digest, next_status, decision, by, args, new_digest = unpack(ARGV)
if status == 'prepared' then
  if now >= tonumber(get('expires_at')) then
    put('finished_at', stamp)
    became('expired', 'clock', '')
  elseif get('digest') ~= digest then
    return 'digest'
  else
    put('decision', decision, 'decided_at', stamp)
    if args ~= '' then put('args', args, 'digest', new_digest) end
    if next_status == 'approved' then
      redis.call('ZADD', unfinished, stamp, get('action_id'))
    else
      put('finished_at', stamp)
    end
    became(next_status, by, decision)
  end
  redis.call('ZREM', pending, get('action_id'))
end
return answer()
""",
)

CLAIM = Script(
    "claim",
    _PRELUDE
    + """
local digest, owner, lease, repeatable = unpack(ARGV)
if status == 'done' or status == 'unknown' or not status then return answer() end
if status ~= 'approved' and status ~= 'sending' then return 'not approved' end
if get('digest') ~= digest then return 'digest' end
if status == 'sending' then
  if now < tonumber(get('lease_until')) then return 'busy' end
  if repeatable ~= '1' then
    redis.call('ZREM', unfinished, get('action_id'))
    became('unknown', owner, 'the lease ended without a result')
    return answer()
  end
end
put('owner', owner, 'lease_until', time(now + lease))
became('sending', owner, '')
return answer()
""",
)

SETTLE = Script(
    "settle",
    _PRELUDE
    + """
local owner, next_status, result = unpack(ARGV)
if (status == 'sending' or status == 'unknown') and get('owner') == owner then
  put('result', result)
  if next_status ~= 'approved' then redis.call('ZREM', unfinished, get('action_id')) end
  if next_status == 'done' or next_status == 'superseded' then put('finished_at', stamp) end
  became(next_status, owner, result)
end
return answer()
""",
)

CLOSE = Script(
    "close",
    _PRELUDE
    + """
local next_status, by, reason = unpack(ARGV)
if status == 'prepared' then
  put('finished_at', stamp)
  redis.call('ZREM', pending, get('action_id'))
  became(next_status, by, reason)
end
return answer()
""",
)

REMIND = Script(
    "remind",
    _PRELUDE
    + """
if status ~= 'prepared' or get('reminded_at') then return 0 end
put('reminded_at', stamp)
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
