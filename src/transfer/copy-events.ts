import { type ImportedEvent, importEvents } from '../audit/import-events.ts';
import type { Row, Rows } from '../ports/row-source.ts';
import { eventOfDjango } from './django-records.ts';
import { Findings } from './findings.ts';
import type { ImportOptions } from './import-users.ts';

/** Rows of one transaction. */
const BATCH = 5000;

/** Reads and checks all events. Changes nothing. */
export async function planEvents(rows: Rows, source: string) {
  const findings = new Findings();
  let read = 0;
  for await (const row of rows) {
    read += 1;
    const event = eventOfDjango(row, source);
    if (typeof event === 'string') findings.add('invalid', `${row.place}: ${event}`);
  }
  return { read, findings: findings.found };
}

/** Copies the events into the audit log. @returns the number of new ones */
export async function copyEvents(
  rows: Rows,
  { session, source, progress }: Pick<ImportOptions, 'session' | 'source' | 'progress'>,
): Promise<number> {
  let added = 0;
  for await (const batch of batchesOf(rows, source)) {
    added += await importEvents(session, batch);
    progress('audit events', rows.share);
  }
  return added;
}

async function* batchesOf(rows: AsyncIterable<Row>, source: string) {
  let batch: ImportedEvent[] = [];
  for await (const row of rows) {
    const event = eventOfDjango(row, source);
    if (typeof event !== 'string') batch.push(event);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
