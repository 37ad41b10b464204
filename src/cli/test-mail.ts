import { randomUUID } from 'node:crypto';
import type { SmtpMailer } from '../adapters/smtp.ts';

/** Milliseconds that a mail may take. */
const TIMEOUT = 45_000;

/** Sends a mail that says that the settings work. @throws an error with a diagnosis */
export function sendTestMail(mailer: SmtpMailer, from: string, to: string): Promise<void> {
  const text = 'This is a test mail from Gatehouse. Your mail settings work.\n';
  const mail = {
    messageId: `<${randomUUID()}@${from.split('@')[1]}>`,
    to: { name: '', address: to },
    subject: 'Gatehouse test mail',
    text,
    html: `<p>${text}</p>`,
  };
  return mailer.send(mail, AbortSignal.timeout(TIMEOUT));
}
