import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import { type OwnStore, ownStore } from './own-stores.ts';

const password = 'of-the-tests';

export interface PostgresNode extends OwnStore {
  /** Runs a statement over a connection of its own, also on a replica. */
  run<Row extends object>(sql: string): Promise<Row[]>;
  /** Stops it as an operator does, after it has sent everything to the replica. */
  stop(): Promise<void>;
  /** Makes it follow the other node from its next start on. */
  demote(): void;
}

export interface Replication {
  /** For `DATABASE_URL`: both nodes. */
  readonly url: string;
  /** The primary at the start, and its streaming replica. */
  readonly nodes: readonly [PostgresNode, PostgresNode];
  close(): Promise<void>;
}

/** Starts a migrated PostgreSQL and a streaming replica. */
export async function startReplication(): Promise<Replication> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-replication-'));
  const places = [join(directory, 'a'), join(directory, 'b')] as const;
  const ports = [await freePort(), await freePort()] as const;
  const start = (place: string, port: number) =>
    startPostgres({ directory: place, password, durable: true, port });
  const made = await start(places[0], ports[0]);
  const orm = await openMigrationOrm(made.url);
  await migrate(orm);
  await orm.close(true);
  await made.stop();
  execFileSync('cp', ['-a', places[0], places[1]]);
  follow(places[1], ports[0]);
  const nodeAt = async (index: 0 | 1) => {
    const store = await ownStore(() => start(places[index], ports[index]));
    return nodeOf(store, () => follow(places[index], ports[index === 0 ? 1 : 0]));
  };
  const nodes = [await nodeAt(0), await nodeAt(1)] as const;
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join();
  return {
    url: nodes[0].url.replace(/(?<=@)[^/]*/, hosts),
    nodes,
    async close() {
      for (const node of nodes) node.thaw();
      await Promise.all(nodes.map((node) => node.kill()));
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Makes a stopped PostgreSQL a replica of the server at a port. */
function follow(directory: string, port: number): void {
  const data = join(directory, 'postgres');
  const signal = join(data, 'standby.signal');
  const login = `user=gatehouse password=${password}`;
  const source = `host=127.0.0.1 port=${port} ${login} application_name=replica`;
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
  writeFileSync(signal, '');
  const { uid, gid } = statSync(data);
  chownSync(signal, uid, gid);
}

const nodeOf = (store: OwnStore & { stop(): Promise<void> }, demote: () => void): PostgresNode => ({
  ...store,
  demote,
  async run<Row extends object>(sql: string) {
    const orm = await openMigrationOrm(store.url, 'test-control');
    try {
      return (await orm.em.fork().execute(sql)) as Row[];
    } finally {
      await orm.close(true);
    }
  },
});
