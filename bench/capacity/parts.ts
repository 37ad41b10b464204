import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, cpuMicrosecondsWithEnded } from '../machine/cpu-time.ts';
import type { Lab } from '../setup/lab.ts';

/** The parts of an installation that use CPU time. */
export const parts = ['server', 'worker', 'postgres', 'redis'] as const;
export type Part = (typeof parts)[number];

/** A number of each part: CPU time in microseconds, or cores. */
export type PerPart = Readonly<Record<Part, number>>;

/** CPU time and log that an installation used in a time. */
export interface Use {
  readonly seconds: number;
  readonly cpu: PerPart;
  /** Bytes of PostgreSQL's write-ahead log. */
  readonly wal: number;
}

export const perPart = (of: (part: Part) => number): PerPart => ({
  server: of('server'),
  worker: of('worker'),
  postgres: of('postgres'),
  redis: of('redis'),
});

/** Measures what work uses, until the worker has done what it causes. */
export async function useOf(lab: Lab, work: () => Promise<unknown>): Promise<Use> {
  const before = await readUse(lab);
  await work();
  await emptyOutbox(lab);
  const after = await readUse(lab);
  return {
    seconds: after.seconds - before.seconds,
    cpu: perPart((part) => after.cpu[part] - before.cpu[part]),
    wal: after.wal - before.wal,
  };
}

async function readUse({ server, worker, stores, sql }: Lab): Promise<Use> {
  const pids = { ...stores.pids, server: server.pid, worker: worker.pid };
  const [row] = await sql<{ wal: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal`,
  );
  return {
    seconds: performance.now() / 1000,
    cpu: perPart((part) =>
      // PostgreSQL replaces processes.
      part === 'postgres' ? cpuMicrosecondsWithEnded(pids[part]) : cpuMicroseconds(pids[part]),
    ),
    wal: Number(row?.wal),
  };
}

/** Waits until the worker has sent every mail and written every audit event. */
export async function emptyOutbox({ sql }: Lab): Promise<void> {
  const ask = () => sql('select 1 from outbox_entries where done_at is null limit 1');
  while ((await ask()).length > 0) await sleep(20);
}
