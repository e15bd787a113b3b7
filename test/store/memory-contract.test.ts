import { describe, it } from 'vitest'
import { memoryStore } from '../../src/store'
import { storeContract } from '../../src/testing/contract/store-contract'

storeContract(
  'the memory store',
  async ({ keepEntries }) => {
    const store = memoryStore({ now: Date.now, keepEntries })
    return {
      store,
      openAnotherNode: async () => store,
      openAnotherDesk: async () => memoryStore({ now: Date.now, keepEntries }),
      close: () => store.close(),
    }
  },
  { describe, it },
)
