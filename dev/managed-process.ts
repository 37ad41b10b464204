import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type Options } from 'execa';

/** A process that the supervisor keeps running. */
export interface ManagedProcess {
  /** `server`, `worker`, `redis` or `postgres`. */
  readonly name: string;
  /**
   * Starts the process and resolves when it is ready. Called again after each of its deaths.
   * Rejects on an abort, and then leaves no process behind.
   */
  start(signal: AbortSignal): Promise<Running>;
}

/** A step that runs once between two starts, such as the migrations. */
export interface Task {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Options of execa for a long-lived process. `env` is the whole environment. */
export type LaunchOptions = Pick<
  Exclude<Options, { encoding: unknown }>,
  | ('cwd' | 'env' | 'uid' | 'gid' | 'ipc' | 'input' | 'stdin' | 'stdout' | 'stderr')
  | ('killSignal' | 'forceKillAfterDelay')
>;

/** A long-lived child process. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves with `code 1` or `signal SIGKILL` when the process is gone; never rejects. */
  readonly exited: Promise<string>;
  /** Sends `killSignal`, then SIGKILL after `forceKillAfterDelay`. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Sends SIGKILL. */
  kill(): void;
}

/**
 * Starts a long-lived child in a session of its own, so that Ctrl-C reaches the supervisor only.
 * @throws Error if the program does not start.
 */
export function launch(
  name: string,
  file: string,
  args: string[],
  options: LaunchOptions,
): Running {
  const child = execa(file, args, {
    ...{ detached: true, extendEnv: false, reject: false, buffer: false },
    ...{ forceKillAfterDelay: 10_000, ...options },
  });
  const exited = child.then(({ signal, exitCode }) =>
    signal ? `signal ${signal}` : `code ${exitCode}`,
  );
  const { pid, nodeChildProcess } = child;
  if (pid === undefined) throw new Error(`${name} cannot be started: ${file} does not run`);
  const stop = async () => {
    child.kill();
    await exited;
  };
  const kill = () => void child.kill('SIGKILL');
  return { name, pid, child: nodeChildProcess, exited, stop, kill };
}

/**
 * Waits until a process is ready. If that fails, stops the process.
 *
 * @param ready resolves when the process is ready; given up when its signal aborts
 * @param within milliseconds
 * @throws Error if the process ends, takes too long, or the start is aborted
 */
export async function untilReady(
  { name, exited, stop }: Running,
  ready: (signal: AbortSignal) => Promise<unknown>,
  within: number,
  signal: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const waiting = AbortSignal.any([settled.signal, signal]);
  const problem = await Promise.race([
    ready(waiting).then(() => ''),
    sleep(within, `was not ready after ${within / 1000} s`, { signal: waiting }),
    exited.then((end) => `ended (${end}) before it was ready`),
  ]).catch(() => 'was stopped');
  settled.abort();
  if (!problem) return;
  await stop();
  signal.throwIfAborted();
  throw new Error(`${name} ${problem}`);
}
