import { createHash } from 'node:crypto'
import { turnGapMs, turnMsMax, turnsWaited, waitMsMax } from '../writer-turns'

/** A script that runs as one atomic operation, and the digest under which Redis caches it. */
export interface RedisScript {
  readonly operation: string
  readonly source: string
  readonly digest: string
}

/**
 * The start of every script. All keys of a desk share one hash tag, so they live in one slot of a cluster.
 *
 * KEYS[1] generation (string)   which generation of the desk is the live one
 * KEYS[2] entries (stream)      entry id is <version>-0; fields h, t, p
 * KEYS[3] snapshot (hash)       fields v, h, t, schema, state
 * KEYS[4] incarnation (string)  random, written when it is missing: it is lost when everything is
 * ARGV[1] generation of the caller
 *
 * The head is the newest entry; the snapshot's position when that is further on, which happens only after a loss of
 * data.
 */
export const prelude = `
local generation = redis.call('GET', KEYS[1])
if generation and generation ~= ARGV[1] then return {'erased'} end
local function versionOf(entry) return tonumber(string.match(entry[1], '^%d+')) end
local function whole(number) return string.format('%.0f', number) end
local function head()
  local v, h, t = 0, '', 0
  local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  if last then v, h, t = versionOf(last), last[2][2], tonumber(last[2][4]) or 0 end
  local snap = redis.call('HMGET', KEYS[3], 'v', 'h', 't')
  if snap[1] and tonumber(snap[1]) > v then v, h, t = tonumber(snap[1]), snap[2], tonumber(snap[3]) end
  return v, h, t
end
local function server_incarnation(random)
  local incarnation = redis.call('GET', KEYS[4])
  if not incarnation then
    incarnation = random
    redis.call('SET', KEYS[4], incarnation)
  end
  return (string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or '') .. ' ' .. incarnation
end
local function hashOf(before, t, text) return redis.sha1hex(before .. '|' .. t .. '|' .. text) end
-- A stream remembers the id of a deleted entry, and takes no smaller one.
local function add(v, hash, t, text)
  local command = {'XADD', KEYS[2], whole(v) .. '-0', 'h', hash, 't', t, 'p', text}
  local added = redis.pcall(unpack(command))
  if type(added) ~= 'table' or not added.err then return end
  if redis.call('XLEN', KEYS[2]) == 0 then redis.call('DEL', KEYS[2])
  else redis.call('XSETID', KEYS[2], whole(v - 1) .. '-0') end
  redis.call(unpack(command))
end
`

/**
 * Returns the live generation of a desk; the first caller makes it 1.
 *
 * KEYS[1] generation
 * Returns the generation.
 */
export const openDeskScript = defineScript(
  'open',
  `redis.call('SET', KEYS[1], '1', 'NX') return {redis.call('GET', KEYS[1])}`,
)

/**
 * Identifies the server and its incarnation, for the first append.
 *
 * KEYS as above
 * ARGV[2] incarnation to write where there is none
 * Returns {incarnation, id}
 */
export const incarnationScript = defineScript(
  'identify the server',
  `${prelude} return {'incarnation', server_incarnation(ARGV[2])}`,
)

/**
 * Turns of writers: the rules of `WriterTurns`. A hash with the fields `turn` (until when, and whose), `free` (until
 * when there is no new turn) and `w:<writer>` (since when it waits, until when it asks again). It expires by itself.
 */
