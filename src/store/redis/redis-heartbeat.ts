import type { NodeLiveness, NodeRoll } from '../event-store'
import { defineScript, prelude } from './redis-scripts'

/**
 * Records a node's heartbeat and that it has the desk open, and reads those of other nodes.
 *
 * KEYS as above, then
 * KEYS[5] roll (hash)   `@`: since when and what incarnation; node: when seen, and the incarnation it is synced in, or
 *                       that it has left: the others may still remember it
 * KEYS[6] the node that needs a snapshot (string, with a time to live)
 * KEYS[7] the node's heartbeat (string, with a time to live)   KEYS[8…] the heartbeats of the others
 * ARGV[2] time to live in ms     ARGV[3] node        ARGV[4] incarnation it is synced in
 * ARGV[5] JSON list of the nodes that it remembers   ARGV[6] '1' when it needs a snapshot
 * ARGV[7] '1' when it leaves     ARGV[8] incarnation to write where there is none
 * ARGV[9] channel                ARGV[10] desk
 * Returns {alive, t, [1 or 0 for each of the others], incarnation, age in ms, [node, 1 or 0 for synced, …],
 * 1 or 0 for a needed snapshot: another node asks for one, or the first entries are neither there nor in the snapshot}
 */
export const heartbeatScript = defineScript(
  'send the heartbeat',
  `${prelude}
local _, _, t = head()
local time = redis.call('TIME')
local now = math.max(t, time[1] * 1000 + math.floor(time[2] / 1000))
local ttl = tonumber(ARGV[2])
if ARGV[7] ~= '1' then redis.call('SET', KEYS[7], '1', 'PX', ARGV[2]) end
local alive = {}
for i = 8, #KEYS do alive[i - 7] = redis.call('EXISTS', KEYS[i]) end
local incarnation = server_incarnation(ARGV[8])
local since, known = string.match(redis.call('HGET', KEYS[5], '@') or '', '^(%d+) (.*)$')
if known ~= incarnation then
  since = whole(now)
  redis.call('HSET', KEYS[5], '@', since .. ' ' .. incarnation)
end
local age = math.max(0, now - tonumber(since))
if age < ttl then
  for _, node in ipairs(cjson.decode(ARGV[5])) do redis.call('HSETNX', KEYS[5], node, whole(now) .. ' ') end
end
redis.call('HSET', KEYS[5], ARGV[3], whole(now) .. ' ' .. (ARGV[7] == '1' and 'left' or ARGV[4]))
local roll = {}
local fields = redis.call('HGETALL', KEYS[5])
for i = 1, #fields, 2 do
  if fields[i] ~= '@' and fields[i] ~= ARGV[3] then
    local seen, synced = string.match(fields[i + 1], '^(%d+) (.*)$')
    if now - tonumber(seen) > 15 * ttl then
      redis.call('HDEL', KEYS[5], fields[i])
    elseif synced ~= 'left' then
      roll[#roll + 1] = fields[i]
      roll[#roll + 1] = synced == incarnation and 1 or 0
    end
  end
end
local needed = redis.call('GET', KEYS[6])
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
local isBroken = first and versionOf(first) > (tonumber(redis.call('HGET', KEYS[3], 'v') or '') or 0) + 1
if ARGV[6] == '1' then
  redis.call('SET', KEYS[6], ARGV[3], 'PX', ARGV[2])
  if not needed then redis.call('PUBLISH', ARGV[9], ARGV[10]) end
end
local isNeeded = (isBroken or (needed and needed ~= ARGV[3])) and 1 or 0
return {'alive', whole(now), alive, incarnation, whole(age), roll, isNeeded}`,
)

/** Parses what the script of a heartbeat returns. */
export function parseLiveness(
  reply: readonly unknown[],
  others: readonly string[],
): NodeLiveness & { readonly roll: NodeRoll } {
  const [, t, alive, incarnation, ageMs, onRoll, isSnapshotNeeded] = reply
  const flags = Array.isArray(alive) ? alive.map(Number) : []
  const roll: unknown[] = Array.isArray(onRoll) ? onRoll : []
  const nodes = roll.flatMap((node, index) =>
    index % 2 === 0 ? [{ node: String(node), isSynced: Number(roll[index + 1]) === 1 }] : [],
  )
  return {
    t: Number(t),
    alive: others.filter((_, index) => flags[index] === 1),
    roll: { incarnation: String(incarnation), ageMs: Number(ageMs), nodes },
    isSnapshotNeeded: Number(isSnapshotNeeded) === 1,
  }
}
