import { defineConfig } from 'vite'
import { playgroundConfig } from './vite-config'

export default defineConfig({ resolve: playgroundConfig.resolve, base: './' })
