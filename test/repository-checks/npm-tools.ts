import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { root } from './source-file'

const run = promisify(execFile)

/** With `FRONTBELL_REQUIRE=consumer` a registry that cannot be reached is a failure instead of a skipped test. */
export const isConsumerRequired = (process.env.FRONTBELL_REQUIRE ?? '').split(',').includes('consumer')

/**
 * The folder in whose `node_modules` these packages are, such as `typescript@5.4`, from the registry the first time and
 * kept under `.frontbell/tools` afterwards; `undefined` where they cannot be had. They are no devDependencies, because
 * a lockfile of them would hold the binaries of one platform.
 */
export async function installTools(...packages: readonly string[]): Promise<string | undefined> {
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12)
  const folder = `${root}.frontbell/tools/${name}`
  if (existsSync(folder)) return folder
  const making = `${folder}.${process.pid}`
  mkdirSync(making, { recursive: true })
  writeFileSync(`${making}/package.json`, JSON.stringify({ private: true, description: packages.join(' ') }))
  const options = ['--ignore-scripts', '--silent', '--prefer-offline', '--no-audit', '--no-fund', '--no-save']
  try {
    await run('npm', ['install', ...options, ...packages], { cwd: making })
    if (!existsSync(folder)) renameSync(making, folder)
    return folder
  } catch (cause) {
    if (isConsumerRequired) throw new Error(`npm could not install ${packages.join(' ')}`, { cause })
    console.warn(`skipped: npm could not install ${packages.join(' ')}; is the registry within reach?`)
    return undefined
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}
