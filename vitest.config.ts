import { defineConfig } from 'vitest/config'

/**
 * Product tests run on what the build made (`server/dist`), because worker threads and the command are
 * started from there; whole-process tests run from `e2e/` against the built command; `checks/` holds
 * the rules of the house itself: that each guard fires and that the documents say what is so.
 */
export default defineConfig(({ mode }) => ({
  test: {
    projects: [
      {
        test: {
          name: 'server',
          include: ['server/dist/**/*.test.js'],
          // `--mode fast`, for npm run check: without the tests that open real files and threads.
          exclude: mode === 'fast' ? ['**/*.int.test.js'] : [],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'checks',
          include: ['checks/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          setupFiles: ['e2e/check-answers.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
}))
