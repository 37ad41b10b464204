import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { openLog } from '#dev/log-file.ts';
import { environmentVariables, type Variables } from '#src/config/load-config.ts';

const hasBundle = environmentVariables().TEST_BUNDLE === 'true';

/** The script behind `bin/gatehouse`: the sources, or with `TEST_BUNDLE=true` what `npm run bundle` made. */
export const gatehouseScript = resolve(
  import.meta.dirname,
  hasBundle ? '../../dist/main.js' : '../../src/cli/main.ts',
);

/** A process of Gatehouse that a test may stop and restart. */
export interface ManagedProcess {
  /** `server-1`, `worker-2` … */
  readonly name: string;
  /** Standard output and standard error of all its runs. */
  readonly logFile: string;
  readonly pid: number;
  /** When the process is gone. */
  readonly ended: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again once it has ended, with these variables over the ones it had. */
  start(variables?: Variables, script?: Script): void;
  /** @throws Error with the last line of its log, where it ends before it is ready */
  ready(): Promise<void>;
}

/** A module that Node runs, and its arguments. */
export type Script = readonly [file: string, ...args: string[]];

interface ManagedProcessOptions {
  readonly name: string;
  /** The command of `gatehouse` that it runs. */
  readonly command: 'server' | 'start' | 'worker';
  /** Its working directory, so that no `.env` of the project counts; the log goes to `log/`. */
  readonly directory: string;
  /** The whole environment. */
  readonly variables: Variables;
  /** Default: this release. */
  readonly script?: Script | undefined;
}

/** Starts a process of Gatehouse; it ends by itself when this process is gone. */
export function startManagedProcess(options: ManagedProcessOptions): ManagedProcess {
  let { variables, script } = options;
  let run = launch(options);
  return {
    name: options.name,
    logFile: run.logFile,
    get pid() {
      return run.pid;
    },
    get ended() {
      return run.ended;
    },
    kill: (signal) => run.kill(signal),
    start(more = {}, other = script) {
      variables = { ...variables, ...more };
      script = other;
      run = launch({ ...options, variables, script });
    },
    ready: () => run.ready(),
  };
}

function launch({ name, command, directory, variables, script }: ManagedProcessOptions) {
  const log = openLog(directory, name);
  const child = spawn(process.execPath, script ?? [gatehouseScript, command], {
    cwd: directory,
    env: { ...variables },
    // Over the channel it says that it is ready, and learns that this process is gone.
    stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
  });
  log.close();
  const ended = once(child, 'exit');
  const isReady = new Promise<undefined>((resolve) => {
    child.once('message', () => resolve(undefined));
  });
  return {
    pid: child.pid ?? 0,
    logFile: log.path,
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    async ready() {
      const how = await Promise.race([isReady, ended]);
      if (how) throw new Error(`${name} ended: ${log.lastMatch(/.+/) ?? how.join()}`);
    },
  };
}

/** Kills processes and waits until they are gone. */
export async function killAll(processes: readonly ManagedProcess[]): Promise<void> {
  for (const instance of processes) instance.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
}

/** Starts processes that have ended, with these variables over the ones they had. */
export async function startAll(
  processes: readonly ManagedProcess[],
  variables?: Variables,
): Promise<void> {
  for (const instance of processes) instance.start(variables);
  await Promise.all(processes.map((instance) => instance.ready()));
}

export async function restartAll(
  processes: readonly ManagedProcess[],
  variables: Variables,
): Promise<void> {
  await killAll(processes);
  await startAll(processes, variables);
}
