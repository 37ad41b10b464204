import { createTransport } from 'nodemailer';
import type { Mail, Mailbox, Mailer } from '../ports.ts';

/** Milliseconds. Together they are shorter than the lease on a mail. */
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
    ...timeouts,
  });
  return {
    async send({ messageId, to, subject, text, html }: Mail) {
      await transport.sendMail({
        messageId,
        from,
        to,
        envelope: { from: from.address, to: [to.address] },
        subject,
        text,
        html,
      });
    },
    close: () => transport.close(),
  };
}

/** Whether the mail server will never take this mail: a 5xx reply to it (RFC 5321 §4.2.1). */
export function isPermanentRefusal(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  // Not for other 5xx replies: a wrong password for the mail server is mended by its operator.
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500;
}
