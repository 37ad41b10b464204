import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports.ts';

/** JSON lines on standard output. */
export function createLog(level: string, name: string, destination?: DestinationStream): Log {
  const options = { level, name, base: { pid: process.pid } };
  return destination ? pino(options, destination) : pino(options);
}
