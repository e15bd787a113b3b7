// Runs the bundle named on the command line in workerd, and prints what it answers.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [bundle, tools] = process.argv.slice(2)
const { Miniflare } = createRequire(`${tools}/`)('miniflare')
const script = readFileSync(bundle, 'utf8')
const worker = new Miniflare({ modules: true, script, compatibilityDate: '2025-01-01' })
console.log(await (await worker.dispatchFetch('http://localhost/')).text())
await worker.dispose()
