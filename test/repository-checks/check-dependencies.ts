import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Lockfile } from './lockfile'
import { root } from './source-file'

/** `not checked`: the registry does not answer; nothing is known, and nothing fails. */
export interface CheckResult {
  readonly status: 'passed' | 'failed' | 'not checked'
  readonly details: readonly string[]
}

/** Licences that a program under any licence may use. */
const allowedLicences = /^(MIT|ISC|Apache-2\.0|0BSD|BlueOak-1\.0\.0|BSD-[23]-\w+)$/

/** Checks the licences of the packages that a host installs with this one. */
export function checkLicences({ packages }: Lockfile): CheckResult {
  const installed = Object.entries(packages).filter(([path, { dev, peer }]) => path !== '' && !dev && !peer)
  const unknown = installed.filter(([, { license }]) => license === undefined)
  const refused = installed.filter(([, { license }]) => license !== undefined && !allowedLicences.test(license))
  if (refused.length > 0)
    return { status: 'failed', details: refused.map(([path, { license }]) => `${path}: ${license}`) }
  if (unknown.length > 0)
    return { status: 'not checked', details: unknown.map(([path]) => `${path}: no licence known`) }
  return { status: 'passed', details: [`${installed.length} packages`] }
}

/** Reads what `npm audit --json` printed: a report, or why there is none. */
export function readAudit(output: string): CheckResult {
  const report = parseObject(output)
  const { metadata, message } = report as { metadata?: { vulnerabilities?: Record<string, number> }; message?: string }
  const counts = metadata?.vulnerabilities
  if (counts === undefined) return { status: 'not checked', details: [message ?? 'the registry gave no report'] }
  const found = Object.entries(counts).filter(([level, count]) => level !== 'total' && level !== 'info' && count > 0)
  return { status: found.length > 0 ? 'failed' : 'passed', details: found.map(([level, count]) => `${count} ${level}`) }
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function runAudit(): Promise<string> {
  const options = { cwd: root, timeout: 60_000, maxBuffer: 64 * 1_024 * 1_024 }
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--omit=dev', '--json'], options, (_, stdout) => resolve(stdout))
  })
}

/** `npm run check:dependencies`: fails on a known weakness of a dependency, and on a licence that binds hosts. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lockfile: Lockfile = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
  const results = { licences: checkLicences(lockfile), 'npm audit': readAudit(await runAudit()) }
  for (const [name, { status, details }] of Object.entries(results))
    console.info([`${name}: ${status}`, ...details].join('\n  '))
  if (Object.values(results).some(({ status }) => status === 'failed')) process.exitCode = 1
}
