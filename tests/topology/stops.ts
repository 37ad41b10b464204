import type { Processes } from '#tests/faults/processes.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import type { TopologyEvent } from './event.ts';

/** Something that stops, and what surrounds it. */
export interface Stoppable {
  kill(): Promise<unknown>;
  freeze(): unknown;
  thaw(): unknown;
  restart(): Promise<unknown>;
}

type Kind = Omit<TopologyEvent, 'name' | 'begin' | 'end'> & {
  readonly title: string;
  find(): Promise<Stoppable>;
  settled?(): Promise<unknown>;
};

/** A kill and a freeze of one part. */
export function stops({ title, find, settled, ...kind }: Kind): TopologyEvent[] {
  let part: Stoppable | undefined;
  return [
    {
      ...kind,
      name: `kill ${title}`,
      async begin() {
        part = await find();
        await part.kill();
      },
      async end() {
        await part?.restart();
        await settled?.();
      },
    },
    {
      ...kind,
      name: `freeze ${title}`,
      async begin() {
        part = await find();
        part.freeze();
      },
      async end() {
        part?.thaw();
        await settled?.();
      },
    },
  ];
}

export const stoppable = (
  processes: Processes,
  instance: ManagedProcess | undefined,
): Stoppable => {
  if (!instance) throw new Error('no such process');
  return {
    kill: () => processes.end(instance, 'SIGKILL'),
    freeze: () => instance.kill('SIGSTOP'),
    thaw: () => instance.kill('SIGCONT'),
    restart: () => processes.start(instance),
  };
};
