import type { ManagedProcess, Script } from '#tests/support/managed-process.ts';

/** How a process ended of which nobody had asked it. */
export interface UnexpectedExit {
  readonly name: string;
  readonly at: number;
  readonly how: string;
}

/** How long a process took to end that was asked to, in ms, and with what code or signal. */
export interface RequestedExit {
  readonly name: string;
  readonly at: number;
  readonly took: number;
  readonly how: string;
}

/** Starts and ends processes, and notices those that end by themselves. */
export class Processes {
  readonly unexpectedExits: UnexpectedExit[] = [];
  readonly requestedExits: RequestedExit[] = [];
  readonly #expected = new Set<number>();
  #over = false;

  watch(instance: ManagedProcess): void {
    const { name, pid } = instance;
    void instance.ended.then((how) => {
      if (this.#over || this.#expected.delete(pid)) return;
      this.unexpectedExits.push({ name, at: Date.now(), how: describeEnd(how) });
      instance.start();
      this.watch(instance);
    });
  }

  /** Looks no longer: what ends now, has to. */
  close(): void {
    this.#over = true;
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(instance: ManagedProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { name, ended, pid } = instance;
    const at = Date.now();
    this.#expected.add(pid);
    instance.kill(signal);
    const how = describeEnd(await ended);
    if (signal === 'SIGTERM') this.requestedExits.push({ name, at, took: Date.now() - at, how });
  }

  async start(
    instance: ManagedProcess,
    variables: Readonly<Record<string, string>> = {},
    script?: Script,
  ): Promise<void> {
    instance.start(variables, script);
    this.watch(instance);
    await instance.ready();
  }
}

/** `code 0` or `SIGKILL`, out of what a child's `exit` says. */
function describeEnd(how: unknown): string {
  const [code, signal] = how as [number | null, string | null];
  return signal ?? `code ${code}`;
}
