import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sealer } from '../ports/sealer.ts';
import { keyLabel } from './private-key.ts';

/** A column whose texts are sealed, and the label of each. */
export interface SealedColumn {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly condition: string;
  label(id: string): string;
}

export const sealedKeys: SealedColumn = {
  table: 'signing_keys',
  id: 'kid',
  column: 'sealed_private_jwk',
  condition: 'true',
  label: keyLabel,
};

/** As `enqueueMail` seals them. */
export const sealedMails: SealedColumn = {
  table: 'outbox_entries',
  id: 'id',
  column: 'payload',
  condition: "kind = 'mail'",
  label: (id) => id,
};

/** How many there are under today's secret, the one before (now sealed anew), and another. */
export type Resealed = Record<ReturnType<Sealer['secretOf']>, number>;

/**
 * Seals under today's secret what the one before it has sealed. Safe beside running processes and
 * as often as one likes: a text that changed meanwhile is left as it is.
 */
export async function reseal(
  em: SqlEntityManager,
  sealer: Sealer,
  { table, id, column, condition, label }: SealedColumn,
): Promise<Resealed> {
  const counts = { current: 0, previous: 0, other: 0 };
  const sealed = `from ${table} where ${column} is not null and ${condition}`;
  const ids = await em.execute<{ id: string }[]>(`select ${id} as id ${sealed}`);
  for (const row of ids) {
    const [found] = await em.execute<{ text: string }[]>(
      `select ${column} as text ${sealed} and ${id} = ?`,
      [row.id],
    );
    if (!found) continue;
    const secret = sealer.secretOf(found.text);
    counts[secret] += 1;
    if (secret !== 'previous') continue;
    const opened = await sealer.open(label(row.id), found.text);
    const anew = await sealer.seal(label(row.id), opened);
    await em.execute(`update ${table} set ${column} = ? where ${id} = ? and ${column} = ?`, [
      anew,
      row.id,
      found.text,
    ]);
  }
  return counts;
}
