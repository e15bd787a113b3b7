/** The tests that notice mutants of a layer. */
export interface MutatedLayer {
  /** Folders and files of tests. A mutant is killed by the first test that fails, so that the slowest come last. */
  readonly tests: readonly string[]
  /** Tests that are left out: slow by design, or not about the layer. */
  readonly without: RegExp
}

export const mutatedLayers = {
  core: {
    tests: ['test/core', 'test/desk', 'test/core/properties', 'test/core/reference-model'],
    without: /\/(cluster\/.*|asynchronous-store|restore-from-store|hostile-input)\.test\.ts$/,
  },
  desk: {
    tests: ['test/desk', 'test/host', 'test/cluster/desk-pool.test.ts', 'test/desk/cluster', 'test/cluster'],
    without: /\/(hostile-input|chaos|simulation-negative-controls|simulation-second-half|reference)\.test\.ts$/,
  },
} as const satisfies Record<string, MutatedLayer>

export function isMutatedLayer(name: string): name is keyof typeof mutatedLayers {
  return Object.hasOwn(mutatedLayers, name)
}
