import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { renderMail } from '../mail/render.ts';
import { openMail } from '../outbox/claim.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { InboxMail } from '../pages/inbox-page.ts';
import type { Sealer } from '../ports/sealer.ts';

/** Maximum number of mails that are shown. */
const NEWEST = 50;

/** Reads the newest sent mails from the encrypted outbox, newest first. */
export async function readInbox(em: SqlEntityManager, sealer: Sealer): Promise<InboxMail[]> {
  const entries = await em.find(
    OutboxEntry,
    { kind: 'mail', outcome: 'DELIVERED', payload: { $ne: null } },
    { orderBy: { id: 'desc' }, limit: NEWEST },
  );
  const mails = entries.map(async ({ id, payload, createdAt }): Promise<InboxMail[]> => {
    const order = openMail(sealer, id, payload ?? '');
    const rendered = await renderMail(order);
    const code = 'code' in order ? order.code : null;
    return rendered
      ? [{ id, to: order.to, sentAt: createdAt.toISOString(), code, ...rendered }]
      : [];
  });
  return (await Promise.all(mails)).flat();
}
