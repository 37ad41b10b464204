import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from './log-file.ts';
import { type LaunchOptions, launch, type Running, untilReady } from './managed-process.ts';

/** Options of {@link startPostgres} and `startRedis`. */
export interface StoreOptions {
  /** Data directory: data in `<name>/`, log in `log/<name>.log`. */
  readonly directory: string;
  readonly password: string;
  /** Whether data survives a crash of the machine. Tests need not have that. */
  readonly durable: boolean;
  /** TCP port on 127.0.0.1. Default: a free one. */
  readonly port?: number | undefined;
  /** Gives up the start and leaves no process behind. */
  readonly signal?: AbortSignal | undefined;
}

/** A store that accepts connections. */
export interface RunningStore extends Running {
  readonly url: string;
  readonly port: number;
}

interface StoreProgram {
  readonly name: 'postgres' | 'redis';
  readonly title: string;
  readonly file: string;
  readonly args: string[];
  readonly options: LaunchOptions;
  isReady(pid: number): boolean | Promise<boolean>;
  /** Log lines that explain a failed start, the best first. */
  readonly complaints: readonly RegExp[];
}

/** Milliseconds: after a crash a store first reads its data. */
const READY_WITHIN = 60_000;

/**
 * Starts a store that writes its own log file, and waits until it is ready.
 * @throws Error with the complaint from its log.
 */
export async function startStore(
  { name, title, file, args, options, isReady, complaints }: StoreProgram,
  { directory, signal = new AbortController().signal }: Pick<StoreOptions, 'directory' | 'signal'>,
): Promise<Running> {
  signal.throwIfAborted();
  const log = openLog(directory, name);
  try {
    // execa's types know no file descriptor above 9.
    const output = { stdout: log.descriptor as 9, stderr: log.descriptor as 9 };
    const running = launch(name, file, args, { stdin: 'ignore', ...options, ...output });
    const ready = async (waiting: AbortSignal) => {
      while (!(await isReady(running.pid))) await sleep(15, undefined, { signal: waiting });
    };
    await untilReady(running, ready, READY_WITHIN, signal);
    return running;
  } catch (cause) {
    signal.throwIfAborted();
    const complaint = complaints.map(log.lastMatch).find((line) => line !== undefined);
    const reason = complaint ?? (cause as Error).message;
    throw new Error(`${title} does not start: ${reason} (see ${log.path})`, { cause });
  } finally {
    log.close();
  }
}
