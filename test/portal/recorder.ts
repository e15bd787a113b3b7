import type { BellPlayer, Pulse } from '../../src/portal'

/** A player that keeps a record instead of making sounds. */
export function recorder(isBlocked = false) {
  const heard: Pulse[] = []
  const player = {
    heard,
    isBlocked,
    mayUnlock: !isBlocked,
    play: (pulse: Pulse) => heard.push(pulse),
    unlock: async () => {
      player.isBlocked = !player.mayUnlock
      return player.mayUnlock
    },
  }
  return player satisfies BellPlayer
}
