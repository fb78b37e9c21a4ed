"""How the checkpoint saver forgets, on the server: whole threads, old checkpoints, those of a run.

A value is stored once for all checkpoints that show it, so with the last of those it is collected.
"""

from services.checkpoint_scripts import COMMON
from services.redis_client import Script

REMOVE = Script(
    "remove",
    COMMON
    + r"""
local MODE, DOOMED_RUNS = ARGV[6], {}
for i = 7, #ARGV do DOOMED_RUNS[ARGV[i]] = true end
local names, runs_left = namespaces(), {}
local wrong = damage('')
for _, ns in ipairs(MODE == 'all' and {} or names) do wrong = wrong or damage(ns) end
if wrong and (MODE ~= 'all' or #names == 0) then return {wrong} end

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
  for _, kind in ipairs({'checkpoints', 'writes'}) do
    if call('EXISTS', key(kind, ns)) == 0 then call('SREM', NAMESPACES, kind .. ':' .. ns) end
  end
end

for _, ns in ipairs(names) do
  if MODE == 'all' then
    for _, kind in ipairs(KINDS) do call('UNLINK', key(kind, ns)) end
  else sweep(ns) end
end
if MODE == 'all' then call('UNLINK', NAMESPACES) end
for _, run in ipairs(call('SMEMBERS', RUNS)) do
  if not runs_left[run] then call('SREM', RUNS, run); call('ZREM', RUN .. run, THREAD) end
end
for run in pairs(DOOMED_RUNS) do call('ZREM', RUN .. run, THREAD) end
if call('EXISTS', NAMESPACES) == 0 then call('ZREM', THREADS, THREAD) else lifetime() end
return {false}
""",
)
"""ARGV[6] says what goes: `all`, all but the `latest` of each namespace, or the `runs` of the tags that
follow. Values that no checkpoint needs any more go with them."""
