import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', 'json'],
    // Each slow suite names another, so that no run overwrites the report of `npm test`.
    outputFile: { json: '.test-report.json' },
  },
});
