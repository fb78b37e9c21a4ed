"""What the checkpoint saver runs on the server: reads that must be of one moment, and collections.

Lua 5.1 with core commands of Redis 6.2. Keys of namespaces are built here from a list that only the
server knows; all of one thread share a hash tag. Strings are compared by sorted sets and never with
`<`, which follows the locale of the server. Layout and names: services.checkpoint_codec. Every answer
begins with what is damaged, or nothing.
"""

from services.redis_client import Script

_COMMON = r"""
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

-- Counts that do not fit mean that a part is lost; what is left would look like an older state.
local function damage(ns)
  local checkpoints = call('ZCARD', key('index', ns))
  local writes = call('HLEN', key('writes', ns))
  local known = call('SISMEMBER', NAMESPACES, ns) == 1
  if call('HLEN', key('checkpoints', ns)) ~= checkpoints then return 'its index is incomplete' end
  if call('ZCARD', key('order', ns)) ~= writes then return 'the order of its writes is incomplete' end
  if checkpoints + writes > 0 and not known then return 'its namespace is not listed' end
  if checkpoints + writes == 0 and known then return 'its namespace is listed and empty' end
  if checkpoints == 0 and call('EXISTS', key('blobs', ns)) == 1 then return 'its checkpoints are gone' end
  if not known and call('EXISTS', NAMESPACES) == 0 then
    local lasts = call('ZSCORE', THREADS, THREAD)
    if lasts and (lasts == 'inf' or tonumber(lasts) > NOW) then return 'its namespaces are gone' end
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
local function approval_open(namespaces)
  local root = newest('')
  for _, ns in ipairs(namespaces) do
    for _, field in ipairs(call('ZRANGEBYLEX', key('order', ns), root and '[' .. root or '-', '+')) do
      if string.sub(field, -#INTERRUPT) == INTERRUPT then return true end
    end
  end
  return false
end

-- One expiry for every key of the thread, or none. Without `renew`, only what must change.
local function lifetime(renew)
  local namespaces = call('SMEMBERS', NAMESPACES)
  local keep = TTL == 0 or approval_open(namespaces)
  local lasting = call('PTTL', NAMESPACES) == -1
  if not renew and keep == lasting then return end
  if keep and lasting then
    touch(THREADS, 'inf')
    for i = 6, #ARGV do touch(RUN .. ARGV[i], 'inf') end
    return
  end
  local expiry = keep and 'inf' or string.format('%.0f', NOW + TTL)
  local keys = {NAMESPACES, RUNS}
  for _, ns in ipairs(namespaces) do
    for _, kind in ipairs(KINDS) do keys[#keys + 1] = key(kind, ns) end
  end
  for _, name in ipairs(keys) do
    if keep then call('PERSIST', name) else call('PEXPIREAT', name, expiry) end
  end
  touch(THREADS, expiry)
  for _, run in ipairs(call('SMEMBERS', RUNS)) do touch(RUN .. run, expiry) end
end
"""

LIFETIME = Script("lifetime", _COMMON + "lifetime(true)")
"""Last in each transaction that writes. ARGV from 6: tags of the runs that wrote."""

READ = Script(
    "read",
    _COMMON
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
    _COMMON
    + r"""
local found = {}
for _, ns in ipairs(call('SMEMBERS', NAMESPACES)) do
  local wrong = damage(ns)
  if wrong then return {wrong} end
  local hashes = {ns}
  for _, kind in ipairs({'checkpoints', 'blobs', 'writes'}) do
    hashes[#hashes + 1] = call('HGETALL', key(kind, ns))
  end
  found[#found + 1] = hashes
end
return {damage('') or false, found, call('SMEMBERS', RUNS), call('EXISTS', KEYS[4])}
""",
)
"""A whole thread: [namespace, checkpoints, blobs, writes] each; its runs; whether the thread whose
namespaces are KEYS[4] exists."""

REMOVE = Script(
    "remove",
    _COMMON
    + r"""
local MODE, DOOMED_RUNS = ARGV[6], {}
for i = 7, #ARGV do DOOMED_RUNS[ARGV[i]] = true end
local namespaces, runs_left = call('SMEMBERS', NAMESPACES), {}
local wrong = damage('')
for _, ns in ipairs(MODE == 'all' and {} or namespaces) do wrong = wrong or damage(ns) end
if wrong and (MODE ~= 'all' or #namespaces == 0) then return {wrong} end

-- The newest, and what its values are rebuilt from: ancestors down to one that holds each whole.
local function kept_of(ns, rows)
  local id = newest(ns)
  local keep, wanted, row = {[id] = true}, {}, rows[id]
  local function stored(at, delta)
    for _, field in ipairs(at.blobs) do
      if string.sub(field, 1, #delta) == delta then return call('HEXISTS', key('blobs', ns), field) == 1 end
    end
  end
  for _, delta in ipairs(row.deltas) do
    if not stored(row, delta) then wanted[#wanted + 1] = delta end
  end
  while #wanted > 0 and rows[row.parent] and not keep[row.parent] do
    keep[row.parent], row = true, rows[row.parent]
    for i = #wanted, 1, -1 do
      if stored(row, wanted[i]) then table.remove(wanted, i) end
    end
  end
  -- Writes may come before their checkpoint does.
  for _, field in ipairs(call('ZRANGEBYLEX', key('order', ns), '[' .. id, '+')) do
    keep[string.match(field, '^[^%z]*')] = true
  end
  return keep
end

local function sweep(ns)
  local rows, used, dead = {}, {}, {}
  local listed = call('HGETALL', key('checkpoints', ns))
  for i = 1, #listed, 2 do rows[listed[i]] = unpack_row(listed[i + 1]) end
  if MODE == 'latest' and next(rows) then
    local keep = kept_of(ns, rows)
    dead = setmetatable({}, {__index = function(_, id) return not keep[id] end})
  else
    for id, row in pairs(rows) do dead[id] = DOOMED_RUNS[row.run] end
  end
  for id, row in pairs(rows) do
    if dead[id] then
      call('HDEL', key('checkpoints', ns), id)
      call('ZREM', key('index', ns), id)
    else
      runs_left[row.run] = true
      for _, field in ipairs(row.blobs) do used[field] = true end
    end
  end
  for _, field in ipairs(call('ZRANGE', key('order', ns), 0, -1)) do
    if dead[string.match(field, '^[^%z]*')] then
      call('HDEL', key('writes', ns), field)
      call('ZREM', key('order', ns), field)
    end
  end
  for _, field in ipairs(call('HKEYS', key('blobs', ns))) do
    if not used[field] then call('HDEL', key('blobs', ns), field) end
  end
  if call('EXISTS', key('index', ns), key('order', ns)) == 0 then call('SREM', NAMESPACES, ns) end
end

for _, ns in ipairs(namespaces) do
  if MODE == 'all' then
    for _, kind in ipairs(KINDS) do call('UNLINK', key(kind, ns)) end
    call('SREM', NAMESPACES, ns)
  else sweep(ns) end
end
for _, run in ipairs(call('SMEMBERS', RUNS)) do
  if not runs_left[run] then call('SREM', RUNS, run); call('ZREM', RUN .. run, THREAD) end
end
for run in pairs(DOOMED_RUNS) do call('ZREM', RUN .. run, THREAD) end
if call('EXISTS', NAMESPACES) == 0 then call('ZREM', THREADS, THREAD) else lifetime(false) end
return {false}
""",
)
"""ARGV[6] says what goes: `all`, all but the `latest` of each namespace, or the `runs` of the tags that
follow. Values that no checkpoint needs any more go with them."""
