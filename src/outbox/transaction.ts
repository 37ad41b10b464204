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

/** Encrypted mails are padded to a multiple of this length, so that the size hides the content. */
const MAIL_BLOCK = 2048;

/** Runs `work` in one PostgreSQL transaction, and announces its outbox entries after the commit. */
export async function transaction<T>(ctx: Context, work: (tx: Transaction) => Promise<T>) {
  const pending: Transaction['pending'] = [];
  const result = await ctx.inTransaction((sql) =>
    work({
      ...ctx,
      sql,
      pending,
      get em() {
        return sql.em;
      },
    }),
  );
  for (const { kind, id } of pending) ctx.jobs.announce(kind, id);
  return result;
}

/** Encrypts a mail into the outbox. The worker sends it after the commit. */
export async function enqueueMail(tx: Transaction, to: string, content: MailContent) {
  const now = tx.clock.now();
  const { ip, userAgent } = tx.client;
  const order: MailOrder = { ...content, to, asked: { at: now, ip, userAgent } };
  const id = tx.newId(now);
  const text = JSON.stringify(order);
  const padded = text.padEnd(Math.ceil(text.length / MAIL_BLOCK) * MAIL_BLOCK);
  const payload = tx.sealer.seal(id, padded);
  const expiresAt = 'expiresAt' in content ? content.expiresAt : undefined;
  const seconds = expiresAt ? (expiresAt.getTime() - now.getTime()) / 1000 : null;
  const entry = tx.em.create(OutboxEntry, { id, kind: 'mail', payload, createdAt: now });
  // Uses PostgreSQL's clock, because those of servers and workers may differ. A notice has no
  // expiry, but runs the same statement, so that it takes as long as a code.
  entry.expiresAt = raw('now() + make_interval(secs => ?)', [seconds]);
  tx.pending.push(entry);
}
