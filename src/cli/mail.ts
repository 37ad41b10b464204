import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { Argument, InvalidArgumentError } from 'commander';
import { address as addressShape } from '../accounts/email-address.ts';
import { createLog } from '../adapters/pino-log.ts';
import { SmtpMailer } from '../adapters/smtp.ts';
import { ConfigError } from '../config/load-config.ts';
import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import { readCommandConfig } from './command-config.ts';
import type { Define, Terminal } from './command-line.ts';
import { definePreview } from './mail-preview.ts';
import { sendTestMail } from './test-mail.ts';

/** Milliseconds that a connection may take. */
const TIMEOUT = 10_000;

export const define: Define = (mail, terminal) => {
  definePreview(mail, terminal);
  mail
    .command('test')
    .description('Sends a test mail and reports each step, with the fix if it fails.')
    .addArgument(new Argument('<address>', 'recipient of the mail').argParser(readAddress))
    .action((to: string) => test(terminal, to));
};

function readAddress(word: string): string {
  const { success, data } = addressShape.safeParse(word);
  if (success) return data;
  throw new InvalidArgumentError('Enter a valid email address.');
}

async function test(terminal: Terminal, to: string): Promise<void> {
  const needed = ['smtpUrl', 'smtpCa', 'mailFrom'] as const;
  const { smtpUrl, smtpCa, mailFrom } = await readCommandConfig(terminal, needed);
  if (!smtpUrl)
    throw new ConfigError('SMTP_URL: not set, so the worker prints mails. Set SMTP_URL.');
  const log = createLog('silent', 'mail');
  const mailer = new SmtpMailer(smtpUrl, { from: mailFrom, log, ca: smtpCa });
  /** Runs one step and prints its result. */
  const step = async (name: string, work: Promise<unknown>) => {
    const result = await work.then(
      () => 'ok    ',
      () => 'failed',
    );
    terminal.stdout.write(`${result}  ${name}\n`);
    await work;
  };
  try {
    const { address } = endpointOf('SMTP', smtpUrl);
    await step(`connect to ${address}`, reach(smtpUrl));
    await step('negotiate TLS and sign in', mailer.verify());
    await step(
      `send a mail from ${mailFrom.address} to ${to}`,
      sendTestMail(mailer, mailFrom.address, to),
    );
  } finally {
    mailer.close();
  }
}

/** Resolves the host and connects. @throws an error with a diagnosis */
async function reach(smtpUrl: string): Promise<void> {
  const endpoint = endpointOf('SMTP', smtpUrl);
  const { address: hostAndPort } = endpoint;
  const colon = hostAndPort.lastIndexOf(':');
  const host = hostAndPort.slice(0, colon).replace(/^\[|\]$/g, '');
  try {
    if (!isIP(host)) await lookup(host);
    const socket = connect(Number(hostAndPort.slice(colon + 1)), host);
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(TIMEOUT, () => reject(new Error('ETIMEDOUT')));
      socket.once('connect', resolve).once('error', reject);
    }).finally(() => socket.destroy());
  } catch (error) {
    attachDiagnosis(error, endpoint);
    throw error;
  }
}
