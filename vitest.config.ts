import { defineConfig } from 'vitest/config'

/**
 * Test projects, each of which runs alone:
 * - `quick`: rules beside the code; no network, database, browser or model. Under 20 s on two cores: `npm run quick`.
 * - `engine`: the document and face engine with its models.
 * - `house`: the structure of the tree, dependency rules, words.
 * - `server`, `verifier`: each process over a real PostgreSQL.
 * - `journeys`: both processes in a real browser.
 */
const ignored = ['**/node_modules/**', '**/dist/**']
const overDatabase = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 15_000 } },
  fileParallelism: false,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: ['{contract,foundation,jumio,providers,verifier,server,web,sdk,launch}/**/*.test.ts'],
          exclude: [...ignored, 'server/test/**', 'verifier/test/**', 'launch/test/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['engine/**/*.test.ts'],
          exclude: ignored,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'house', include: ['e2e/house/**/*.test.ts'], exclude: ignored, testTimeout: 120_000 } },
      { test: { name: 'server', include: ['{server,launch}/test/**/*.test.ts'], exclude: ignored, ...overDatabase } },
      { test: { name: 'verifier', include: ['verifier/test/**/*.test.ts'], exclude: ignored, ...overDatabase } },
      {
        test: {
          name: 'journeys',
          include: ['e2e/{journeys,interop}/**/*.test.ts'],
          exclude: ignored,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 15_000 } },
          // Each has an installation of its own, and people move in real time: while one waits another works.
          maxWorkers: 2,
        },
      },
    ],
  },
})
