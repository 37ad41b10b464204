/**
 * Runs a house of processes in one terminal:
 *
 *     const postgres = postgresPart({ directory, password, durable: true });
 *     const redis = redisPart({ directory, password, durable: true, cacheDirectory, searchPath, say });
 *     const env = () => ({ ...given, DATABASE_URL: postgres.url(), REDIS_URL: redis.url() });
 *     process.exitCode = await supervise({
 *       directory,
 *       say,
 *       parts: [
 *         postgres,
 *         redis,
 *         nodeTask({ name: 'migrate', directory, script: migrateScript, env }),
 *         [
 *           nodePart({ name: 'server', directory, script: serverScript, env, readyWithin: 30_000 }),
 *           nodePart({ name: 'worker', directory, script: workerScript, env }),
 *         ],
 *       ],
 *       onReady: () => say('Gatehouse runs on …'),
 *     });
 *
 * Leave a part out where a URL replaces it. `nodeTask` may as well be `{ name, run }`.
 */
import { mkdirSync } from 'node:fs';
import { onEndSignals } from './end-signals.ts';
import { explain } from './explain.ts';
import { type House, keepAlive } from './keep-alive.ts';
import { inStopOrder, sweepLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';
import type { Part, Task } from './parts.ts';

export interface SuperviseOptions {
  /** The data directory; one supervisor at a time. Made (0700) when missing. Absolute. */
  directory: string;
  /** Started (or run) one after the other, in this order; the parts of a list all at once. */
  parts: readonly (Part | Task | readonly Part[])[];
  /** Prints one line for the person at the terminal. */
  say: (line: string) => void;
  /** Called once, when everything runs. */
  onReady?: () => void;
}

/**
 * Starts the parts, restarts what dies, and on SIGINT, SIGTERM or SIGHUP ends them in order: server,
 * worker, redis, postgres. A second SIGINT kills. No process is left behind.
 * @returns the exit code: 0 after a signal, 1 when something could not be started (said in one line).
 */
export async function supervise(options: SuperviseOptions): Promise<0 | 1> {
  const { directory, say } = options;
  const ending = new AbortController();
  const house: House = { say, ending: ending.signal, running: new Map() };
  const killAll = () => {
    for (const part of house.running.values()) part.kill();
  };
  const stopListening = onEndSignals(() => {
    say('Ending …');
    ending.abort();
  }, killAll);
  // Should this process end in any other way than below, its children shall not outlive it.
  process.once('exit', killAll);

  const keepers: Promise<void>[] = [];
  let unlock: (() => void) | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    unlock = await takeLock(directory);
    await sweep(directory, say);
    await startAll(options.parts, house, keepers);
    options.onReady?.();
    await Promise.all(keepers);
    return 0;
  } catch (error) {
    if (ending.signal.aborted) return 0;
    say(explain(error));
    return 1;
  } finally {
    ending.abort();
    await Promise.allSettled(keepers);
    for (const part of inStopOrder(house.running.values())) await part.stop();
    unlock?.();
    process.off('exit', killAll);
    stopListening();
  }
}

async function sweep(directory: string, say: (line: string) => void): Promise<void> {
  const ended = await sweepLeftovers(directory);
  if (ended.length > 0) say(`Ended what an earlier start left behind: ${ended.join(', ')}`);
}

async function startAll(
  parts: SuperviseOptions['parts'],
  house: House,
  keepers: Promise<void>[],
): Promise<void> {
  for (const part of parts) {
    house.ending.throwIfAborted();
    if ('run' in part) await part.run(house.ending);
    else await startTogether([part].flat(), house, keepers);
  }
}

/** Waits for all, also where one fails: what has been started must be known to be ended. */
async function startTogether(
  parts: readonly Part[],
  house: House,
  keepers: Promise<void>[],
): Promise<void> {
  const starts = parts.map(async (part) => {
    keepers.push(keepAlive(part, await part.start(house.ending), house));
  });
  const outcomes = await Promise.allSettled(starts);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
