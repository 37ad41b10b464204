import { setTimeout as sleep } from 'node:timers/promises';
import { formatError } from './format-error.ts';
import type { ManagedProcess, Running } from './managed-process.ts';

/** State of a supervisor. */
export interface Supervisor {
  /** Prints a line in the terminal. */
  readonly say: (line: string) => void;
  /** Aborted when everything has to end. */
  readonly ending: AbortSignal;
  /** Running processes by name. */
  readonly running: Map<string, Running>;
}

/** Milliseconds before a restart: doubled each time, reset after a run of `resetAfter`. */
const PAUSE = { first: 100, longest: 5_000, resetAfter: 10_000 };

/** Restarts a process whenever it ends. Resolves when the supervisor ends and the process is gone. */
export async function keepAlive(
  { name, start }: ManagedProcess,
  first: Running,
  { say, ending, running }: Supervisor,
): Promise<void> {
  let pause = PAUSE.first;
  for (let live: Running | undefined = first; live; ) {
    running.set(name, live);
    const startedAt = Date.now();
    // It may have become ready after the supervisor has ended the others.
    if (ending.aborted) await live.stop();
    let problem = `ended (${await live.exited})`;
    running.delete(name);
    if (Date.now() - startedAt >= PAUSE.resetAfter) pause = PAUSE.first;
    live = undefined;
    while (!live && !ending.aborted) {
      say(`${name} ${problem}: starting it again in ${pause} ms`);
      await sleep(pause, undefined, { signal: ending }).catch(() => undefined);
      pause = Math.min(pause * 2, PAUSE.longest);
      live = await start(ending).catch((error: unknown) => {
        problem = `does not start (${formatError(error)})`;
        return undefined;
      });
    }
  }
}