const turns = `
local function left(ends, now, max)
  local ms = (tonumber(ends) or 0) - now
  return ms > 0 and ms <= max and ms or 0
end
local function turn(now)
  local ends, writer = string.match(redis.call('HGET', KEYS[5], 'turn') or '', '^(%d+) (.*)$')
  return left(ends, now, ${turnMsMax}), writer
end
local function request_turn(writer, ms, now, is_complete)
  if writer == '' or ms == '' then return false end
  local taken, holder = turn(now)
  if taken > 0 and holder == writer then return true end
  local turn_ms = math.min(tonumber(ms) * (is_complete and 1 or 2), ${turnMsMax})
  local since, own, first = now, 'w:' .. writer, true
  local waiting = {}
  local all = redis.call('HGETALL', KEYS[5])
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'w:' then
      local began, asks = string.match(all[i + 1], '^(%d+) (%d+)$')
      if left(asks, now, ${waitMsMax}) == 0 then redis.call('HDEL', KEYS[5], all[i])
      elseif all[i] == own then since = tonumber(began)
      else waiting[#waiting + 1] = {tonumber(began), all[i]} end
    end
  end
  for _, other in ipairs(waiting) do
    if other[1] < since or other[1] == since and other[2] < own then first = false end
  end
  if taken > 0 or not first or left(redis.call('HGET', KEYS[5], 'free'), now, ${turnMsMax + turnGapMs}) > 0 then
    redis.call('HSET', KEYS[5], own, whole(since) .. ' ' .. whole(now + taken + ${turnsWaited} * turn_ms))
    redis.call('PEXPIRE', KEYS[5], ${waitMsMax})
    return false
  end
  redis.call('HDEL', KEYS[5], own)
  redis.call('HSET', KEYS[5], 'turn', whole(now + turn_ms) .. ' ' .. writer, 'free', whole(now + turn_ms + ${turnGapMs}))
  redis.call('PEXPIRE', KEYS[5], ${waitMsMax})
  return true
end
local function end_turn(writer, now)
  if redis.call('EXISTS', KEYS[5]) == 0 then return end
  redis.call('HDEL', KEYS[5], 'w:' .. writer)
  local _, holder = turn(now)
  if holder ~= writer then return end
  redis.call('HDEL', KEYS[5], 'turn')
  redis.call('HSET', KEYS[5], 'free', whole(now + ${turnGapMs}))
end
`

/**
 * Appends one entry when the head is the one that the writer expects.
 *
 * KEYS as above
 * KEYS[5] turns (hash)
 * ARGV[2] expected version   ARGV[3] expected hash
 * ARGV[4] earliest instant in ms, '' for none
 * ARGV[5] payload, JSON text
 * ARGV[6] maximum of entries returned after a conflict
 * ARGV[7] channel            ARGV[8] desk
 * ARGV[9] incarnation that the writer knows, '' for none: another one may have lost entries
 * ARGV[10] incarnation to write where there is none
 * ARGV[11] writer   ARGV[12] milliseconds of the turn that it asks for, '' for none
 * Returns {appended, h, t, incarnation} | {restarted, incarnation} | {early, t} | {diverged} | {deferred, milliseconds}
 * | {conflict, entries from the expected version on, 1 with the turn or 0}
 */
export const appendScript = defineScript(
  'append an entry',
  `${prelude}${turns}
local incarnation = server_incarnation(ARGV[10])
if ARGV[9] ~= '' and ARGV[9] ~= incarnation then return {'restarted', incarnation} end
local v, h, t = head()
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local expected = tonumber(ARGV[2])
if expected > v then return {'diverged'} end
if expected < v then
  local from = redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', '+', 'COUNT', ARGV[6])
  local first = from[1]
  if first and versionOf(first) == expected and first[2][2] ~= ARGV[3] then return {'diverged'} end
  local is_complete = v - expected < tonumber(ARGV[6])
  local has_turn = request_turn(ARGV[11], ARGV[12], clock, is_complete)
  return {'conflict', from, has_turn and is_complete and 1 or 0}
end
if h ~= ARGV[3] then return {'diverged'} end
local taken, holder = turn(clock)
if taken > 0 and holder ~= ARGV[11] then
  request_turn(ARGV[11], ARGV[12], clock, true)
  return {'deferred', whole(taken)}
end
local now = math.max(t, clock)
if ARGV[4] ~= '' and now < tonumber(ARGV[4]) then return {'early', whole(now)} end
if not generation then redis.call('SET', KEYS[1], ARGV[1]) end
local hash = hashOf(h, whole(now), ARGV[5])
add(v + 1, hash, whole(now), ARGV[5])
redis.call('PUBLISH', ARGV[7], ARGV[8] .. ' ' .. whole(v + 1))
end_turn(ARGV[11], clock)
return {'appended', hash, whole(now), incarnation}`,
)

/**
 * Reads entries, beginning with the one at the version, because the chain is checked from there.
 *
 * KEYS as above
 * ARGV[2] version   ARGV[3] maximum of entries
 * Returns {entries, [entry, …]}
 */
