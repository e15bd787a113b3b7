import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type BackendUnderTest, startBackend } from './backend-under-test'
import { type ChaosResult, runChaos } from './chaos-run'
import { failoverFaults, faultsFor } from './inject-fault'
import type { BackendKind } from './node-protocol'
import { NodeUnderTest } from './node-under-test'
import { TcpProxy } from './tcp-proxy'
import { type VisitorFault, type VisitorsResult, VisitorsRun } from './visitors-run'

export interface ChaosCampaignOptions {
  readonly kind: BackendKind
  /** Fault runs, one fault after the other in turn. */
  readonly runs: number
  readonly seed: number
  readonly requests: number
  /** Only this fault. */
  readonly only?: string | undefined
  /** A replica or standby takes over, which lacks the newest entries. */
  readonly isFailover?: boolean
}

/** Runs three processes on one backend through one fault after the other. Prints a line for each run. */
export async function runChaosCampaign({
  kind,
  runs,
  seed,
  requests,
  only,
  isFailover = false,
}: ChaosCampaignOptions): Promise<ChaosResult[]> {
  const results: ChaosResult[] = []
  const all = isFailover ? failoverFaults : faultsFor(kind)
  const faults = only === undefined ? all : all.filter((fault) => fault === only)
  await withNodes(kind, async (backend, nodes) => {
    for (let run = 0; run < runs; run += 1) {
      const fault = faults[run % faults.length] ?? 'kill-node'
      const result = await runChaos({ backend, nodes, fault, seed: seed + run, requests })
      console.log(result.summary)
      results.push(result)
    }
  })
  return results
}

/** Runs three processes, to which visitors' pages are connected, through these faults. Prints a line for each. */
export async function runVisitorsCampaign(
  kind: BackendKind,
  faults: readonly VisitorFault[],
  seed: number,
): Promise<VisitorsResult[]> {
  const results: VisitorsResult[] = []
  await withNodes(kind, async (backend, nodes) => {
    for (const [run, fault] of faults.entries()) {
      const result = await new VisitorsRun({ backend, nodes, fault, seed: seed + run }).run()
      console.log(result.summary)
      results.push(result)
    }
  })
  return results
}

async function withNodes(
  kind: BackendKind,
  act: (backend: BackendUnderTest, nodes: readonly NodeUnderTest[]) => Promise<void>,
): Promise<void> {
  const script = await bundleNodeProcess()
  const backend = await startBackend(kind)
  const proxies = await Promise.all([0, 1, 2].map(() => TcpProxy.connect(backend.port)))
  const nodes = proxies.map((proxy) => new NodeUnderTest(backend, proxy, script))
  try {
    await Promise.all(nodes.map((node) => node.start()))
    await act(backend, nodes)
  } finally {
    for (const node of nodes) await node.close()
    await backend.close()
    rmSync(script, { force: true })
  }
}

/** Bundles the node's process into one file, so that a restart needs no compiler. */
async function bundleNodeProcess(): Promise<string> {
  const folder = fileURLToPath(new URL('../../../.frontbell', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const outfile = `${folder}/chaos-node-${process.pid}.mjs`
  const entry = fileURLToPath(new URL('./node-process.ts', import.meta.url))
  const shape = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' } as const
  await build({ entryPoints: [entry], outfile, ...shape })
  return outfile
}
