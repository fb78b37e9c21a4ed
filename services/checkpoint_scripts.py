"""What the checkpoint saver runs on the server to read what is of one moment, and to let it expire.

Lua 5.1 with core commands of Redis 6.2. Keys of namespaces are built here from a list that only the
server knows; all of them and the indexes share a hash tag. Strings are compared by sorted sets and never with
`<`, which follows the locale of the server. Layout and names: services.checkpoint_codec. Every answer
begins with what is damaged, or nothing.
"""

from services.redis_client import Script

COMMON = r"""
local NAMESPACES, RUNS, THREADS = KEYS[1], KEYS[2], KEYS[3]
local BASE, RUN, THREAD, TTL, INTERRUPT = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local KINDS = {'index', 'checkpoints', 'blobs', 'writes', 'order'}
local call = redis.call
local clock = call('TIME')
local NOW = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function key(kind, ns) return BASE .. kind .. ':' .. ns end

local function unpack_frame(frame, at, most)
  local parts = {}
  while at <= #frame and #parts < most do parts[#parts + 1], at = struct.unpack('>I4c0', frame, at) end
  return parts
end

local function unpack_row(sealed)
  local row = unpack_frame(sealed, string.byte(sealed) == 1 and 34 or 2, 4)
  local parent = string.gsub(string.gsub(row[2], '\1', '\1\2'), '%z', '\1\1')
  local blobs, deltas = unpack_frame(row[3], 1, math.huge), unpack_frame(row[4], 1, math.huge)
  return {run = row[1], parent = parent, blobs = blobs, deltas = deltas}
end

local function newest(ns) return call('ZRANGE', key('index', ns), -1, -1)[1] end

-- The namespaces of the thread, each once.
local function namespaces()
  local names, seen = {}, {}
  for _, listed in ipairs(call('SMEMBERS', NAMESPACES)) do
    local ns = string.sub(listed, string.find(listed, ':', 1, true) + 1)
    if not seen[ns] then seen[ns], names[#names + 1] = true, ns end
  end
  return names
end

-- What is left of a thread that lost a part would look like an older state, or like none.
local function damage(ns)
  for kind, order in pairs({checkpoints = 'index', writes = 'order'}) do
    local size = call('HLEN', key(kind, ns))
    local listed = call('SISMEMBER', NAMESPACES, kind .. ':' .. ns) == 1
    if size ~= call('ZCARD', key(order, ns)) or listed ~= (size > 0) then
      return 'parts of its ' .. kind .. ' are gone'
    end
  end
  if call('EXISTS', NAMESPACES) == 0 then
    local lasts = call('ZSCORE', THREADS, THREAD)
    if lasts and (lasts == 'inf' or tonumber(lasts) > NOW) then return 'it is in the index and gone' end
  end
end

-- An index lives as long as the thread in it that lives longest.
local function touch(index, expiry)
  call('ZADD', index, expiry, THREAD)
  call('ZREMRANGEBYSCORE', index, '-inf', NOW)
  local longest = call('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
  if longest == 'inf' then call('PERSIST', index) else call('PEXPIREAT', index, longest) end
end

-- A task waits for an answer until the root goes on: what asks inside of it asks there, too.
local function approval_open()
  local root = newest('')
  for _, ns in ipairs(namespaces()) do
    for _, field in ipairs(call('ZRANGEBYLEX', key('order', ns), root and '[' .. root or '-', '+')) do
      if string.sub(field, -#INTERRUPT) == INTERRUPT then return true end
    end
  end
  return false
end

-- One expiry for every key of the thread, or none. Without `runs`, which write, only what must change.
local function lifetime(runs)
  local keep = TTL == 0 or approval_open()
  local lasting = call('PTTL', NAMESPACES) == -1
  if not runs and keep == lasting then return end
  if keep and lasting then
    touch(THREADS, 'inf')
    for _, run in ipairs(runs) do touch(RUN .. run, 'inf') end
    return
  end
  local expiry = keep and 'inf' or string.format('%.0f', NOW + TTL)
  local keys = {NAMESPACES, RUNS}
  for _, ns in ipairs(namespaces()) do
    for _, kind in ipairs(KINDS) do keys[#keys + 1] = key(kind, ns) end
  end
  for _, name in ipairs(keys) do
    if keep then call('PERSIST', name) else call('PEXPIREAT', name, expiry) end
  end
  touch(THREADS, expiry)
  for _, run in ipairs(call('SMEMBERS', RUNS)) do touch(RUN .. run, expiry) end
end
"""

WRITE = Script(
    "write",
    COMMON
    + r"""
local runs, at = {}, 7 + ARGV[6]
for i = 7, 6 + ARGV[6] do runs[#runs + 1] = ARGV[i] end
while at <= #ARGV do
  local last = at + ARGV[at]
  call(unpack(ARGV, at + 1, last))
  at = last + 1
end
lifetime(runs)
return {false}
""",
)
"""Commands as they come, each after the number of its parts (PARTS at most), after which every key of the
thread has the same lifetime. ARGV from 6: the number of runs that write, their tags, the commands."""

PARTS = 4000
"""Of one command: Lua hands over 8,000 values at once, no more."""

READ = Script(
    "read",
    COMMON
    + r"""
local NS, WANTED, BEFORE, COUNT = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local wrong = damage(NS)
if wrong then return {wrong} end

local function hmget(name, fields)
  local found = {}
  for first = 1, #fields, 1000 do
    local some = {unpack(fields, first, math.min(first + 999, #fields))}
    for i, value in ipairs(call('HMGET', name, unpack(some))) do
      found[#found + 1] = some[i]
      found[#found + 1] = value
    end
  end
  return found
end

local ids
if WANTED ~= '' then ids = call('ZSCORE', key('index', NS), WANTED) and {WANTED} or {}
else ids = call('ZREVRANGEBYLEX', key('index', NS), BEFORE, '-', 'LIMIT', 0, COUNT) end
local found, fields, seen = {}, {}, {}
for _, id in ipairs(ids) do
  local sealed = call('HGET', key('checkpoints', NS), id)
  if not sealed then return {'a checkpoint is in its index and gone'} end
  for _, field in ipairs(unpack_row(sealed).blobs) do
    if not seen[field] then seen[field], fields[#fields + 1] = true, field end
  end
  local writes = call('ZRANGEBYLEX', key('order', NS), '[' .. id .. '\0', '(' .. id .. '\1')
  found[#found + 1] = {id, sealed, hmget(key('writes', NS), writes)}
end
return {false, found, hmget(key('blobs', NS), fields)}
""",
)
"""The checkpoint WANTED, or COUNT of them, newest first, from BEFORE on (`+`, or `(` and an id).

Returns [id, row, [field, write ...]] each, and [field, blob ...] of them all.
"""

DUMP = Script(
    "dump",
    COMMON
    + r"""
local found = {}
for _, ns in ipairs(namespaces()) do
  local wrong = damage(ns)
  if wrong then return {wrong} end
  local hashes = {ns}
  for _, kind in ipairs({'checkpoints', 'blobs', 'writes'}) do
    hashes[#hashes + 1] = call('HGETALL', key(kind, ns))
  end
  found[#found + 1] = hashes
end
return {damage('') or false, found, call('SMEMBERS', RUNS)}
""",
)
"""A whole thread: [namespace, checkpoints, blobs, writes] each; its runs."""
