import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { retakeSentences } from '../contract/src/sentences/retake.ts'
import { technicalSentences } from '../contract/src/sentences/technical.ts'
import { bundleLimit } from './capture/bundle-limit.ts'

const told = { retake: retakeSentences, technical: technicalSentences }

/** Staff sentences and actions stay out of what is sent to people. */
const sentencesForPeople = (): Plugin => ({
  name: 'sentences-for-people',
  load(id) {
    const group = /\/contract\/src\/sentences\/(retake|technical)\.ts$/.exec(id)?.[1] as keyof typeof told | undefined
    if (!group) return null
    const forPeople = Object.fromEntries(
      Object.entries(told[group]).map(([code, { title, body }]) => [code, { title, body }]),
    )
    return `export const ${group}Sentences = ${JSON.stringify(forPeople)}`
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
