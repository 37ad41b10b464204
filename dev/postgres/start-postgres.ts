import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type LogFile, openLog } from '../log-file.ts';
import { launch, type Running } from '../processes.ts';
import { POSTGRES_ENVIRONMENT } from './binaries.ts';
import { type Cluster, POSTGRES_NAME } from './initialise.ts';
import { openCluster } from './open-cluster.ts';
import { endStray, isReady } from './postmaster.ts';

export interface PostgresOptions {
  /** Where everything is kept: data in `postgres/`, log in `log/postgres.log`. */
  directory: string;
  /** Of the role `gatehouse`; it is set when the data is first made, and must stay the same. */
  password: string;
  /** false: no fsync, for tests. A crash of the machine may then lose the data. */
  durable: boolean;
  /** TCP port on 127.0.0.1; without it a free one. */
  port?: number | undefined;
  /** Gives up the start, and leaves no process behind. */
  signal?: AbortSignal | undefined;
}

/** A PostgreSQL that accepts connections. */
export interface RunningPostgres extends Running {
  /** `postgres://gatehouse:…@127.0.0.1:<port>/gatehouse`. */
  url: string;
  port: number;
  /** The ordinary user it runs as when we are root (PostgreSQL refuses to be root); else undefined. */
  user: string | undefined;
}

/** How long a start may take, in milliseconds: after a crash PostgreSQL replays its log first. */
const START_WITHIN = 60_000;

/**
 * Starts PostgreSQL on the data of this directory, making the data on the first start.
 * A PostgreSQL that still serves this data is ended first.
 * @throws Error, one line, that says what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { password, signal } = options;
  const directory = resolve(options.directory);
  const cluster = await openCluster(directory, password, signal);
  await endStray(cluster.data);
  const port = options.port ?? (await freePort());
  const login = `${POSTGRES_NAME}:${encodeURIComponent(password)}`;
  const url = `postgres://${login}@127.0.0.1:${port}/${POSTGRES_NAME}`;

  const running = await untilBackendsAreGone(() => serve(cluster, { ...options, directory, port }));
  return { ...running, url, port, user: cluster.user?.name };
}

async function serve(cluster: Cluster, options: PostgresOptions): Promise<Running> {
  const log = openLog(options.directory, 'postgres');
  try {
    const { child: _, ...running } = launchPostgres(cluster, options, log);
    await untilReady(running, cluster.data, log, options.signal);
    return running;
  } finally {
    log.close();
  }
}

/** After a kill -9 a busy backend lives on to the end of its statement; PostgreSQL refuses meanwhile. */
async function untilBackendsAreGone(start: () => Promise<Running>): Promise<Running> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!/shared memory block/.test((error as Error).message) || Date.now() > deadline)
        throw error;
      await sleep(200);
    }
  }
}

function launchPostgres(cluster: Cluster, options: PostgresOptions, log: LogFile) {
  const { binaries, data, launcher } = cluster;
  const settings = Object.entries(settingsFor(options)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const { command, args, ...ids } = launcher(binaries.postgres, ['-D', data, ...settings]);
  return launch({
    name: 'postgres',
    directory: options.directory,
    command,
    args,
    stopSignal: 'SIGINT', // fast shutdown: it does not wait for clients to leave
    stopWithin: 10_000,
    spawn: {
      ...ids,
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', log.descriptor, log.descriptor],
    },
  });
}

function settingsFor({ port, durable }: PostgresOptions): Record<string, string | number> {
  return {
    port: port ?? 0,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '32MB',
    // Terse: the detail of a constraint error holds the values, and those are people's addresses.
    log_error_verbosity: 'terse',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

async function untilReady(
  running: Running,
  data: string,
  log: LogFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_WITHIN;
  while (!isReady(data, running.pid)) {
    const late = Date.now() > deadline;
    if (!ended && !late && !signal?.aborted) {
      await sleep(15);
      continue;
    }
    await running.stop();
    signal?.throwIfAborted();
    const why = complaint(log) ?? (late ? 'it did not get ready' : 'it ended');
    throw new Error(`PostgreSQL does not start: ${why} (see ${log.path})`);
  }
}

function complaint(log: LogFile): string | undefined {
  return log.lastMatch(/Address already in use/) ?? log.lastMatch(/(?<=(FATAL|PANIC): +).*/);
}
