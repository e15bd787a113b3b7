import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { startBackend } from './backend-under-test'
import { type ChaosResult, runChaos } from './chaos-run'
import { faultsFor } from './inject-fault'
import type { BackendKind } from './node-protocol'
import { NodeUnderTest } from './node-under-test'
import { TcpProxy } from './tcp-proxy'

export interface ChaosCampaignOptions {
  readonly kind: BackendKind
  /** Fault runs, one fault after the other in turn. */
  readonly runs: number
  readonly seed: number
  readonly requests: number
  /** One fault alone, by its name. */
  readonly only?: string | undefined
}

/** Three processes on one engine, and one fault run after the other. Prints a line for each. */
export async function runChaosCampaign({
  kind,
  runs,
  seed,
  requests,
  only,
}: ChaosCampaignOptions): Promise<ChaosResult[]> {
  const script = await bundleNodeProcess()
  const engine = await startBackend(kind)
  const cables = await Promise.all([0, 1, 2].map(() => TcpProxy.connect(engine.port)))
  const nodes = cables.map((cable) => new NodeUnderTest(engine, cable, script))
  const results: ChaosResult[] = []
  const faults = only === undefined ? faultsFor(kind) : faultsFor(kind).filter((fault) => fault === only)
  try {
    await Promise.all(nodes.map((node) => node.start()))
    for (let run = 0; run < runs; run += 1) {
      const fault = faults[run % faults.length] ?? 'kill-node'
      const result = await runChaos({ engine, nodes, fault, seed: seed + run, requests })
      console.log(result.summary)
      results.push(result)
    }
  } finally {
    for (const node of nodes) await node.close()
    await engine.close()
    rmSync(script, { force: true })
  }
  return results
}

/** The node's process as one file, so that starting it again takes no compiler. */
async function bundleNodeProcess(): Promise<string> {
  const folder = fileURLToPath(new URL('../../../.frontbell', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const outfile = `${folder}/chaos-node-${process.pid}.mjs`
  const entry = fileURLToPath(new URL('./node-process.ts', import.meta.url))
  const shape = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' } as const
  await build({ entryPoints: [entry], outfile, ...shape })
  return outfile
}
