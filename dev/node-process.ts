import { once } from 'node:events';
import {
  launch,
  type ManagedProcess,
  type Running,
  type Task,
  untilReady,
} from './managed-process.ts';

export interface NodeOptions {
  /** One word, printed before each line of the process. */
  readonly name: string;
  /** Script and arguments for the Node that runs the supervisor. */
  readonly args: readonly string[];
  /** Returns the whole environment. Called at each start, because the stores have no URL before. */
  readonly env: () => Readonly<Record<string, string | undefined>>;
}

/** Milliseconds. */
const READY_WITHIN = 30_000;

/**
 * Runs a Node script that sends an IPC message when it is ready. The script has to end itself when
 * the channel closes (`process.on('disconnect')`), because then the supervisor is dead.
 */
export function nodeProcess(options: NodeOptions): ManagedProcess {
  return {
    name: options.name,
    async start(signal) {
      const running = launchNode(options);
      const message = (waiting: AbortSignal) => once(running.child, 'message', { signal: waiting });
      await untilReady(running, message, READY_WITHIN, signal);
      return running;
    },
  };
}

/** Runs a Node script to its end. Rejects unless it exits with code 0. */
export function nodeTask(options: NodeOptions): Task {
  return {
    name: options.name,
    async run(signal) {
      const running = launchNode(options);
      const abort = () => void running.stop();
      signal.addEventListener('abort', abort);
      const end = await running.exited;
      signal.removeEventListener('abort', abort);
      signal.throwIfAborted();
      if (end !== 'code 0') throw new Error(`${options.name} failed (${end})`);
    },
  };
}

function launchNode({ name, args, env }: NodeOptions): Running {
  const label = function* (line: string) {
    yield `${name.padEnd(8)} | ${line}`;
  };
  return launch(name, process.execPath, [...args], {
    env: env(),
    ipc: true,
    stdin: 'ignore',
    stdout: [label, 'inherit'],
    stderr: [label, 'inherit'],
  });
}
