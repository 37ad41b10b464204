import { createHash } from 'node:crypto';
import { raw } from '@mikro-orm/core';
import type { Client, Context } from '../context.ts';
import type { MailContent, MailOrder } from '../ports/mail-order.ts';
import { OutboxEntry } from './outbox-entry.entity.ts';

/** A context inside a transaction. Only a transaction can record an event or enqueue a mail. */
export interface Transaction extends Context {
  /** Entries to announce to the workers after the commit. */
  readonly pending: Pick<OutboxEntry, 'id' | 'kind'>[];
}

/** The part of a transaction that records audit events. */
export interface AuditTransaction extends Pick<Transaction, 'em' | 'clock' | 'newId' | 'pending'> {
  readonly client: Pick<Client, 'ip' | 'userAgent'>;
}

/** Sealed mails are padded to a multiple of this length, so that the size hides the content. */
const MAIL_BLOCK = 2048;

/** Runs `work` in one PostgreSQL transaction, and announces its outbox entries after the commit. */
export async function transaction<T>(ctx: Context, work: (tx: Transaction) => Promise<T>) {
  const pending: Transaction['pending'] = [];
  const result = await ctx.em.transactional((em) => work({ ...ctx, em, pending }));
  for (const { kind, id } of pending) ctx.jobs.announce(kind, id);
  return result;
}

/** Seals a mail into the outbox. The worker sends it after the commit. */
export async function enqueueMail(tx: Transaction, to: string, content: MailContent) {
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

/** Enqueues an audit event as JSON. The event takes over the entry's id and time. */
export function enqueueAudit(tx: AuditTransaction, event: object): void {
  const createdAt = tx.clock.now();
  const id = tx.newId(createdAt);
  const payload = JSON.stringify(event);
  tx.pending.push(tx.em.create(OutboxEntry, { id, kind: 'audit', payload, createdAt }));
}

/**
 * Enqueues an audit event unless one had this key in the last day. @returns its id, if it is new
 */
export async function enqueueAuditOnce(tx: Transaction, key: string, event: object) {
  const now = tx.clock.now();
  const hash = createHash('sha256').update(key).digest('base64url');
  const [entry] = await tx.em.execute<{ id: string }[]>(
    `insert into outbox_entries (id, kind, payload, created_at, idempotency_key)
     values (?, 'audit', ?, ?, ?)
     on conflict (idempotency_key) where idempotency_key is not null do nothing
     returning id`,
    [tx.newId(now), JSON.stringify(event), now, hash],
  );
  if (entry) tx.pending.push({ id: entry.id, kind: 'audit' });
  return entry?.id;
}

/** Drops an audit event that was enqueued in this transaction. Its key stays. */
export async function dropAudit(tx: Transaction, id: string): Promise<void> {
  await tx.em.execute(
    `update outbox_entries set done_at = now(), outcome = 'DROPPED', payload = null where id = ?`,
    [id],
  );
}
