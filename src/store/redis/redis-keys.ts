/** The keys of a desk in Redis. They share the hash tag `{d:<desk>}`, hence one slot of a cluster. */
export interface RedisKeys {
  readonly generation: string
  /** Written before waiting for replicas. */
  readonly fence: string
  /** The keys of the entries, the snapshot and the incarnation of one generation. */
  ofGeneration(generation: string): readonly [entries: string, snapshot: string, incarnation: string]
  /** The key of a node's heartbeat. */
  heartbeat(node: string): string
  /** Names of all desks that were ever opened, until they are erased. */
  readonly deskNames: string
  /** The channel on which an append is published, with the desk's name and the new version. */
  readonly channel: string
}

export function redisKeys(prefix: string, desk: string): RedisKeys {
  const base = `${prefix}:{d:${desk}}`
  return {
    generation: `${base}:generation`,
    fence: `${base}:fence`,
    ofGeneration(generation) {
      const of = `${base}:${generation}`
      return [`${of}:entries`, `${of}:snapshot`, `${of}:incarnation`]
    },
    heartbeat: (node) => `${base}:heartbeat:${node}`,
    deskNames: `${prefix}:desks`,
    channel: `${prefix}:appended`,
  }
}
