import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { html } from 'hono/html';
import ipaddr from 'ipaddr.js';
import { renderMail } from '../mail/render.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import { openMail } from '../outbox/put.ts';
import type { Sealer } from '../ports.ts';
import { hostName } from './allowed-hosts.ts';

/** How many mails are shown. */
const NEWEST = 50;

/** A mail as the inbox shows it. */
export interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: string;
  readonly text: string;
  readonly html: string;
  readonly code: string | null;
}

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

/** What the HTML of a mail may do while it is looked at: nothing but have a style. */
export const mailContentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox";

export interface InboxPage {
  readonly body: string;
  readonly contentSecurityPolicy: string;
}

export async function inboxPage(mails: readonly InboxMail[]): Promise<InboxPage> {
  const nonce = randomBytes(16).toString('base64');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gatehouse inbox</title>
<style nonce="${nonce}">
  body { max-width: 720px; margin: 0 auto; padding: 24px; color: #18181b; background: #f4f4f5;
    font: 16px/1.5 system-ui, sans-serif; }
  article { margin: 16px 0; padding: 16px; background: #fff; border-radius: 8px; }
  h2 { margin: 0; font-size: 18px; }
  pre { white-space: pre-wrap; font: 14px/1.5 system-ui, sans-serif; }
  code { font: bold 24px monospace; letter-spacing: 3px; }
  small { color: #52525b; }
</style>
</head>
<body>
<h1>Inbox</h1>
<p>The newest ${NEWEST} mails that this Gatehouse has sent. The page looks for new ones by itself.</p>
<main>
${mails.map(
  (mail) => html`<article>
<h2>${mail.subject}</h2>
<small>to ${mail.to} · ${mail.sentAt} · <a href="/inbox/${mail.id}">as HTML</a></small>
${mail.code && html`<p><code>${mail.code}</code> <button data-code="${mail.code}">Copy</button></p>`}
<pre>${mail.text}</pre>
</article>`,
)}
${mails.length === 0 && html`<p>No mail yet.</p>`}
</main>
<script nonce="${nonce}">
  const newest = '${mails[0]?.id ?? ''}';
  document.addEventListener('click', (event) => {
    const code = event.target.dataset.code;
    if (code) navigator.clipboard.writeText(code);
  });
  setInterval(async () => {
    const answer = await fetch('/inbox', { headers: { accept: 'application/json' } });
    const mails = answer.ok ? await answer.json() : [];
    if (mails.length > 0 && mails[0].id !== newest) location.reload();
  }, 2000);
</script>
</body>
</html>
`;
  return {
    body: (await page).toString(),
    contentSecurityPolicy:
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
}
