import { NIL_ID } from '../ports/clock.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import { idsAt } from './id-range.ts';
import type { AuditRow } from './list-events.ts';

const STEP = 1000;

type ExportedEvent = AuditRow & { readonly accountId: string | null };

/** Values: id of the row before, last id, names of events or null, number of rows. */
const exportPage: Statement<ExportedEvent> = {
  name: 'export-audit-events',
  text: `select id::text as id, event, email, account_id::text as "accountId",
      ip_address as "ipAddress", user_agent as "userAgent", metadata, created_at as "createdAt"
    from audit_events
    where id > $1::uuid and id <= $2::uuid and ($3::text[] is null or event = any($3))
    order by id limit $4`,
};

/** Events to export. */
export interface ExportRange {
  /** The first time; the first event by default. */
  readonly from?: Date | undefined;
  /** The last time; the last event by default. */
  readonly to?: Date | undefined;
  /** Names of events; all by default. */
  readonly events?: readonly string[] | undefined;
}

/** Reads events as JSON Lines, oldest first. */
export async function* exportEvents(
  sql: Sql,
  { from, to, events }: ExportRange,
): AsyncGenerator<string> {
  const end = to ? idsAt(to.getTime()).last : 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  let before = from ? idsAt(from.getTime() - 1).last : NIL_ID;
  for (;;) {
    const page = await sql.query(exportPage, [before, end, events ?? null, STEP]);
    if (page.length > 0) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
    const last = page.at(-1);
    if (!last || page.length < STEP) return;
    before = last.id;
  }
}
