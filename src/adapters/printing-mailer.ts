import type { Mail, Mailer } from '../ports/mail-order.ts';

/** Prints mails to standard output, for development without a mail server. */
export const printingMailer: Mailer = {
  async send({ to, subject, text }: Mail) {
    const body = text.trimEnd().replace(/^/gm, '│ ');
    process.stdout.write(`┌ To: ${to.address}\n│ Subject: ${subject}\n│\n${body}\n└\n`);
  },
};
