import type { Mail, Mailer } from '../ports/mail-order.ts';

/** Shows mails to a developer who has no mail server, on standard output. */
export const printingMailer: Mailer = {
  async send({ to, subject, text }: Mail) {
    const body = text.trimEnd().replace(/^/gm, '│ ');
    process.stdout.write(`┌ To: ${to.address}\n│ Subject: ${subject}\n│\n${body}\n└\n`);
  },
};
