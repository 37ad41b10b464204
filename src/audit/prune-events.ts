import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sql } from '../ports/sql.ts';
import { appendSeal, type ChainServices } from './append-seal.ts';
import {
  deleteOldEvents,
  deleteStrayEvents,
  dropPartitions,
  hasOldEvents,
  monthOf,
} from './audit-partitions.ts';
import { dropLists } from './seal-statements.ts';

const STEP = 1000;
const NO_DIGESTS = Buffer.alloc(0);

export interface Pruned {
  /** Names of the dropped partitions. */
  readonly partitions: readonly string[];
  /** Number of rows that were deleted from other partitions. */
  readonly rows: number;
}

/**
 * Deletes the months of the log that ended before `end`. A seal records it first, so that the chain
 * tells pruned rows from missing ones. Safe to interrupt and to run again.
 */
export async function pruneEvents(
  services: ChainServices & { readonly em: SqlEntityManager },
  end: Date,
  signal?: AbortSignal,
): Promise<Pruned> {
  const { em, inTransaction } = services;
  const bound = monthOf(end);
  const repeat = async (step: () => Promise<number>) => {
    let rows = 0;
    for (let found = STEP; found === STEP && !signal?.aborted; rows += found) found = await step();
    return rows;
  };
  const hasOld = await hasOldEvents(em, end);
  if (hasOld) await inTransaction((tx) => sealPruning(services, tx, { bound }));
  const partitions = await dropPartitions(em, end);
  const old = await repeat(() => deleteOldEvents(em, end, STEP));
  const stray = await repeat(() => deleteStrays(services, end));
  const dropped = async (tx: Sql) => (await tx.query(dropLists, [bound, STEP])).length;
  if (hasOld) await repeat(() => inTransaction(dropped));
  return { partitions, rows: old + stray };
}

const sealPruning = (
  services: ChainServices,
  tx: Sql,
  { bound = null, ids = [] }: { bound?: Date | null; ids?: readonly string[] },
): Promise<void> => appendSeal(services, tx, { kind: 'PRUNED', bound, ids, digests: NO_DIGESTS });

/** Deletes rows whose ids do not tell their time. The seal lists them. */
const deleteStrays = (services: ChainServices, end: Date): Promise<number> =>
  services.inTransaction(async (tx) => {
    const ids = (await tx.query(deleteStrayEvents, [end, STEP])).map(({ id }) => id);
    if (ids.length > 0) await sealPruning(services, tx, { ids });
    return ids.length;
  });
