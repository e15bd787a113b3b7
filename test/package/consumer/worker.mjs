import { runScenario } from './scenario.mjs'

export default {
  async fetch() {
    return new Response((await runScenario()).join('\n'))
  },
}
