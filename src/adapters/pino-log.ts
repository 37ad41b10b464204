import { type DestinationStream, pino } from 'pino';
import type { Log, WarnOnce } from '../ports/logger.ts';

/** Creates a log of JSON lines, on standard output by default. */
export function createLog(level: string, name: string, destination?: DestinationStream): Log {
  const options = { level, name, base: { pid: process.pid } };
  return destination ? pino(options, destination) : pino(options);
}

/** Creates a logger that logs only the first warning of each event. */
export function createWarnOnce(log: Log): WarnOnce {
  const logged = new Set<string>();
  return (event, message) => {
    if (logged.has(event)) return;
    logged.add(event);
    log.warn({ event }, message);
  };
}
