import { once } from 'node:events';
import { launch, type ManagedProcess, type Task, untilReady } from './managed-process.ts';

interface NodeOptions {
  readonly name: string;
  readonly args: readonly string[];
  /**
   * Returns the whole environment. Called at each start, because the URLs of the stores are unknown
   * until then.
   */
  readonly env: () => Readonly<Record<string, string | undefined>>;
}

/** Runs a script that sends an IPC message when it is ready, and ends itself at `disconnect`. */
export function nodeProcess(options: NodeOptions): ManagedProcess {
  return {
    name: options.name,
    async start(signal) {
      const running = launchNode(options);
      const message = (waiting: AbortSignal) => once(running.child, 'message', { signal: waiting });
      await untilReady(running, message, 30_000, signal);
      return running;
    },
  };
}

/** Runs a script to its end. Rejects unless it exits with code 0. */
export function nodeTask(options: NodeOptions): Task {
  return {
    async run(signal) {
      const { exited, stop } = launchNode(options);
      const abort = () => void stop();
      signal.addEventListener('abort', abort);
      const end = await exited;
      signal.removeEventListener('abort', abort);
      signal.throwIfAborted();
      if (end !== 'code 0')
        throw new Error(`${options.name} failed (${end}). The lines above show the reason.`);
    },
  };
}

function launchNode({ name, args, env }: NodeOptions) {
  const label = function* (line: string) {
    yield `${name.padEnd(8)} | ${line}`;
  };
  const output = { stdout: [label, 'inherit'], stderr: [label, 'inherit'] } as const;
  const options = { env: env(), ipc: true, stdin: 'ignore', ...output } as const;
  return launch(name, [process.execPath, ...args], options);
}
