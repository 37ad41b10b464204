import type { MailContent, MailOrder, OutboxKind, Sealer } from '../ports.ts';
import { OutboxEntry } from './outbox-entry.entity.ts';
import type { Transaction } from './transaction.ts';

/** Characters: every sealed mail is a multiple of this long, so its size does not tell what it is. */
const MAIL_BLOCK = 2048;

/** Seals a mail into the outbox, with what it answers. The worker sends it after the commit. */
export async function putMail(tx: Transaction, to: string, content: MailContent): Promise<void> {
  const now = tx.clock.now();
  const { ip, userAgent } = tx.client;
  const order: MailOrder = { ...content, to, asked: { at: now, ip, userAgent } };
  const id = tx.newId(now);
  const text = JSON.stringify(order);
  const padded = text.padEnd(Math.ceil(text.length / MAIL_BLOCK) * MAIL_BLOCK);
  put(tx, id, 'mail', await tx.sealer.seal(id, padded), now);
}

/** Opens what `putMail` sealed. @throws when the text was changed or moved to another entry */
export async function openMail(sealer: Sealer, id: string, payload: string): Promise<MailOrder> {
  const dates = new Set(['at', 'expiresAt']);
  return JSON.parse(await sealer.open(id, payload), (key, value) =>
    dates.has(key) ? new Date(value) : value,
  );
}

/** Puts an audit event into the outbox, as JSON. The event takes over the entry's id and time. */
export function putAudit(tx: Transaction, event: object): void {
  const now = tx.clock.now();
  put(tx, tx.newId(now), 'audit', JSON.stringify(event), now);
}

function put(tx: Transaction, id: string, kind: OutboxKind, payload: string, at: Date): void {
  tx.pending.push(tx.em.create(OutboxEntry, { id, kind, payload, createdAt: at }));
}
