import type { BellPlayer, Sound } from '../../src/portal'

/** Returns a player that records sounds instead of playing them. */
export function recordingPlayer(isBlocked = false) {
  const played: Sound[] = []
  const player = {
    played,
    isBlocked,
    mayUnlock: !isBlocked,
    play: (sound: Sound) => played.push(sound),
    unlock: async () => {
      player.isBlocked = !player.mayUnlock
      return player.mayUnlock
    },
  }
  return player satisfies BellPlayer
}
