import { defineConfig } from 'vitest/config';

/** A part of the tests that has its own script in package.json. */
const suite = (name: string, include: string, exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include: [include], exclude },
});

export default defineConfig({
  // Without these conditions Vite loads a second copy of graphql ("Duplicate graphql modules").
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    projects: [
      // The client libraries are a package of their own, with their own configuration.
      suite('tests', 'tests/**/*.test.ts', [
        'tests/{browser,clients,dev,engines,examples,packaging,timing}/**',
      ]),
      suite('dev', 'tests/dev/*.test.ts'),
      suite('browser', 'tests/browser/*.test.ts'),
      suite('examples', 'tests/examples/*.test.ts'),
      suite('packaging', 'tests/packaging/*.test.ts'),
      suite('engines', 'tests/engines/*.test.ts'),
      suite('timing', 'tests/timing/*.test.ts'),
    ],
    globalSetup: 'tests/support/stores.ts',
    pool: 'forks',
    isolate: false,
    // Twice the cores of the CI machine: the tests wait more than they compute.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
