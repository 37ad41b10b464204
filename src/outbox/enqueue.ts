import { createHash } from 'node:crypto';
import { raw } from '@mikro-orm/core';
import type { MailContent, MailOrder } from '../ports/mail-order.ts';
import type { Sealer } from '../ports/sealer.ts';
import { OutboxEntry } from './outbox-entry.entity.ts';
import type { Transaction } from './transaction.ts';

/** Characters: every sealed mail is a multiple of this long, so its size does not tell what it is. */
const MAIL_BLOCK = 2048;

/** Seals a mail into the outbox, with what it answers. The worker sends it after the commit. */
export async function enqueueMail(
  tx: Transaction,
  to: string,
  content: MailContent,
): Promise<void> {
  const now = tx.clock.now();
  const { ip, userAgent } = tx.client;
  const order: MailOrder = { ...content, to, asked: { at: now, ip, userAgent } };
  const id = tx.newId(now);
  const text = JSON.stringify(order);
  const padded = text.padEnd(Math.ceil(text.length / MAIL_BLOCK) * MAIL_BLOCK);
  const payload = await tx.sealer.seal(id, padded);
  const expiresAt = 'expiresAt' in content ? content.expiresAt : undefined;
  const seconds = expiresAt ? (expiresAt.getTime() - now.getTime()) / 1000 : null;
  const entry = tx.em.create(OutboxEntry, { id, kind: 'mail', payload, createdAt: now });
  // Uses PostgreSQL's clock, because those of servers and workers may differ. A notice has no
  // expiry, but runs the same statement, so that it takes as long as a code.
  entry.expiresAt = raw('now() + make_interval(secs => ?)', [seconds]);
  tx.pending.push(entry);
}

/** Opens what `enqueueMail` sealed. @throws when the text was changed or moved to another entry */
export async function openMail(sealer: Sealer, id: string, payload: string): Promise<MailOrder> {
  const dates = new Set(['at', 'expiresAt']);
  return JSON.parse(await sealer.open(id, payload), (key, value) =>
    dates.has(key) ? new Date(value) : value,
  );
}

/** Puts an audit event into the outbox, as JSON. The event takes over the entry's id and time. */
export function enqueueAudit(tx: Transaction, event: object): void {
  const now = tx.clock.now();
  const payload = JSON.stringify(event);
  tx.pending.push(
    tx.em.create(OutboxEntry, { id: tx.newId(now), kind: 'audit', payload, createdAt: now }),
  );
}

/**
 * Enqueues an audit event unless one was enqueued under this key before. Waits for another process
 * that is about to do so. The key is kept for a day after the event was written.
 *
 * @returns the id of the entry; undefined if there was one before
 */
export async function enqueueAuditOnce(
  tx: Transaction,
  key: string,
  event: object,
): Promise<string | undefined> {
  const now = tx.clock.now();
  const hash = createHash('sha256').update(key).digest('base64url');
  const [put] = await tx.em.execute<{ id: string }[]>(
    `insert into outbox_entries (id, kind, payload, created_at, idempotency_key)
     values (?, 'audit', ?, ?, ?)
     on conflict (idempotency_key) where idempotency_key is not null do nothing
     returning id`,
    [tx.newId(now), JSON.stringify(event), now, hash],
  );
  if (put) tx.pending.push({ id: put.id, kind: 'audit' });
  return put?.id;
}

/** Drops an audit event that was enqueued in this transaction. Its key stays. */
export async function dropAudit(tx: Transaction, id: string): Promise<void> {
  await tx.em.execute(
    `update outbox_entries set done_at = now(), outcome = 'DROPPED', payload = null where id = ?`,
    [id],
  );
}
