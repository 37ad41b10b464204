import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openLog } from '#dev/log-file.ts';
import type { Variables } from '#src/config/load-config.ts';
import { onCores } from '../machine/cores.ts';

export interface ChildOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly cores: string;
  /** Working directory, and the place of its log. */
  readonly directory: string;
  readonly variables: Variables;
}

/** A process that is ready. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Its first message. */
  readonly greeting: unknown;
  stop(): Promise<void>;
}

/**
 * Starts a process and waits for its first IPC message. A death before `stop` ends the bench.
 * @throws Error with its last output
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, cores, directory, variables } = options;
  const log = openLog(directory, name);
  const [file = '', ...args] = onCores(cores, command);
  const child = spawn(file, args, {
    cwd: directory,
    env: { ...variables },
    stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
  });
  log.close();
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!first)
    throw new Error(
      `${name} did not start: ${log.lastMatch(/.*Error.*: .*/) ?? log.lastMatch(/.+/)}`,
    );
  let isStopping = false;
  child.once('exit', () => {
    if (!isStopping) throw new Error(`${name} died: ${log.lastMatch(/.+/)}`);
  });
  return {
    process: child,
    pid: child.pid ?? 0,
    greeting: first[0],
    async stop() {
      isStopping = true;
      child.kill();
      await ended;
    },
  };
}