export const readScript = defineScript(
  'read entries',
  `${prelude} return {'entries', redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', '+', 'COUNT', ARGV[3])}`,
)

/**
 * Returns the position of the newest entry.
 *
 * KEYS as above
 * Returns {head, v, h}
 */
export const headScript = defineScript('read the head', `${prelude} local v, h = head() return {'head', whole(v), h}`)

/**
 * Puts back entries that Redis lost, verbatim, right after the head. Entries that are there already are compared.
 *
 * KEYS as above
 * ARGV[2] channel   ARGV[3] desk
 * ARGV[4…] v, h, t, payload of each entry, in order
 * Returns {restored} | {gap, v} | {differs, v} | {broken, v}; only the first case writes
 */
export const restoreScript = defineScript(
  'restore entries',
  `${prelude}
local v, h, t = head()
local lost = {}
for i = 4, #ARGV, 4 do
  local at = tonumber(ARGV[i])
  if at <= v then
    local held = redis.call('XRANGE', KEYS[2], ARGV[i] .. '-0', ARGV[i] .. '-0')[1]
    if held and held[2][2] ~= ARGV[i + 1] then return {'differs', ARGV[i]} end
    if at == v and h ~= ARGV[i + 1] then return {'differs', ARGV[i]} end
  else
    if at ~= v + #lost + 1 then return {'gap', whole(v)} end
    local before = #lost == 0 and {h, t} or lost[#lost]
    if tonumber(ARGV[i + 2]) < tonumber(before[2]) then return {'broken', ARGV[i]} end
    if hashOf(before[1], ARGV[i + 2], ARGV[i + 3]) ~= ARGV[i + 1] then return {'broken', ARGV[i]} end
    lost[#lost + 1] = {ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]}
  end
end
if not generation then redis.call('SET', KEYS[1], ARGV[1]) end
for i, entry in ipairs(lost) do
  add(v + i, entry[1], entry[2], entry[3])
end
if #lost > 0 then redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ' .. whole(v + #lost)) end
return {'restored'}`,
)

/**
 * Keeps a snapshot of a position that the store holds, and removes the entries far behind it. An empty store accepts
 * any: so a desk continues after its backend lost everything.
 *
 * KEYS as above, then KEYS[5] the node that needs a snapshot
 * ARGV[2] v   ARGV[3] h   ARGV[4] t   ARGV[5] schema   ARGV[6] state, JSON text
 * ARGV[7] oldest version to keep
 * Returns {saved} | {older} | {foreign}
 */
export const saveSnapshotScript = defineScript(
  'save a snapshot',
  `${prelude}
local at = tonumber(ARGV[2])
local stored = redis.call('HGET', KEYS[3], 'v')
if stored and tonumber(stored) >= at then return {'older'} end
local held = redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', ARGV[2] .. '-0')[1]
if head() > 0 and not (held and held[2][2] == ARGV[3]) then return {'foreign'} end
if not generation then redis.call('SET', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[3], 'v', ARGV[2], 'h', ARGV[3], 't', ARGV[4], 'schema', ARGV[5], 'state', ARGV[6])
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[7] .. '-0')
redis.call('DEL', KEYS[5])
return {'saved'}`,
)

/**
 * Returns the snapshot.
 *
 * KEYS as above
 * Returns {snapshot, [v, h, t, schema, state]}, a list of nils where there is none
 */
export const loadSnapshotScript = defineScript(
  'load the snapshot',
  `${prelude} return {'snapshot', redis.call('HMGET', KEYS[3], 'v', 'h', 't', 'schema', 'state')}`,
)

/**
 * Erases one generation and makes the next the live one, so that no node that still holds the erased entries can put
 * them back.
 *
 * KEYS as above, then the keys of the nodes
 * Returns {erased-now}, or {erased} when another caller has done it
 */
export const eraseDeskScript = defineScript(
  'erase the desk',
  `${prelude}
redis.call('SET', KEYS[1], whole(tonumber(ARGV[1]) + 1))
redis.call('DEL', unpack(KEYS, 2))
return {'erased-now'}`,
)

export function defineScript(operation: string, source: string): RedisScript {
  return { operation, source, digest: createHash('sha1').update(source, 'utf8').digest('hex') }
}
