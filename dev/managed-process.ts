import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type Options } from 'execa';

/** A process that the supervisor keeps running. */
export interface ManagedProcess {
  readonly name: string;
  /** Resolves when the process is ready. Rejects on an abort, and leaves no process behind. */
  start(signal: AbortSignal): Promise<Running>;
}

/** A step that runs once between two starts, such as the migrations. */
export interface Task {
  run(signal: AbortSignal): Promise<void>;
}

/** A long-lived child process. */
export type Running = ReturnType<typeof launch>;

/** Options of execa. `env` is the whole environment. */
export type LaunchOptions = Pick<
  Exclude<Options, { encoding: unknown }>,
  | ('cwd' | 'env' | 'uid' | 'gid' | 'ipc' | 'input' | 'stdin' | 'stdout' | 'stderr')
  | ('killSignal' | 'forceKillAfterDelay')
>;

/** Starts a child in a session of its own, so that Ctrl-C reaches the supervisor only. */
export function launch(name: string, command: readonly string[], options: LaunchOptions) {
  const [file = '', ...args] = command;
  const subprocess = execa(file, args, {
    ...{ detached: true, extendEnv: false, reject: false, buffer: false },
    ...{ forceKillAfterDelay: 10_000, ...options },
  });
  const { pid, nodeChildProcess: child } = subprocess;
  /** Resolves with `code 1` or `signal SIGKILL`; never rejects. */
  const exited = subprocess.then(({ signal, exitCode }) =>
    signal ? `signal ${signal}` : `code ${exitCode}`,
  );
  if (pid === undefined)
    throw new Error(`${name}: cannot execute ${file}. Check that it exists and is executable.`);
  /** Sends `killSignal`, then SIGKILL after `forceKillAfterDelay`. Resolves when it is gone. */
  const stop = async () => {
    subprocess.kill();
    await exited;
  };
  return { name, pid, child, exited, stop, kill: () => subprocess.kill('SIGKILL') };
}

/**
 * Waits until a process is ready. If it ends, takes too long or the start is aborted, stops it and
 * throws. `ready` has to give up when its signal aborts.
 */
export async function untilReady(
  { name, exited, stop }: Running,
  ready: (signal: AbortSignal) => Promise<unknown>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const waiting = AbortSignal.any([settled.signal, signal]);
  const problem = await Promise.race([
    ready(waiting).then(() => ''),
    sleep(milliseconds, `was not ready within ${milliseconds / 1000} s`, { signal: waiting }),
    exited.then((end) => `ended (${end}) before it was ready`),
  ]).catch(() => 'was stopped');
  settled.abort();
  if (!problem) return;
  await stop();
  signal.throwIfAborted();
  throw new Error(`${name} ${problem}`);
}
