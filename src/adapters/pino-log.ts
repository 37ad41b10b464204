import { LRUCache } from 'lru-cache';
import { type DestinationStream, pino } from 'pino';
import type { Log, WarnOnce } from '../ports/logger.ts';

/** A log whose level can be changed. */
export type LevelledLog = Log & { level: string };

/** Creates a log of JSON lines, on standard output by default. */
export const createLog = (
  level: string,
  name: string,
  destination: DestinationStream = createOutput(),
): LevelledLog => pino({ level, name, base: { pid: process.pid } }, destination);

/** Bytes that a pipe takes in one piece when several processes write to it (PIPE_BUF of Linux). */
const ATOMIC = 4096;

/**
 * Creates a destination that writes the lines of one turn of the event loop at once, and the last
 * ones before the process exits. Writing each line costs a tenth of a short request.
 */
function createOutput(): DestinationStream {
  const output = pino.destination({ sync: true });
  let lines = '';
  const flush = () => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (lines.length + line.length > ATOMIC) flush();
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

/**
 * Creates a logger that logs only the first warning of each event with the same details. Remembers the
 * last 1,000.
 */
export function createWarnOnce(log: Log): WarnOnce {
  const logged = new LRUCache<string, true>({ max: 1000 });
  return (event, message, details) => {
    const fields = { event, ...details };
    const key = JSON.stringify(fields);
    if (logged.has(key)) return;
    logged.set(key, true);
    log.warn(fields, message);
  };
}
