import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The capture page: its own small app, served by the verifier under /capture/. */
export default defineConfig({
  root: `${import.meta.dirname}/capture`,
  base: '/capture/',
  plugins: [react()],
  build: { outDir: `${import.meta.dirname}/dist/capture`, emptyOutDir: true, sourcemap: false, target: 'es2022' },
})
