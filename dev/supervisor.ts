import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEndSignals } from './end-signals.ts';
import { formatError } from './format-error.ts';
import { takeLock } from './lock.ts';
import type { ManagedProcess, Running, Task } from './managed-process.ts';

interface SuperviseOptions {
  /** Data directory. One supervisor at a time. */
  readonly directory: string;
  /** Processes and tasks, started one after the other. Processes in a list start together. */
  readonly steps: readonly (ManagedProcess | Task | readonly ManagedProcess[])[];
  readonly say: (line: string) => void;
  readonly onReady: () => void;
  /** Returns the settings for commands in this directory. Called once everything runs. */
  readonly variables?: () => Readonly<Record<string, string>>;
}

interface Supervisor extends Pick<SuperviseOptions, 'say'> {
  readonly ending: AbortSignal;
  readonly running: Map<string, Running>;
  readonly keepers: Promise<void>[];
}

/** Shutdown order: a process ends before the processes that it uses. */
const STOP_ORDER = ['server', 'worker', 'redis', 'postgres'];

/** Milliseconds before a restart: doubled each time, reset after a run of `resetAfter`. */
const PAUSE = { first: 100, longest: 5_000, resetAfter: 10_000 };

/**
 * Starts processes, restarts each that dies, and stops them in order at a signal. A second signal
 * kills them. Leaves no process behind. Rejects if something does not start.
 */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { directory, say, steps } = options;
  const end = new AbortController();
  const supervisor: Supervisor = { say, ending: end.signal, running: new Map(), keepers: [] };
  const { running, keepers } = supervisor;
  const announce = () => {
    say('Stopping …');
    end.abort();
  };
  const killAll = () => [...running.values()].map(({ kill }) => kill());
  const stopListening = onEndSignals(announce, killAll);
  process.once('exit', killAll);
  let variables = {};
  let unlock = () => {};
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    unlock = await takeLock(directory, () => {
      const processes = [...running.values()].map(({ name, pid }) => [name, pid]);
      return { variables, processes: Object.fromEntries(processes) };
    });
    for (const step of steps) await startStep(step, supervisor);
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

async function startStep(step: SuperviseOptions['steps'][number], supervisor: Supervisor) {
  const { ending, keepers } = supervisor;
  ending.throwIfAborted();
  if ('run' in step) return step.run(ending);
  const starts = [step].flat().map(async (process) => {
    const running = await process.start(ending);
    keepers.push(keepAlive(process, running, supervisor));
  });
  // Waits for all starts, because a process that becomes ready after another one failed must be
  // stopped too.
  const outcomes = await Promise.allSettled(starts);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Restarts a process whenever it ends. Resolves when the supervisor and the process have ended. */
async function keepAlive(
  { name, start }: ManagedProcess,
  first: Running,
  { say, ending, running }: Supervisor,
): Promise<void> {
  let pause = PAUSE.first;
  for (let live: Running | undefined = first; live; ) {
    running.set(name, live);
    const startedAt = Date.now();
    // It may have become ready after the supervisor has stopped the others.
    if (ending.aborted) await live.stop();
    let problem = `ended (${await live.exited})`;
    running.delete(name);
    if (Date.now() - startedAt >= PAUSE.resetAfter) pause = PAUSE.first;
    live = undefined;
    while (!live && !ending.aborted) {
      say(`${name} ${problem}: restarting in ${pause} ms`);
      await sleep(pause, undefined, { signal: ending }).catch(() => undefined);
      pause = Math.min(pause * 2, PAUSE.longest);
      live = await start(ending).catch((error: unknown) => {
        problem = `did not start (${formatError(error)})`;
        return undefined;
      });
    }
  }
}
