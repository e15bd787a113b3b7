import { runScenario } from './scenario.mjs'

for (const line of await runScenario()) console.log(line)
