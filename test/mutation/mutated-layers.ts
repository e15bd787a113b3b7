/** The tests that notice mutants of a layer. */
export interface MutatedLayer {
  /** What Stryker mutates. */
  readonly files: readonly string[]
  /** Folders and files of tests. A mutant is killed by the first test that fails, so that the slowest come last. */
  readonly tests: readonly string[]
  /** Tests that are left out: slow by design, or not about the layer. */
  readonly without: RegExp
}

export const mutatedLayers = {
  // Of the desk's tests those that decide much and wait for nothing: a mutant that survives costs the time of all.
  core: {
    files: ['src/core/**/*.ts', '!src/core/index.ts'],
    tests: [
      ...['test/core', 'test/desk/desk.test.ts', 'test/desk/scenarios.test.ts', 'test/desk/views.test.ts'],
      ...['test/desk/left-alone.test.ts', 'test/desk/warnings.test.ts', 'test/desk/events/emitted.test.ts'],
      ...[
        'deadlines',
        'desk-aggregate',
        'rules-revision',
        'target-counts',
        'visitors-after-restart',
        'workflow-changes',
      ].map((name) => `test/desk/runtime/${name}.test.ts`),
      ...['test/core/properties', 'test/core/reference-model'],
    ],
    without: /$^/,
  },
  // What one desk does. Its tests on several nodes notice little more of these files, and take minutes.
  desk: {
    files: ['src/desk/**/*.ts', '!src/desk/index.ts', '!src/desk/cluster/**'],
    tests: ['test/desk', 'test/host', 'test/cluster/desk-pool.test.ts'],
    without: /\/(hostile-input|large-roster|long-lists|reference)\.test\.ts$|^test\/desk\/cluster\//,
  },
  cluster: {
    files: ['src/desk/cluster/**/*.ts'],
    tests: ['test/desk/cluster', 'test/cluster'],
    without: /\/(chaos|simulation-(negative-controls|second-half)|reference)\.test\.ts$/,
  },
  store: {
    files: ['src/store/**/*.ts'],
    tests: ['test/store', 'test/desk/cluster'],
    without: /\/reference\.test\.ts$/,
  },
} as const satisfies Record<string, MutatedLayer>

export function isMutatedLayer(name: string): name is keyof typeof mutatedLayers {
  return Object.hasOwn(mutatedLayers, name)
}
