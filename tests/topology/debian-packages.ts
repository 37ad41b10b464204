import { existsSync } from 'node:fs';
import { runCommand } from '#dev/run-command.ts';

/** Programs that the topology runs, and the packages of Debian 12 that contain them. */
export const programs = {
  etcd: '/usr/bin/etcd',
  haproxy: '/usr/sbin/haproxy',
  patroni: '/usr/bin/patroni',
  pgbouncer: '/usr/sbin/pgbouncer',
  postgres: '/usr/lib/postgresql/15/bin/postgres',
} as const;

const packages: Readonly<Record<keyof typeof programs, string>> = {
  etcd: 'etcd-server',
  haproxy: 'haproxy',
  patroni: 'patroni python3-etcd',
  pgbouncer: 'pgbouncer',
  postgres: 'postgresql-15',
};

/** @throws Error that names the packages to install */
export async function requirePackages(): Promise<void> {
  const isMissing = await Promise.all(
    Object.entries(programs).map(async ([name, path]) => {
      if (name !== 'patroni' || !existsSync(path)) return !existsSync(path);
      return !(await runCommand('/usr/bin/python3', ['-c', 'import etcd, psycopg2'])).succeeded;
    }),
  );
  const missing = Object.values(packages).filter((_, index) => isMissing[index]);
  if (missing.length === 0) return;
  throw new Error(
    `The topology needs packages of Debian 12 that are not installed: apt-get install ${missing.join(' ')}`,
  );
}
