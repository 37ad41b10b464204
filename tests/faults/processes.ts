import type { Part } from '#tests/support/managed-process.ts';

/** How a process ended of which nobody had asked it. */
export interface Fall {
  readonly name: string;
  readonly at: number;
  readonly how: string;
}

/** How long a process took to end that was asked to, in ms, and with what code or signal. */
export interface Leave {
  readonly name: string;
  readonly at: number;
  readonly took: number;
  readonly how: string;
}

/** Starts and ends processes, and notices those that end by themselves. */
export class Processes {
  readonly falls: Fall[] = [];
  readonly leaves: Leave[] = [];
  readonly #expected = new Set<number>();
  #over = false;

  watch(part: Part): void {
    const { name, pid } = part;
    void part.ended.then((how) => {
      if (this.#over || this.#expected.delete(pid)) return;
      this.falls.push({ name, at: Date.now(), how: describeEnd(how) });
      part.start();
      this.watch(part);
    });
  }

  /** Looks no longer: what ends now, has to. */
  close(): void {
    this.#over = true;
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(part: Part, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { name, ended, pid } = part;
    const at = Date.now();
    this.#expected.add(pid);
    part.kill(signal);
    const how = describeEnd(await ended);
    if (signal === 'SIGTERM') this.leaves.push({ name, at, took: Date.now() - at, how });
  }

  async start(part: Part, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    part.start(variables);
    this.watch(part);
    await part.ready();
  }
}

/** `code 0` or `SIGKILL`, out of what a child's `exit` says. */
function describeEnd(how: unknown): string {
  const [code, signal] = how as [number | null, string | null];
  return signal ?? `code ${code}`;
}
