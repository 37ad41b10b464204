import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sealer } from '../ports/sealer.ts';
import { keyLabel } from './private-key.ts';

/** A column of encrypted texts, and the label of each. */
export interface EncryptedColumn {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly condition: string;
  label(id: string): string;
}

export const encryptedKeys: EncryptedColumn = {
  table: 'signing_keys',
  id: 'kid',
  column: 'sealed_private_jwk',
  condition: 'true',
  label: keyLabel,
};

/** Mails as `enqueueMail` encrypts them. */
export const encryptedMails: EncryptedColumn = {
  table: 'outbox_entries',
  id: 'id',
  column: 'payload',
  condition: "kind = 'mail'",
  label: (id) => id,
};

/** Current and previous secrets of webhooks. */
export const encryptedSecrets = ['sealed_secret', 'sealed_previous_secret'].map(
  (column): EncryptedColumn => ({
    table: 'webhooks',
    id: 'id',
    column,
    condition: 'true',
    label: (id) => `webhook ${id}`,
  }),
);

/** Secrets of authenticator apps, in force or waiting for their first code. */
export const encryptedFactors = ['sealed_secret', 'sealed_new_secret'].map(
  (column): EncryptedColumn => ({
    table: 'totp_factors',
    id: 'account_id',
    column,
    condition: 'true',
    label: (id) => `totp ${id}`,
  }),
);

/**
 * Re-encrypts with `SECRET_KEY` all texts that are encrypted with `SECRET_KEY_PREVIOUS`. Safe to
 * repeat and to run concurrently. Returns the number of texts by the secret that encrypted them.
 */
export async function reseal(
  em: SqlEntityManager,
  sealer: Sealer,
  { table, id: key, column, condition, label }: EncryptedColumn,
): Promise<Record<ReturnType<Sealer['secretOf']>, number>> {
  const counts = { current: 0, previous: 0, other: 0 };
  const rows = `from ${table} where ${column} is not null and ${condition}`;
  const ids = await em.execute<{ id: string }[]>(`select ${key} as id ${rows}`);
  for (const { id } of ids) {
    const select = `select ${column} as text ${rows} and ${key} = ?`;
    const [found] = await em.execute<{ text: string }[]>(select, [id]);
    if (!found) continue;
    const secret = sealer.secretOf(found.text);
    counts[secret] += 1;
    if (secret !== 'previous') continue;
    const encrypted = sealer.seal(label(id), sealer.open(label(id), found.text));
    const update = `update ${table} set ${column} = ? where ${key} = ? and ${column} = ?`;
    await em.execute(update, [encrypted, id, found.text]);
  }
  return counts;
}
