import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** SQL whose effect outlives its transaction: a pooler gives the connection to somebody else. */
const sessionState =
  /\b(listen|unlisten)\s+["\w]+["'`;]|\bpg_(try_)?advisory_(un)?lock|['"`;]\s*set\s+(session\b|role\b|\w+\s*=)|\bcreate\s+temp|\bdeallocate\b|\bdiscard\s+all\b|\bwith\s+hold\b|\bset_config\([^)]*false\)|['"`]\s*prepare\s+\w+/i;

/** The import, which refuses to run behind a pooler, and a setting of direct connections. */
const onDirectConnections = [
  'src/audit/import-events.ts',
  'src/cli/import.ts',
  'src/db/pooler.ts',
  'src/transfer/import-statements.ts',
];

it('keeps no state in sessions of PostgreSQL, except on direct connections', () => {
  const files = globSync(['src/**/*.ts', 'worker/**/*.ts'], { cwd: root });
  expect(files.length).toBeGreaterThan(300);
  const found = files.filter((file) => sessionState.test(readFileSync(join(root, file), 'utf8')));
  expect(found.sort()).toEqual(onDirectConnections);
});

it('names prepared statements in one place, on direct connections only', () => {
  const files = globSync(['src/**/*.ts', 'worker/**/*.ts'], { cwd: root });
  const naming = files.filter((file) =>
    /new RoundTrip\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(naming).toEqual(['src/db/run-prepared.ts']);
  expect(readFileSync(join(root, 'src/db/run-prepared.ts'), 'utf8')).toMatch(
    /if \(isDirect\(client\)\)\s+return client\.query\(new RoundTrip\(/,
  );
});
