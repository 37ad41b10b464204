import type { Config } from './load-config.ts';
import { hashesPerProcess } from './process-plan.ts';

/** Connections to PostgreSQL that a process may have, if those of all processes are not too many. */
const POOL = 4;
/** Connections of all processes. PostgreSQL accepts 97 by default; a worker opens 10. */
const MAX_CONNECTIONS = 80;

/** Returns the settings of one server process: its part of the bounds of all of them. */
export function shareOfProcess(config: Config): Config {
  const { webConcurrency } = config;
  const part = (bound: number) => Math.ceil(bound / webConcurrency);
  return {
    ...config,
    threads: Math.min(config.threads, hashesPerProcess(webConcurrency) + 1),
    databaseConnections: Math.max(
      part(config.databaseConnections),
      Math.min(POOL, Math.floor(MAX_CONNECTIONS / webConcurrency)),
    ),
    connections: part(config.connections),
    clientConnections: part(config.clientConnections),
    streams: part(config.streams),
  };
}
