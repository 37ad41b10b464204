import { record } from '#src/audit/record.ts';
import { enqueueMail, type Transaction, writeEntries } from '#src/outbox/transaction.ts';
import type { SqlTransaction, Statement } from '#src/ports/sql.ts';
import { deleteOrphans, deleteWebhookRows, setAsideOff } from '#src/webhooks/attempt-statements.ts';
import { originOfUrl } from '#src/webhooks/create-webhook.ts';
import { switchOffFailing } from '#src/webhooks/webhook-statements.ts';
import { RETRY_DAYS } from '#src/webhooks/webhook-types.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

/** Rows that one statement changes. */
const STEP = 500;

const client = { ip: '127.0.0.1', userAgent: 'worker' };

const selectAdmins: Statement<{ email: string; locale: string | null }> = {
  name: 'select-admins',
  text: `select email, locale from accounts
    where role = 'ADMIN' and disabled_at is null and email_verified_at is not null`,
};

/** Switches off webhooks that have failed for three days, and mails all administrators. */
export async function switchOffWebhooks(worker: WorkerContext, signal: AbortSignal) {
  const off = await worker.inTransaction((sql) => switchOff(worker, sql));
  for (const webhook of off) {
    worker.log.warn(
      { event: 'webhook-switched-off', webhook },
      'Switched off a webhook that has failed for three days. Run `npx gatehouse webhooks list`.',
    );
  }
  const setAside = (size: number) => worker.sql.query(setAsideOff, [size]);
  const failed = await inSteps(STEP, async (size) => (await setAside(size)).length, signal);
  if (failed > 0) worker.metrics.add('webhooks', ['FAILED'], failed);
}

/** The mails and events are not announced; the sweep of a worker finds them. */
async function switchOff({ clock, newId, sealer }: WorkerContext, sql: SqlTransaction) {
  const lists: Pick<Transaction, 'unwritten' | 'written'> = { unwritten: [], written: [] };
  const tx = { clock, newId, sealer, sql, client, ...lists };
  const off = await sql.query(switchOffFailing, [RETRY_DAYS]);
  for (const { id, url } of off) {
    record(tx, 'WEBHOOK_SWITCHED_OFF', '', { webhook: id, origin: originOfUrl(url), by: 'worker' });
  }
  for (const admin of off.length > 0 ? await sql.query(selectAdmins) : []) {
    await enqueueMail(tx, admin, { about: 'WEBHOOK_SWITCHED_OFF' });
  }
  await writeEntries(tx);
  return off.map(({ id }) => id);
}

/** Deletes what is left of deleted webhooks. */
export async function deleteWebhooks({ sql }: WorkerContext, signal: AbortSignal): Promise<void> {
  const step = async (size: number) => (await sql.query(deleteOrphans, [size])).length;
  await inSteps(STEP, step, signal);
  await sql.query(deleteWebhookRows);
}
