/** Where a desk lives in Redis. All keys of a desk share the hash tag `{d:<desk>}`, hence one slot of a cluster. */
export interface RedisKeys {
  readonly generation: string
  /** Written before waiting for replicas. */
  readonly fence: string
  /** The log, the snapshot and the life of one generation. */
  ofGeneration(generation: string): readonly [store: string, snapshot: string, life: string]
  /** A node's sign of life. */
  heartbeat(node: string): string
  /** Names of all desks that were ever opened, until they are erased. */
  readonly deskNames: string
  /** The channel over which a desk's name says that there is something to read. */
  readonly channel: string
}

export function redisKeys(prefix: string, desk: string): RedisKeys {
  const tagged = `${prefix}:{d:${desk}}`
  return {
    generation: `${tagged}:generation`,
    fence: `${tagged}:fence`,
    ofGeneration(generation) {
      const of = `${tagged}:${generation}`
      return [`${of}:log`, `${of}:snapshot`, `${of}:life`]
    },
    heartbeat: (node) => `${tagged}:node:${node}`,
    deskNames: `${prefix}:desks`,
    channel: `${prefix}:bell`,
  }
}
