import { readFileSync, writeFileSync } from 'node:fs'
import { erlangPoints, simulatedPoint, withErlangTable } from './erlang'

/** `npx tsx bench/erlang-table.ts` runs the points and writes the table of docs/erlang.md; a test compares it. */
const page = 'docs/erlang.md'
writeFileSync(page, withErlangTable(readFileSync(page, 'utf8'), erlangPoints.map(simulatedPoint)))
