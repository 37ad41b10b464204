import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Without these conditions Vite loads a second copy of graphql ("Duplicate graphql modules").
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    // A separate package: `npm run clients` runs it.
    exclude: ['tests/clients/**'],
    globalSetup: 'tests/support/stores.ts',
    pool: 'forks',
    isolate: false,
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
