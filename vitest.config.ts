import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** The entry points by their public names, straight from the source; tsconfig.json says the same to the compiler. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^frontbell\/(redis|postgres)$/, replacement: source('store/$1/index.ts') },
      { find: /^frontbell\/(.+)$/, replacement: source('$1/index.ts') },
      { find: /^frontbell$/, replacement: source('index.ts') },
    ],
  },
  // By default vitest leaves one core idle: on two cores everything would run one after another.
  test: { include: ['test/**/*.test.ts'], testTimeout: 10_000, hookTimeout: 10_000, maxWorkers: '100%' },
})
