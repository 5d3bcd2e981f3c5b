import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Sign-in, account and console: one app, served by the server at every page address. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: `${import.meta.dirname}/dist/app`, emptyOutDir: true, sourcemap: false, target: 'es2022' },
  server: { proxy: { '/v1': 'http://localhost:8000' } },
})
