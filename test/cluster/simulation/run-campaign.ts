import { parseArgs } from 'node:util'
import { stepsPerRun } from './campaign'
import { simulate } from './simulate'

/** `npm run test:nodes -- --runs 100000 --seed 7`: a campaign as long as you like, which goes on after a failure. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})

const [first, runs] = [Number(values.seed) * 1_000, Number(values.runs)]
const broken: number[] = []
let done = 0
console.error = () => {}
for (let seed = first; seed < first + runs; seed += 1) {
  try {
    done += (await simulate({ seed, steps: stepsPerRun })).steps
  } catch (error) {
    broken.push(seed)
    console.log(String(error).slice(0, 400))
  }
}
console.log(`${runs} histories, ${done} steps, ${broken.length} broken: --seed ${values.seed} (${broken.slice(0, 20)})`)
process.exit(broken.length === 0 ? 0 : 1)
