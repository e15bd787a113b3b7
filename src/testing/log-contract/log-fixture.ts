import type { EventLog } from '../../log'

/** An empty log to try, with a clock that refuses what is early. */
export interface LogFixture {
  readonly log: EventLog
  /** Another handle on the same history, as another node has it; the same object where a log lives in one process. */
  another(): Promise<EventLog>
  /** An empty log of the same kind with a history of its own, as another desk has it. */
  elsewhere(): Promise<EventLog>
  /** Ends what was started for it. */
  end(): Promise<void>
}

export type MakeLog = (options: { readonly keepEntries: number }) => Promise<LogFixture>
