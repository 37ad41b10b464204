import { availableParallelism, totalmem } from 'node:os';
import { environmentOf, environmentVariables, unwrapped } from './environment.ts';
import type { Environment } from './settings.ts';

/** Bytes of memory that a server process may need. */
const MEMORY = 256 * 2 ** 20;

/** Size of libuv's thread pool unless `UV_THREADPOOL_SIZE` sets another one. */
const DEFAULT_THREADS = 4;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const defaultHost = { development: '127.0.0.1', production: '0.0.0.0' };
export const defaultLogLevel = { development: 'warn', production: 'info' };

/** Part of the settings that the primary process needs. */
export interface ProcessPlan {
  /** Number of server processes. */
  readonly processes: number;
  readonly logLevel: string;
  /** Address on which the primary process serves the metrics. */
  readonly metrics: {
    readonly port: number | undefined;
    readonly host: string;
    readonly setting: 'METRICS_PORT';
  };
  /** Environment variables of every server process. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Returns the default number of server processes. In production one per core. */
export function defaultProcesses(environment: Environment): number {
  if (environment === 'development') return 1;
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / MEMORY)));
}

/** Returns the number of concurrent password hashes per process: one per core in total. */
export const hashesPerProcess = (processes: number): number =>
  Math.max(1, Math.floor(availableParallelism() / processes));

/** Returns the size of libuv's thread pool: the given one, or one that leaves a thread to others. */
export function threadsPerProcess(given: string | undefined, processes: number): number {
  const size = /^\d{1,4}$/.test(given ?? '') ? Number(given) : 0;
  const isValid = size >= 1 && size <= 1024;
  return isValid ? size : Math.max(DEFAULT_THREADS, hashesPerProcess(processes) + 1);
}

function metricsPlace(read: (name: string) => string, environment: Environment) {
  const port = read('METRICS_PORT');
  const host = read('METRICS_HOST') || read('HOST') || defaultHost[environment];
  return {
    port: port ? Number(port) : undefined,
    host: host.replace(/^\[(.+)\]$/, '$1'),
    setting: 'METRICS_PORT' as const,
  };
}

/**
 * Reads the plan without the settings, so that the primary process stays small. An invalid value
 * means one process, which checks all settings and reports the problem.
 *
 * @throws ConfigError if `.env` or `NODE_ENV` is invalid
 */
export function readProcessPlan(): ProcessPlan {
  const given = environmentVariables();
  const environment = environmentOf(given, 'production');
  const read = (name: string) => unwrapped(given[name] ?? '').toLowerCase();
  const logLevel = read('LOG_LEVEL') || defaultLogLevel[environment];
  const isValid = logLevels.some((level) => level === logLevel);
  const count = read('WEB_CONCURRENCY') || String(defaultProcesses(environment));
  const processes = isValid && /^\d{1,3}$/.test(count) ? Number(count) : 1;
  const threads = threadsPerProcess(read('UV_THREADPOOL_SIZE'), processes);
  const variables = { WEB_CONCURRENCY: count, UV_THREADPOOL_SIZE: String(threads) };
  return { processes, logLevel, metrics: metricsPlace(read, environment), variables };
}
