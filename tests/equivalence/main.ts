import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

/** `npm run equivalence -- SCRIPTS [--seed=N] [--path=P]`: compares so many scripts, by hand. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, path: { type: 'string' } },
});
const { seed, path } = values;

await startVitest('test', ['tests/equivalence.test.ts'], {
  watch: false,
  project: 'tests',
  reporters: ['verbose'],
  provide: {
    equivalence: {
      scripts: Number(positionals[0] ?? 1000),
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    },
  },
});
