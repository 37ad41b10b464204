import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import type { Lab } from '../setup/lab.ts';
import { canPin } from './cores.ts';

/** Packages whose version matters, and where to find them. */
const packages = {
  '../../': ['graphql-yoga', 'hono'],
  '../peers/': ['better-auth', '@node-rs/argon2', 'argon2'],
};

/** Describes hardware and versions in one sentence each. */
export async function describeMachine({ sql, stores }: Lab): Promise<string> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const [shown] = await sql<{ server_version: string }>('show server_version');
  const [postgres] = shown?.server_version.split(' ') ?? [];
  const versions = Object.entries(packages).flatMap(([folder, names]) => {
    const require = createRequire(new URL(`${folder}package.json`, import.meta.url));
    return names.map((name) => `${name} ${versionOf(require, name)}`);
  });
  const place = canPin
    ? 'server on one core, everything else on the others'
    : 'nothing bound to a core, because there is no taskset';
  return (
    `${cpus().length} × ${cpu?.model ?? 'CPU'}, ${memory} GiB; ${place}. ` +
    `Node ${process.versions.node}, PostgreSQL ${postgres} (fsync), ` +
    `Redis ${stores.redisVersion} (AOF), ${versions.join(', ')}; commit ${commit()}.`
  );
}

/** Reads the manifest itself, because most packages do not export it. */
function versionOf(require: NodeJS.Require, name: string): string {
  const folder = require.resolve.paths(name)?.map((path) => `${path}/${name}/package.json`) ?? [];
  for (const path of folder) {
    try {
      return require(path).version;
    } catch {
      // The next folder may have it.
    }
  }
  return 'missing';
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
