import type { CommandNotice } from './command-notice'
import type { Desk } from './desk'

export interface RecentCommands {
  /** The last commands, oldest first. */
  list(): readonly CommandNotice[]
  close(): void
}

/** Keeps what became of the last commands of a desk, for a page or a console that looks for trouble. */
export function recentCommands(desk: Pick<Desk, 'on'>, commandsMax = 100): RecentCommands {
  const kept: CommandNotice[] = []
  const close = desk.on('command', (notice) => {
    kept.push(notice)
    if (kept.length > commandsMax) kept.shift()
  })
  return { list: () => [...kept], close }
}
