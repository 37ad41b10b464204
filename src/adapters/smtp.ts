import { createTransport } from 'nodemailer';
import type { Mail, Mailbox, Mailer } from '../ports.ts';
import { createMailPlaces } from './mail-places.ts';

/**
 * Milliseconds that one step may take. A server that lets each step take almost as long is stopped
 * by the signal of `send`.
 */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Sends over pooled SMTP connections. Addresses are passed as objects: strings would be parsed. */
export function createSmtpMailer(url: string, from: Mailbox): Mailer & { close(): void } {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    pool: true,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    ...(username && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    disableFileAccess: true,
    disableUrlAccess: true,
    // Who ends a connection wants nothing to follow on it.
    socketCloseTimeout: 0,
    ...timeouts,
  });
  const sendInPlace = createMailPlaces();
  return {
    async send({ messageId, to, subject, text, html }: Mail, signal: AbortSignal) {
      const envelope = { from: from.address, to: [to.address] };
      const mail = { messageId, from, to, envelope, subject, text, html, signal };
      const domain = to.address.slice(to.address.lastIndexOf('@') + 1);
      await sendInPlace(domain, async () => void (await transport.sendMail(mail)));
    },
    close: () => transport.close({ force: true }),
  };
}

/**
 * Whether the mail server will never take this mail: a 5xx reply to its recipient or its text (RFC
 * 5321 §4.2.1). Another 5xx is about the sender or the connection, and mended by the operator.
 */
export function isPermanentRefusal(error: unknown): boolean {
  const {
    code,
    command,
    responseCode = 0,
  } = error as {
    readonly code?: string;
    readonly command?: string;
    readonly responseCode?: number;
  };
  const isOfMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
  // 503: the conversation went wrong.
  return isOfMail && responseCode >= 500 && responseCode !== 503;
}
