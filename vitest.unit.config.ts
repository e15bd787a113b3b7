import { defineConfig } from 'vitest/config'
import config from './vitest.config'

/**
 * The rules of the core, routing and portals: no process, socket, browser or server, and no random campaign. One
 * process for each core runs many files, so that each module is loaded once.
 */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/{core,routing,portal}/**/*.test.ts'],
    exclude: ['**/*.property.test.ts', 'test/routing/{engine,lint,shifts}/**', 'test/core/{collections,properties}/**'],
    isolate: false,
  },
})
