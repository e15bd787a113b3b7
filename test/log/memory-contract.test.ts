import { describe, it } from 'vitest'
import { memoryLog } from '../../src/log'
import { logContract } from '../../src/testing/log-contract'

logContract(
  'the memory log',
  async ({ keepEntries }) => {
    const log = memoryLog({ now: Date.now, keepEntries })
    return {
      log,
      another: async () => log,
      elsewhere: async () => memoryLog({ now: Date.now, keepEntries }),
      end: () => log.close(),
    }
  },
  { describe, it },
)
