import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './process-identity.ts';
import { recordFile, removeRecord, writeRecord } from './run-files.ts';

/** How a process ended: its exit code, or the signal that ended it. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A long-lived child that runs. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<Ended>;
  /** Asks it to end, waits, kills it when the bound has passed. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Kills it at once (SIGKILL), without waiting. */
  kill(): void;
}

export interface LaunchOptions {
  name: string;
  /** The data directory; the pid file goes to `<directory>/run/<name>.json`. */
  directory: string;
  command: string;
  args: string[];
  /** What `stop` sends. */
  stopSignal: NodeJS.Signals;
  /** How long `stop` waits before SIGKILL, in milliseconds. */
  stopWithin: number;
  /** Environment, working directory, stdio, uid and gid. Without `env` the child inherits ours. */
  spawn: Pick<SpawnOptions, 'env' | 'cwd' | 'stdio' | 'uid' | 'gid'>;
}

/**
 * Starts a long-lived child in a session of its own, so that Ctrl-C in the terminal reaches only the
 * supervisor, and records it in a pid file until it ends.
 * @throws Error when the command cannot be started.
 */
export function launch(options: LaunchOptions): Running & { child: ChildProcess } {
  const { name, directory, command, args, stopSignal } = options;
  const child = spawn(command, args, { ...options.spawn, detached: true });
  const pid = child.pid;
  // Without a listener a failed start, or a message to a child that is gone, would end this process.
  child.on('error', () => undefined);
  if (pid === undefined) throw new Error(`${name} cannot be started: ${command} does not run`);

  const file = recordFile(directory, name);
  const identity = identify(pid);
  // Written before anything is awaited: a supervisor killed now still leaves a trace of its child.
  if (identity) writeRecord(file, { name, pid, identity, stopSignal });
  const exited = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => {
      removeRecord(file, pid);
      resolve({ code, signal });
    });
  });
  const kill = () => void child.kill('SIGKILL');
  return { name, pid, child, exited, kill, stop: () => stop(child, exited, options) };
}

/** `code 1` or `signal SIGKILL`, for a line in the terminal. */
export function describeEnd({ code, signal }: Ended): string {
  return signal ? `signal ${signal}` : `code ${code}`;
}

async function stop(
  child: ChildProcess,
  exited: Promise<Ended>,
  { stopSignal, stopWithin }: Pick<LaunchOptions, 'stopSignal' | 'stopWithin'>,
): Promise<void> {
  const patience = new AbortController();
  const bound = sleep(stopWithin, 'late', { signal: patience.signal }).catch(() => 'over');
  child.kill(stopSignal);
  if ((await Promise.race([exited, bound])) === 'late') child.kill('SIGKILL');
  patience.abort();
  await exited;
}
