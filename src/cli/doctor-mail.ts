import { createLog } from '../adapters/pino-log.ts';
import { SmtpMailer } from '../adapters/smtp.ts';
import type { Config } from '../config/load-config.ts';
import { diagnosisOf } from '../errors/outage-diagnosis.ts';
import { loadMailTemplates } from '../mail/mail-templates.ts';
import { type Finding, Findings } from './finding.ts';
import { sendTestMail } from './test-mail.ts';

/** Checks the mail server. @param to recipient of a test mail, if one is wanted */
export async function checkMail(
  { smtpUrl, smtpCa: ca, mailFrom: from, mailTemplates }: Config,
  to: string | undefined,
): Promise<readonly Finding[]> {
  const findings = new Findings('Mail');
  const { problems } = loadMailTemplates(mailTemplates);
  for (const problem of problems) findings.problem(problem);
  if (!smtpUrl) {
    findings.warning('SMTP_URL is not set, so the worker prints mails. Set it to send them.');
    return findings.all;
  }
  const mailer = new SmtpMailer(smtpUrl, { from, log: createLog('silent', 'doctor'), ca });
  try {
    await mailer.verify();
    findings.ok('the mail server accepts the connection and the credentials');
    if (to) {
      await sendTestMail(mailer, from.address, to);
      findings.ok(`the mail server accepted a mail to ${to}`);
    }
  } catch (error) {
    const line = diagnosisOf(error)?.line;
    if (!line) throw error;
    findings.problem(line);
  } finally {
    mailer.close();
  }
  return findings.all;
}
