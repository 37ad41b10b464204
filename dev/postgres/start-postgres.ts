import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import type { Running } from '../managed-process.ts';
import { type RunningStore, type StoreOptions, startStore } from '../start-store.ts';
import { POSTGRES_ENVIRONMENT } from './binaries.ts';
import { type Cluster, POSTGRES_NAME } from './initialise.ts';
import { openCluster } from './open-cluster.ts';
import { endLeftover, isReady } from './postmaster.ts';

/** A PostgreSQL that accepts connections. */
export interface RunningPostgres extends RunningStore {
  /** `postgres://gatehouse:…@127.0.0.1:<port>/gatehouse`. */
  readonly url: string;
  /** User that runs it if this process is root, because PostgreSQL refuses to run as root. */
  readonly user: string | undefined;
}

/**
 * Starts PostgreSQL on the data of a directory, making the data at the first start. Ends a PostgreSQL
 * that still serves this data.
 * @throws Error with the reason and a cure.
 */
export async function startPostgres(options: StoreOptions): Promise<RunningPostgres> {
  const { password, signal } = options;
  const directory = resolve(options.directory);
  const cluster = await openCluster(directory, password, signal);
  await endLeftover(cluster.data);
  const port = options.port ?? (await freePort());
  const login = `${POSTGRES_NAME}:${encodeURIComponent(password)}`;
  const url = `postgres://${login}@127.0.0.1:${port}/${POSTGRES_NAME}`;
  const running = await retryWhileBackendsLive(() =>
    serve(cluster, { ...options, directory, port }),
  );
  return { ...running, url, port, user: cluster.user?.name };
}

/** Retries: after kill -9 a backend lives until its statement ends, and PostgreSQL refuses to start. */
async function retryWhileBackendsLive(start: () => Promise<Running>): Promise<Running> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const { message } = error as Error;
      if (!message.includes('shared memory block') || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

function serve({ binaries, data, runAs }: Cluster, options: StoreOptions): Promise<Running> {
  const settings = Object.entries(settingsFor(options)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const args = ['-D', data, ...settings];
  const { command, ...launched } = runAs(binaries.postgres, args);
  return startStore(
    {
      name: 'postgres',
      title: 'PostgreSQL',
      file: command,
      args: launched.args,
      // SIGINT: a fast shutdown, which does not wait for clients to leave.
      options: { ...launched.ids, cwd: '/', env: POSTGRES_ENVIRONMENT, killSignal: 'SIGINT' },
      isReady: (pid) => isReady(data, pid),
      complaints: [/Address already in use/, /(?<=(FATAL|PANIC): +).*/],
    },
    options,
  );
}

function settingsFor({ port, durable }: StoreOptions): Record<string, string | number> {
  return {
    port: port ?? 0,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '32MB',
    // Terse: the detail of a constraint error holds the values, such as addresses.
    log_error_verbosity: 'terse',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}
