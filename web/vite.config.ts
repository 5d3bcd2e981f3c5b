import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstLoadLimit } from './scripts/first-load-limit.ts'
import { mantineStylesPlugin } from './scripts/mantine-styles.ts'

/** Sign-in, account and console: one app, served by the server at every page address. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [mantineStylesPlugin(), react(), firstLoadLimit()],
  build: { outDir: `${import.meta.dirname}/dist/app`, emptyOutDir: true, sourcemap: false, target: 'es2022' },
  // `npm run dev` says where the server is; what is not a page goes there.
  server: {
    proxy: {
      '^/(v1|api|docs|notices|\\.well-known|login/oauth|healthz|readyz|metrics)(/|$|\\?)':
        process.env.VERIDOOR_DEV_TARGET ?? 'http://localhost:8000',
    },
  },
})
