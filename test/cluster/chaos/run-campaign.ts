import { parseArgs } from 'node:util'
import { runChaosCampaign, runVisitorsCampaign } from './chaos-campaign'
import type { BackendKind } from './node-protocol'
import { visitorFaults } from './visitors-run'

/** `npm run test:chaos -- --backend redis --runs 60 --seed 7`: a campaign as long as you like. */
const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'redis,postgres' },
    runs: { type: 'string', default: '24' },
    requests: { type: 'string', default: '200' },
    fault: { type: 'string' },
    /** Promotions of a replica or standby that lacks the newest entries. */
    failover: { type: 'boolean', default: false },
    /** Pages of visitors instead of racing accepts. */
    visitors: { type: 'boolean', default: false },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})

let violations = 0
for (const kind of values.backend.split(',')) {
  const campaign = { runs: Number(values.runs), requests: Number(values.requests), seed: Number(values.seed) }
  const faults = visitorFaults.filter((fault) => values.fault === undefined || values.fault === fault)
  const results = values.visitors
    ? await runVisitorsCampaign(kind as BackendKind, faults, campaign.seed)
    : await runChaosCampaign({
        kind: kind as BackendKind,
        ...campaign,
        only: values.fault,
        isFailover: values.failover,
      })
  for (const { violations: found } of results) {
    violations += found.length
    for (const each of found) console.error(each)
  }
}
console.log(`${violations} violations, --seed ${values.seed}`)
process.exit(violations === 0 ? 0 : 1)
