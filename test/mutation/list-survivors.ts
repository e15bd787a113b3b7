/**
 * `npm run list:mutation [-- layer [report …]]`, after `npm run check:mutation`: writes the score of a layer (default:
 * `core`) and every mutant that survived into docs/mutation.md, each with the reason from `equivalent-mutants.ts` or
 * `equivalent-desk-mutants.ts`. Fails when one has none, or a reason is for a line that is not there. Given several
 * reports, it takes each file from the last one that has it, so that files can be run again alone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { equivalentDeskMutants } from './equivalent-desk-mutants'
import { type EquivalentMutant, equivalentMutants } from './equivalent-mutants'
import { isMutatedLayer, mutatedLayers } from './mutated-layers'
import { type Mutant, mergeReports, readReport, reportOf } from './report'

const page = 'docs/mutation.md'
const [layer = 'core', ...given] = process.argv.slice(2)
if (!isMutatedLayer(layer)) throw new Error(`expected one of ${Object.keys(mutatedLayers).join(', ')}, got ${layer}`)
const equivalents: readonly EquivalentMutant[] = {
  core: equivalentMutants,
  desk: equivalentDeskMutants,
  cluster: [],
  store: [],
}[layer]
/** The files that reasons name stand here: the node runtime is a folder of the desk. */
const folder = `src/${layer === 'cluster' ? 'desk' : layer}/`
const [begin, end] = [`<!-- survivors of ${layer} -->`, `<!-- /survivors of ${layer} -->`]
const shownMax = 90

const { files } = mergeReports(...(given.length > 0 ? given : [reportOf(layer)]).map(readReport))
const used = new Set<EquivalentMutant>()
const changed: string[] = []
const counts = new Map<string, number>()
const rows: string[] = []
let open = 0

for (const [path, { source, mutants }] of Object.entries(files)) {
  const file = path.replace(folder, '')
  const lines = source.split('\n')
  if (source !== readFileSync(path, 'utf8')) changed.push(`\`${file}\``)
  const byRow = new Map<string, Set<string>>()
  for (const mutant of mutants) {
    const code = (lines[mutant.location.start.line - 1] ?? '').trim()
    const replacement = replacedCode(mutant, lines)
    const known = equivalents.find(
      (one) => one.file === file && code.includes(one.code) && matchesReplacement(one.replacement, replacement),
    )
    // On a busy machine a mutant seems to be noticed that only took long: one that is equivalent cannot be.
    const status = mutant.status === 'Timeout' && known !== undefined ? 'Survived' : mutant.status
    counts.set(status, (counts.get(status) ?? 0) + 1)
    if (status !== 'Survived' && status !== 'NoCoverage') continue
    const reason = known?.reason
    if (known === undefined) open += 1
    else used.add(known)
    const key = `\`${cell(code)}\` | ${reason ?? '**not known to be equivalent**'}`
    byRow.set(key, (byRow.get(key) ?? new Set()).add(`\`${cell(replacement)}\``))
  }
  for (const [key, replacements] of byRow) {
    const [code = '', reason = ''] = key.split(' | ')
    rows.push(`| ${file} | ${code} | ${[...replacements].join(', ')} | ${reason} |`)
  }
}

const of = (status: string) => counts.get(status) ?? 0
const detected = of('Killed') + of('Timeout')
const undetected = of('Survived') + of('NoCoverage')
const score = ((100 * detected) / (detected + undetected)).toFixed(1)
const summary =
  `**${score} %** of ${detected + undetected} mutants are killed: ${of('Killed')} by a test that fails, ${of('Timeout')} by one ` +
  `that does not end.\n${of('Survived')} survive, and no test reaches ${of('NoCoverage')} more; ` +
  (open === 0 ? 'each is listed below, with the reason why it is equivalent.' : `${open} of them without a reason.`) +
  (changed.length === 0 ? '' : `\nFiles that have changed since they were run: ${changed.join(', ')}.`)
const table = ['| file | code | mutant | why it is equivalent |', '|---|---|---|---|', ...rows].join('\n')
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  `${text.slice(0, text.indexOf(begin))}${begin}\n\n${summary}\n\n${table}\n\n${text.slice(text.indexOf(end))}`,
)
console.info(summary)
for (const { file, code } of equivalents.filter((one) => files[folder + one.file] && !used.has(one)))
  console.info(`No mutant survives any more on "${code}" of ${file}: its reason may go.`)
const stale = equivalents.filter(({ file, code }) => !linesOf(folder + file).some((line) => line.includes(code)))
for (const { file, code } of stale) console.error(`There is no line with "${code}" in ${file}.`)
process.exitCode = open + stale.length === 0 ? 0 : 1

/** Returns the lines of a file as it is, and as it was when it was run. */
function linesOf(path: string): string[] {
  const now = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return [now, files[path]?.source ?? ''].flatMap((text) => text.split('\n'))
}

function replacedCode({ replacement = '', location: { start, end: last } }: Mutant, lines: readonly string[]): string {
  const whole =
    start.line === last.line
      ? (lines[start.line - 1] ?? '').slice(start.column - 1, last.column - 1)
      : `${(lines[start.line - 1] ?? '').slice(start.column - 1)} …`
  return `${whole} → ${replacement.replace(/\s+/g, ' ')}`
}

function matchesReplacement(expected: string | undefined, replacement: string): boolean {
  return expected === undefined || replacement.includes(expected)
}

function cell(code: string): string {
  const short = code.length > shownMax ? `${code.slice(0, shownMax)}…` : code
  return short.replaceAll('|', '¦').replaceAll('`', "'")
}
