import type { CommandReport, Desk } from 'frontbell'

export interface RecentCommands {
  /** Returns the last reports, oldest first. */
  list(): readonly CommandReport[]
  close(): void
}

/** Keeps the reports of a desk's last commands, for a debug page or a console. */
export function recentCommands(desk: Pick<Desk, 'on'>, commandsMax = 100): RecentCommands {
  const reports: CommandReport[] = []
  const close = desk.on('command', (report) => {
    reports.push(report)
    if (reports.length > commandsMax) reports.shift()
  })
  return { list: () => [...reports], close }
}
