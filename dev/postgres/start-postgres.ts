import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type StoreOptions, startStore } from '../store.ts';
import { POSTGRES_ENVIRONMENT } from './binaries.ts';
import { type Cluster, openCluster, POSTGRES_NAME } from './cluster.ts';
import { endLeftover, isReady } from './postmaster.ts';

/**
 * Starts PostgreSQL on the data of a directory, which is made at the first start. Ends a PostgreSQL
 * that still serves this data. Sets `user` if this process is root, because PostgreSQL does not run
 * as root.
 */
export async function startPostgres(options: StoreOptions) {
  const { password, signal } = options;
  const directory = resolve(options.directory);
  const cluster = await openCluster(directory, password, signal);
  await endLeftover(cluster.data);
  const port = options.port ?? (await freePort());
  const login = `${POSTGRES_NAME}:${encodeURIComponent(password)}`;
  const url = `postgres://${login}@127.0.0.1:${port}/${POSTGRES_NAME}`;
  for (const deadline = Date.now() + 10_000; ; await sleep(200)) {
    try {
      const running = await serve(cluster, { ...options, directory, port });
      return { ...running, url, port, user: cluster.user?.name };
    } catch (error) {
      // After kill -9 a backend lives until its statement ends, and PostgreSQL refuses to start.
      const isBusy = (error as Error).message.includes('shared memory block');
      if (!isBusy || Date.now() > deadline) throw error;
    }
  }
}

function serve({ binaries, data, runAs }: Cluster, options: StoreOptions) {
  const settings = [
    `port=${options.port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=32MB',
    // Terse: the detail of a constraint error holds the values, such as addresses.
    'log_error_verbosity=terse',
  ];
  if (!options.durable)
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  return startStore(options, {
    name: 'postgres',
    title: 'PostgreSQL',
    command: [...runAs.prefix, binaries.postgres, ...args],
    // SIGINT: a fast shutdown, which does not wait for clients to leave.
    options: { ...runAs.ids, cwd: '/', env: POSTGRES_ENVIRONMENT, killSignal: 'SIGINT' },
    isReady: (pid) => isReady(data, pid),
    complaints: [/Address already in use/, /(?<=(FATAL|PANIC): +).*/],
  });
}
