import { defineConfig, mergeConfig } from 'vitest/config'
import config from './vitest.config'

/** What needs no process, socket, browser or server, and no random campaign: seconds instead of minutes. */
export default mergeConfig(
  config,
  defineConfig({
    test: {
      include: ['test/{core,desk,host,portal,routing,simulation,store}/**/*.test.ts'],
      exclude: ['**/*.property.test.ts', 'test/desk/{cluster,reference.test.ts}/**', 'test/store/{redis,postgres}/**'],
      isolate: false,
      pool: 'threads',
    },
  }),
)
