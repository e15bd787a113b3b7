import type { BellPlayer, Sound } from '../../src/portal'

/** A player that keeps a record instead of making sounds. */
export function recordingPlayer(isBlocked = false) {
  const heard: Sound[] = []
  const player = {
    heard,
    isBlocked,
    mayUnlock: !isBlocked,
    play: (pulse: Sound) => heard.push(pulse),
    unlock: async () => {
      player.isBlocked = !player.mayUnlock
      return player.mayUnlock
    },
  }
  return player satisfies BellPlayer
}
