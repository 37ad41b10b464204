import type { IncomingMessage } from 'node:http';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import ipaddr from 'ipaddr.js';
import { hostName } from '../http/allowed-hosts.ts';
import { renderMail } from '../mail/render.ts';
import { openMail } from '../outbox/enqueue.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { InboxMail } from '../pages/inbox-page.ts';
import type { Sealer } from '../ports/sealer.ts';

/** How many mails are shown. */
const NEWEST = 50;

const forwarding = /^(via|forwarded|x-forwarded-.+|x-real-ip|cf-connecting-ip)$/;

/**
 * Whether the inbox may be shown: to this machine alone, and not through a proxy on it. The name
 * that was asked for counts too, or a foreign web page could read the inbox under a name of its own
 * that leads here.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  if (!socket.remoteAddress || !isLoopback(socket.remoteAddress)) return false;
  if (Object.keys(headers).some((name) => forwarding.test(name))) return false;
  const name = hostName(headers.host)?.replace(/^\[|\]$/g, '') ?? '';
  return name === 'localhost' || (ipaddr.isValid(name) && isLoopback(name));
}

const isLoopback = (address: string) => ipaddr.process(address).range() === 'loopback';

/** The newest mails, newest first, out of the sealed outbox. */
export async function readInbox(em: SqlEntityManager, sealer: Sealer): Promise<InboxMail[]> {
  const entries = await em.find(
    OutboxEntry,
    { kind: 'mail', outcome: 'DELIVERED', payload: { $ne: null } },
    { orderBy: { id: 'desc' }, limit: NEWEST },
  );
  const mails = entries.map(async ({ id, payload, createdAt }): Promise<InboxMail[]> => {
    const order = await openMail(sealer, id, payload ?? '');
    const rendered = await renderMail(order);
    const code = 'code' in order ? order.code : null;
    return rendered
      ? [{ id, to: order.to, sentAt: createdAt.toISOString(), code, ...rendered }]
      : [];
  });
  return (await Promise.all(mails)).flat();
}

/** Headers of a mail's HTML: only styles may load, and only the inbox may frame it. */
export const mailHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'self'; sandbox",
  'x-frame-options': 'SAMEORIGIN',
};
