import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { sentences } from '../contract/src/sentences.ts'
import { bundleLimit } from './capture/bundle-limit.ts'

/** Staff sentences and the groups that this page never says stay out of what is sent to people. */
const sentencesForPeople = (): Plugin => ({
  name: 'sentences-for-people',
  load(id) {
    if (!id.endsWith('/contract/src/sentences.ts')) return null
    const told = Object.entries(sentences).filter(([, { group }]) => group === 'retake' || group === 'technical')
    const forPeople = Object.fromEntries(told.map(([code, { group, title, body }]) => [code, { group, title, body }]))
    return `export const sentences = ${JSON.stringify(forPeople)}`
  },
})

/** The capture page: its own small app, served by the verifier under /capture/. */
export default defineConfig({
  root: `${import.meta.dirname}/capture`,
  base: '/capture/',
  plugins: [sentencesForPeople(), react(), bundleLimit()],
  // `npm run dev` says where the verifier is; what is not the page goes there.
  server: {
    proxy: {
      '^/(?!capture/)|^/capture/(api/|face-finder)': process.env.VERIDOOR_DEV_TARGET ?? 'http://localhost:8001',
    },
  },
  build: { outDir: `${import.meta.dirname}/dist/capture`, emptyOutDir: true, sourcemap: false, target: 'es2022' },
})
