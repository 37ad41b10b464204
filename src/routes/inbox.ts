import type { IncomingMessage } from 'node:http';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import ipaddr from 'ipaddr.js';
import { hostName } from '../http/base-url.ts';
import type { Routes } from '../http/hono-routes.ts';
import { ProblemError } from '../http/problem.ts';
import { problemSamples } from '../http/problem-samples.ts';
import { renderMail } from '../mail/render.ts';
import { openMail } from '../outbox/claim.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import { type InboxMail, inboxPage } from '../pages/inbox-page.ts';
import { showPage } from '../pages/layout.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Runtime } from '../services.ts';

/** Headers of a mail's HTML: only styles may load, and only the inbox may frame it. */
const mailHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'self'; sandbox",
  'x-frame-options': 'SAMEORIGIN',
};

/** Adds the inbox of sent mails, for development. */
export function addInbox(routes: Routes, { config, orm, sealer }: Runtime): void {
  routes.use('/inbox/*', (c, next) => {
    if (isLocal(c.env.incoming)) return next();
    throw new ProblemError('forbidden', problemSamples.forbidden[0]);
  });
  routes.get('/inbox', async (c) => {
    const mails = await readInbox(orm.em.fork(), sealer);
    if (!c.req.header('accept')?.includes('text/html')) return c.json(mails);
    return showPage(c, inboxPage(mails), config);
  });
  routes.get('/inbox/:id', async (c) => {
    const mails = await readInbox(orm.em.fork(), sealer);
    const mail = mails.find(({ id }) => id === c.req.param('id'));
    return mail ? c.html(mail.html, 200, mailHeaders) : c.notFound();
  });
}

/** Maximum number of mails that are shown. */
const NEWEST = 50;

/** Reads the newest sent mails from the encrypted outbox, newest first. */
async function readInbox(em: SqlEntityManager, sealer: Sealer): Promise<InboxMail[]> {
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

const forwarding = /^(via|forwarded|x-forwarded-.+|x-real-ip|cf-connecting-ip)$/;

/**
 * Whether a request comes from this machine, and not through a proxy on it. Checks the host too,
 * because a foreign page could use a domain that resolves to this machine.
 */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  if (!socket.remoteAddress || !isLoopback(socket.remoteAddress)) return false;
  if (Object.keys(headers).some((name) => forwarding.test(name))) return false;
  const name = hostName(headers.host)?.replace(/^\[|\]$/g, '') ?? '';
  return name === 'localhost' || (ipaddr.isValid(name) && isLoopback(name));
}

const isLoopback = (address: string) => ipaddr.process(address).range() === 'loopback';
