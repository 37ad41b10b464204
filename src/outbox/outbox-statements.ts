import type { Statement } from '../ports/sql.ts';

// Every mutation that succeeds runs this. Prepared, it costs less than half of MikroORM's flush.

/**
 * Writes entries. The values are a list for each column. `seconds` until the expiry count by the
 * clock of PostgreSQL, because those of servers and workers may differ; null means no expiry.
 */
export const insertEntries: Statement = {
  name: 'insert-entries',
  text: `insert into outbox_entries (id, kind, payload, created_at, expires_at)
    select id, kind, payload, created_at, now() + make_interval(secs => seconds)
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::float8[])
      as entry (id, kind, payload, created_at, seconds)`,
};
