import { defineConfig } from 'vitest/config'

/** Four shelves: rules beside the code, the import directions, the server over real PostgreSQL, and journeys in a browser. */
const nowhere = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,foundation,jumio,providers,engine,verifier,server,web,sdk,launch}/**/*.test.ts'],
          exclude: [...nowhere, 'server/test/**', 'verifier/test/**', 'launch/test/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'directions', include: ['e2e/house/**/*.test.ts'], exclude: nowhere, testTimeout: 120_000 } },
      {
        test: {
          name: 'server',
          include: ['{server,verifier,launch}/test/**/*.test.ts'],
          exclude: nowhere,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['e2e/journeys/**/*.test.ts'],
          exclude: nowhere,
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
