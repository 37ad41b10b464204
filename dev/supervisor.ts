import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { onEndSignals } from './end-signals.ts';
import { keepAlive, type Supervisor } from './keep-alive.ts';
import { takeLock } from './lock.ts';
import type { ManagedProcess, Task } from './managed-process.ts';

export interface SuperviseOptions {
  /** Absolute path of the data directory. One supervisor at a time. */
  readonly directory: string;
  /** Processes and tasks, started one after the other. Processes in a list start together. */
  readonly steps: readonly (ManagedProcess | Task | readonly ManagedProcess[])[];
  /** Prints a line in the terminal. */
  readonly say: (line: string) => void;
  /** Called once, when everything runs. */
  readonly onReady: () => void;
  /** Returns the settings for commands in this directory. Called once everything runs. */
  readonly variables?: () => Readonly<Record<string, string>>;
}

/** Order of the end: a process ends before the ones that it uses. */
const STOP_ORDER = ['server', 'worker', 'redis', 'postgres'];

/**
 * Starts processes, restarts each that dies, and stops them in order on SIGINT, SIGTERM or SIGHUP. A
 * second signal kills them. Leaves no process behind.
 * @throws Error if something does not start
 */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { directory, steps, say } = options;
  const end = new AbortController();
  const supervisor: Supervisor = { say, ending: end.signal, running: new Map() };
  const { running } = supervisor;
  const killAll = () => {
    for (const process of running.values()) process.kill();
  };
  const stopListening = onEndSignals(() => {
    say('Ending …');
    end.abort();
  }, killAll);
  process.once('exit', killAll);

  const keepers: Promise<void>[] = [];
  let variables = {};
  let unlock = () => {};
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    unlock = await takeLock(directory, () => {
      const processes = [...running.values()].map(({ name, pid }) => [name, pid]);
      return { variables, processes: Object.fromEntries(processes) };
    });
    for (const step of steps) await startStep(step, supervisor, keepers);
    variables = options.variables?.() ?? {};
    options.onReady();
    if (!end.signal.aborted) await once(end.signal, 'abort');
  } catch (error) {
    if (!end.signal.aborted) throw error;
  } finally {
    end.abort();
    for (const name of STOP_ORDER) await running.get(name)?.stop();
    await Promise.all(keepers);
    unlock();
    process.off('exit', killAll);
    stopListening();
  }
}

async function startStep(
  step: SuperviseOptions['steps'][number],
  supervisor: Supervisor,
  keepers: Promise<void>[],
): Promise<void> {
  supervisor.ending.throwIfAborted();
  if ('run' in step) return step.run(supervisor.ending);
  const starts = [step].flat().map(async (process) => {
    const running = await process.start(supervisor.ending);
    keepers.push(keepAlive(process, running, supervisor));
  });
  // Wait for all of them: one that starts after another has failed has to be stopped too.
  const outcomes = await Promise.allSettled(starts);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
