import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * One number for both projects, so that their files share the workers: projects that differ in it run one after the other
 * or, on some machines, not at all. More than four would be more connections than one PostgreSQL has.
 */
const WORKERS = Math.min(4, Math.max(2, availableParallelism()));

export default defineConfig({
  resolve: {
    // Tests run where the engine runs: on the server, where this guard is empty.
    alias: { 'server-only': path.resolve('node_modules/server-only/empty.js') },
  },
  test: {
    maxWorkers: WORKERS,
    setupFiles: 'lib/platform/testing/property-seed.ts',
    // Busy machines take their time; who waits in vain is told by the test's own limit or this one.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{lib,components,app,bin}/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          testTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          include: ['{lib,app}/**/*.db.test.ts'],
          globalSetup: 'lib/platform/testing/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
