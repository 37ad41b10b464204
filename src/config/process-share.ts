import type { Config } from './load-config.ts';
import { hashesPerProcess } from './process-plan.ts';

/** Minimum connections to PostgreSQL of a process. */
const MIN_POOL = 4;

/** Returns the settings of one server process: its part of the bounds of all of them. */
export function shareOfProcess(config: Config): Config {
  const { webConcurrency } = config;
  const part = (bound: number) => Math.ceil(bound / webConcurrency);
  return {
    ...config,
    threads: Math.min(config.threads, hashesPerProcess(webConcurrency) + 1),
    databaseConnections: Math.max(MIN_POOL, part(config.databaseConnections)),
    connections: part(config.connections),
    clientConnections: part(config.clientConnections),
  };
}
