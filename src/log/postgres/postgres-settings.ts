import { DeskError } from '../../core'
import { firstRow } from './postgres-client'
import { ask, type PostgresEngine } from './postgres-engine'

/**
 * What the host counts on Postgres for: `process` asks only for a server that takes writes, `disk` also for one that
 * flushes before it answers, so that a commit survives the loss of power.
 */
export type PostgresDurability = 'process' | 'disk'

const asked = `select current_setting('server_version_num') as version, pg_is_in_recovery() as standby,
  current_setting('synchronous_commit') as commits, current_setting('fsync') as fsync`

/** @throws DeskError `log-failed`, naming the setting to change, when this server cannot keep what is asked. */
export async function checkPostgresSettings(engine: PostgresEngine, durability: PostgresDurability): Promise<void> {
  const about = firstRow(await ask(engine, { doing: 'check the server', text: asked }, []))
  const problem = problemWith(about, durability)
  if (problem !== null) throw new DeskError('log-failed', problem)
}

function problemWith(about: Readonly<Record<string, unknown>>, durability: PostgresDurability): string | null {
  if (!(Number(about.version) >= 120_000))
    return `Postgres is version ${about.version}, expected 12 or newer: update it.`
  if (about.standby === true) return 'Postgres is a standby, which takes no writes: connect to the primary server.'
  if (durability === 'process') return null
  const or = "or say durability: 'process' to do without"
  if (about.fsync !== 'on')
    return `Postgres has fsync = ${about.fsync}, expected on for durability "disk": set it, ${or}.`
  if (about.commits !== 'off') return null
  return `Postgres has synchronous_commit = off, expected another value for durability "disk": set it to on, ${or}.`
}
