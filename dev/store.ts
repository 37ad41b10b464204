import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { openLog } from './log-file.ts';
import { type LaunchOptions, launch, type Running, untilReady } from './managed-process.ts';

/** Options of `startPostgres` and `startRedis`. */
export interface StoreOptions {
  readonly directory: string;
  readonly password: string;
  /** Whether data survives a crash of the machine. Tests do not need this. */
  readonly durable: boolean;
  readonly port?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A store that accepts connections. */
export interface RunningStore extends Running {
  readonly url: string;
  readonly port: number;
  readonly user?: string | undefined;
}

interface StoreProgram {
  readonly name: 'postgres' | 'redis';
  readonly title: string;
  readonly command: readonly string[];
  readonly options: LaunchOptions;
  isReady(pid: number): boolean | Promise<boolean>;
  /** Log lines that explain a failed start, the best first. */
  readonly complaints: readonly RegExp[];
}

/**
 * Starts a store that writes its own log file.
 * @throws Error with the error message from its log
 */
export async function startStore(
  { directory, signal = new AbortController().signal }: StoreOptions,
  { name, title, command, options, isReady, complaints }: StoreProgram,
): Promise<Running> {
  signal.throwIfAborted();
  const log = openLog(directory, name);
  try {
    // execa's types know no file descriptor above 9.
    const output = { stdout: log.descriptor as 9, stderr: log.descriptor as 9 };
    const running = launch(name, command, { stdin: 'ignore', ...options, ...output });
    const ready = async (waiting: AbortSignal) => {
      while (!(await isReady(running.pid))) await sleep(15, undefined, { signal: waiting });
    };
    // A minute, because after a crash a store first reads its data.
    await untilReady(running, ready, 60_000, signal);
    return running;
  } catch (cause) {
    signal.throwIfAborted();
    const complaint = complaints.map(log.lastMatch).find((line) => line !== undefined);
    const reason = complaint ?? (cause as Error).message;
    throw new Error(`${title} did not start: ${reason}. See ${log.path}`, { cause });
  } finally {
    log.close();
  }
}

/** Makes a store a managed process. It keeps its port over restarts, because clients know it. */
export function managedStore(
  name: string,
  start: (port: number, signal: AbortSignal) => Promise<RunningStore>,
) {
  let store: RunningStore | undefined;
  return {
    name,
    /** Returns what runs, or ran last. @throws Error before the first start. */
    running() {
      if (!store) throw new Error(`${name} has not been started`);
      return store;
    },
    async start(signal: AbortSignal): Promise<RunningStore> {
      store = await start(store?.port ?? (await freePort()), signal).catch(async (error: Error) => {
        // Another process has taken the port meanwhile. No client uses it yet, so choose another
        // one.
        if (store || !/address already in use/i.test(error.message)) throw error;
        return start(await freePort(), signal);
      });
      return store;
    },
  };
}
