// Imports and requires the entry points named on the command line, and reports whether both give the same values.
import { createRequire } from 'node:module'

const required = createRequire(import.meta.url)
const classes = new Map()

for (const entryPoint of process.argv.slice(2)) {
  const imported = await import(entryPoint)
  for (const [name, value] of Object.entries(imported)) {
    if (value !== required(entryPoint)[name]) console.log(`${entryPoint}: ${name} differs when required`)
    if (!String(value).startsWith('class')) continue
    if (classes.has(name) && classes.get(name) !== value)
      console.log(`${entryPoint}: ${name} differs from another entry point`)
    classes.set(name, value)
  }
  console.log(`${entryPoint}: ${Object.keys(imported).length > 0 ? 'open' : 'empty'}`)
}
