import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { hostName } from '../http/base-url.ts';
import type { Routes } from '../http/hono-routes.ts';
import { ProblemError } from '../http/problem.ts';
import { problemSamples } from '../http/problem-samples.ts';
import { inboxPage } from '../pages/inbox-page.ts';
import { showPage } from '../pages/layout.ts';
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
  const read = async () => {
    const { readInbox } = await import('./read-inbox.ts');
    return readInbox(orm.em.fork(), sealer, config);
  };
  routes.use('/inbox/*', (c, next) => {
    if (isLocal(c.env.incoming)) return next();
    throw new ProblemError('forbidden', problemSamples.forbidden[0]);
  });
  routes.get('/inbox', async (c) => {
    const mails = await read();
    if (!c.req.header('accept')?.includes('text/html')) return c.json(mails);
    return showPage(c, inboxPage(mails), config);
  });
  routes.get('/inbox/:id', async (c) => {
    const mails = await read();
    const mail = mails.find(({ id }) => id === c.req.param('id'));
    return mail ? c.html(mail.html, 200, mailHeaders) : c.notFound();
  });
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
