import type { Statement } from '../ports/sql.ts';

/**
 * Writes the entries of a mutation. The values are a list for each column. `seconds` until the expiry
 * count by the clock of PostgreSQL, because those of servers and workers may differ; null means no
 * expiry.
 */
export const insertEntries: Statement = {
  name: 'insert-entries',
  text: `insert into outbox_entries (id, kind, payload, created_at, expires_at)
    select id, kind, payload, created_at, now() + make_interval(secs => seconds)
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::float8[])
      as entry (id, kind, payload, created_at, seconds)`,
};

/** Writes an outbox entry with an idempotency key. No row if there is one with this key. */
export const insertEntryOnce: Statement<{ id: string }> = {
  name: 'insert-entry-once',
  text: `insert into outbox_entries (id, kind, payload, created_at, idempotency_key)
    values ($1, $2, $3, $4, $5)
    on conflict (idempotency_key) where idempotency_key is not null do nothing
    returning id`,
};
