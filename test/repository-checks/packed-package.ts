import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './source-file'

const run = promisify(execFile)

/** The package as npm would publish it, and a folder in which somebody has installed it. */
export interface PackedPackage {
  /** A copy of the sources, built. */
  readonly built: string
  readonly tarball: string
  /** Holds `node_modules/frontbell` from the tarball, with its dependencies from the registry or npm's cache. */
  readonly project: string
  remove(): Promise<void>
}

/**
 * Builds and packs a copy of the sources, so that a build in the working tree is left alone, and installs the tarball.
 */
export async function packedPackage(): Promise<PackedPackage> {
  const workshop = mkdtempSync(join(tmpdir(), 'frontbell-package-'))
  const built = join(workshop, 'built')
  const project = join(workshop, 'project')
  const parts = [
    'src',
    'package.json',
    'tsconfig.json',
    'tsup.config.ts',
    'LICENSE',
    'schemas',
    'asyncapi.yaml',
    'docs',
    'examples',
    'skills',
    ...['README.md', 'CHANGELOG.md', 'CODE_OF_CONDUCT.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ]
  for (const part of parts) cpSync(root + part, join(built, part), { recursive: true })
  symlinkSync(`${root}node_modules`, join(built, 'node_modules'))
  await run('node', ['node_modules/tsup/dist/cli-default.js', '--silent'], { cwd: built })
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts'], { cwd: built })
  const tarball = join(built, stdout.trim())
  cpSync(`${root}test/package/consumer`, project, { recursive: true })
  await run('npm', ['install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: project })
  return { built, tarball, project, remove: () => rm(workshop, { recursive: true, force: true }) }
}

/** What a program says, run in `folder`. Rejects with what it said when it fails. */
export async function outputOf(folder: string, program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args, { cwd: folder }).catch(
    (failure: { stdout?: string; stderr?: string }) => {
      throw new Error(`${program} ${args.join(' ')}\n${failure.stdout ?? ''}${failure.stderr ?? ''}`)
    },
  )
  return stdout
}
