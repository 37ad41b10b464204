import { randomBytes } from 'node:crypto';
import type { Variables } from '#src/config/load-config.ts';
import type { Server } from '#tests/support/installation.ts';
import { machineVariables } from '#tests/support/machine-variables.ts';
import { type ManagedProcess, startManagedProcess } from '#tests/support/managed-process.ts';
import { BALANCER_ADDRESS } from './balancer-settings.ts';
import { type Network, startNetwork } from './network.ts';
import type { RedisSide } from './redis-side.ts';

interface GatehouseOptions {
  readonly directory: string;
  /** Port of each server. */
  readonly ports: readonly number[];
  /** A mail server for each worker. */
  readonly smtpUrls: readonly string[];
  /** URL of the balancer. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly databasePort: number;
  readonly redis: RedisSide;
  /** Further environment variables. */
  readonly variables: Variables;
}

/** The processes of Gatehouse. */
export interface Gatehouse {
  readonly servers: readonly Server[];
  readonly workers: readonly ManagedProcess[];
  readonly network: Network;
  readonly variables: Variables;
  readonly logFiles: readonly string[];
  close(): Promise<void>;
}

/** Starts servers and workers in production. The last server has a network of its own. */
export async function startGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { directory, ports, smtpUrls, redis, databasePort } = options;
  const variables = variablesOf(options);
  const network = await startNetwork({ Redis: redis.ports, PostgreSQL: [databasePort] });
  const processes: ManagedProcess[] = [];
  const start = (name: string, command: 'server' | 'worker', more: Variables) => {
    const instance = startManagedProcess({
      name,
      command,
      directory,
      variables: { ...variables, ...more },
    });
    processes.push(instance);
    return instance;
  };
  const servers = ports.map((port, index) => {
    const own = index === ports.length - 1 ? network.variables : {};
    const instance = start(`server-${index + 1}`, 'server', { PORT: String(port), ...own });
    return Object.assign(instance, { url: `http://127.0.0.1:${port}` });
  });
  const workers = smtpUrls.map((url, index) =>
    start(`worker-${index + 1}`, 'worker', { SMTP_URL: url }),
  );
  const close = async () => {
    for (const instance of processes) instance.kill('SIGKILL');
    await Promise.all(processes.map(({ ended }) => ended));
    network.close();
  };
  await Promise.all(processes.map((instance) => instance.ready())).catch(async (error) => {
    await close();
    throw error;
  });
  const logFiles = processes.map(({ logFile }) => logFile);
  return { servers, workers, network, variables, logFiles, close };
}

const variablesOf = (options: GatehouseOptions): Variables => ({
  ...machineVariables(),
  NODE_ENV: 'production',
  SECRET_KEY: randomBytes(48).toString('base64'),
  DATABASE_URL: options.databaseUrl,
  REDIS_URL: options.redis.url,
  SMTP_URL: options.smtpUrls[0],
  MAIL_FROM: 'Gatehouse <no-reply@example.com>',
  HOST: '127.0.0.1',
  PUBLIC_URL: options.url,
  TRUST_PROXY: BALANCER_ADDRESS,
  // Longer than the balancer keeps an idle connection.
  KEEP_ALIVE: '15',
  APP_NAME: 'Acme',
  ...options.variables,
});
