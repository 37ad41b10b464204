import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { onEndSignals } from '#dev/end-signals.ts';
import { freePort } from '#dev/free-port.ts';
import type { Variables } from '#src/config/load-config.ts';
import { machineVariables } from './machine-variables.ts';
import { type ManagedProcess, type Script, startManagedProcess } from './managed-process.ts';
import { type OwnStores, startMigratedStores, startOwnStores } from './own-stores.ts';

/** A release other than this one. */
export interface Release {
  readonly scripts: Readonly<Record<'server' | 'worker', Script>>;
  /** Creates its tables. */
  migrate(variables: Variables): Promise<unknown>;
}

interface InstallationOptions {
  /** How many processes of each. */
  readonly servers: number;
  readonly workers: number;
  readonly smtpUrl: string;
  /** Further environment variables of every process, over the usual ones. */
  readonly variables?: Variables;
  /** Default: this release. */
  readonly release?: Release | undefined;
}

/**
 * A whole installation as an operator runs it, in production: PostgreSQL, Redis, and each server and
 * worker a process. For tests, and for scripts without a test runner.
 */
export interface Installation {
  readonly stores: OwnStores;
  readonly servers: readonly Server[];
  readonly workers: readonly ManagedProcess[];
  /** The environment of every process; for commands that an operator runs beside them. */
  readonly variables: Variables;
  /** Directory of all files. `close` removes it. */
  readonly directory: string;
  /** Log files of every process, including PostgreSQL and Redis. */
  readonly logFiles: readonly string[];
  /** Kills everything and removes its files; so does any end of the script but SIGKILL. */
  close(): Promise<void>;
}

export interface Server extends ManagedProcess {
  readonly url: string;
}

/** Starts an installation and waits until all of it is ready. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const processes: ManagedProcess[] = [];
  const { release } = options;
  const starting = release ? startOwnStores() : startMigratedStores();
  const stopListening = onEndSignals(
    () => void starting.finally(() => process.exit(1)),
    () => process.exit(1),
  );
  const stores = await starting;
  const kill = () => {
    for (const instance of processes) instance.kill('SIGKILL');
    return Promise.all([stores.close(), ...processes.map(({ ended }) => ended)]);
  };
  // Nothing may be awaited then.
  const killAtOnce = () => {
    void kill();
    rmSync(stores.directory, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', killAtOnce);
  const close = async () => {
    await kill();
    process.off('exit', killAtOnce);
    stopListening();
  };

  const { directory } = stores;
  const ports = await freePorts(options.servers);
  const variables = variablesOf(options, stores, ports[0]);
  await release?.migrate(variables);
  const start = (name: string, command: 'server' | 'worker', more: Variables = {}) => {
    const instance = startManagedProcess({
      name,
      command,
      directory,
      variables: { ...variables, ...more },
      script: release?.scripts[command],
    });
    processes.push(instance);
    return instance;
  };
  const servers = ports.map((port, index) => {
    const instance = start(`server-${index + 1}`, 'server', { PORT: String(port) });
    return Object.assign(instance, { url: `http://127.0.0.1:${port}` });
  });
  const workers = Array.from({ length: options.workers }, (_, index) =>
    start(`worker-${index + 1}`, 'worker'),
  );
  await Promise.all(processes.map((instance) => instance.ready())).catch(async (error) => {
    await close();
    throw error;
  });
  const storeLogs = ['postgres', 'redis'].map((name) => join(directory, `log/${name}.log`));
  const logFiles = [...processes.map(({ logFile }) => logFile), ...storeLogs];
  return { stores, servers, workers, variables, directory, logFiles, close };
}

function variablesOf(options: InstallationOptions, stores: OwnStores, port = 8000): Variables {
  return {
    ...machineVariables(),
    NODE_ENV: 'production',
    SECRET_KEY: randomBytes(48).toString('base64'),
    DATABASE_URL: stores.postgres.url,
    REDIS_URL: stores.redis.url,
    SMTP_URL: options.smtpUrl,
    MAIL_FROM: 'Gatehouse <no-reply@example.com>',
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    APP_NAME: 'Acme',
    ...options.variables,
  };
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
