/** What the program says to the shell; `docs/guides/command-line.md` has the same table. */
export const exitCodes = {
  /** Done, nothing wrong. Warnings and lint do not count, unless `--strict`. */
  fine: 0,
  /** Problems were found in what was read. */
  problems: 1,
  /** The command line was wrong: an unknown command or option, or something missing. */
  usage: 2,
  /** A file could not be read or written. */
  unreadable: 3,
  /** A fault of frontbell's own. */
  broken: 70,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
