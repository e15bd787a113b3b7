// Loads the doors named on the command line, imported and required, and says of each whether it is one and the same.
import { createRequire } from 'node:module'

const required = createRequire(import.meta.url)
const classes = new Map()

for (const door of process.argv.slice(2)) {
  const imported = await import(door)
  for (const [name, value] of Object.entries(imported)) {
    if (value !== required(door)[name]) console.log(`${door}: ${name} is another one when required`)
    if (!String(value).startsWith('class')) continue
    if (classes.has(name) && classes.get(name) !== value) console.log(`${door}: ${name} is another one than elsewhere`)
    classes.set(name, value)
  }
  console.log(`${door}: ${Object.keys(imported).length > 0 ? 'open' : 'empty'}`)
}
