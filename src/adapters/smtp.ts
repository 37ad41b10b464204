import { createTransport } from 'nodemailer';
import { DomainLimit } from '../concurrency/domain-limit.ts';
import { HealthProbe } from '../concurrency/health-probe.ts';
import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import type { Mail, Mailbox, Mailer } from '../ports/mail-order.ts';
import type { SpanStart, Tracing } from '../ports/tracing.ts';
import { sendWhole } from './whole-message.ts';

/** Maximum milliseconds of single steps. The signal of `send` limits a whole delivery. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
/** Maximum milliseconds of a check of the mail server. */
const CHECK_TIMEOUT = 20_000;

/** The authority `ca` is PEM. */
type SmtpOptions = {
  from: Mailbox;
  log: Log;
  ca?: string | undefined;
  tracing?: Tracing | undefined;
};

/** Sends over pooled SMTP connections. Addresses are passed as objects: strings would be parsed. */
export class SmtpMailer implements Mailer {
  /** Tracks whether the mail server accepts mail. Rejections of a single recipient do not count. */
  readonly availability: HealthProbe;
  readonly #from: Mailbox;
  readonly #transport;
  readonly #endpoint;
  readonly #domains = new DomainLimit();
  readonly #tracing: Tracing | undefined;
  readonly #span: SpanStart;

  constructor(url: string, { from, log, ca, tracing }: SmtpOptions) {
    this.#from = from;
    this.#tracing = tracing;
    this.#span = spanOf(url);
    this.#transport = createTransport({
      pool: true,
      ...connectionOf(url),
      tls: { ...(ca && { ca }) },
      disableFileAccess: true,
      disableUrlAccess: true,
      // Closes a socket immediately.
      socketCloseTimeout: 0,
      ...timeouts,
    });
    this.#transport.use('stream', ({ message }, done) => {
      sendWhole(message);
      done();
    });
    this.#endpoint = endpointOf('SMTP', url);
    const ask = () => this.verify();
    this.availability = new HealthProbe({ part: this.#endpoint, log, ask, timeout: CHECK_TIMEOUT });
  }

  async send({ messageId, to, subject, text, html }: Mail, signal: AbortSignal): Promise<void> {
    const from = this.#from;
    const envelope = { from: from.address, to: [to.address] };
    // Suppresses automatic replies, such as out-of-office notices (RFC 3834).
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const mail = { messageId, from, to, envelope, subject, text, html, headers, signal };
    const domain = to.address.slice(to.address.lastIndexOf('@') + 1);
    await this.#domains.run(domain, async () => {
      try {
        const send = () => this.#explain(this.#transport.sendMail(mail));
        await (this.#tracing?.run(this.#span, send) ?? send());
        this.availability.markUp();
      } catch (error) {
        if (!isAboutMail(error) && !signal.aborted) this.availability.markDown(error);
        throw error;
      }
    });
  }

  /** Connects, negotiates TLS and signs in. @throws the error of the failed step */
  async verify(): Promise<void> {
    await this.#explain(this.#transport.verify());
  }

  close(): void {
    this.#transport.close({ force: true });
  }

  async #explain(work: Promise<unknown>): Promise<void> {
    await work.catch((error) => {
      attachDiagnosis(error, this.#endpoint);
      throw error;
    });
  }
}

/** Returns the start of the span of a mail, without its addresses. */
const spanOf = (url: string): SpanStart => ({
  name: 'SMTP send',
  kind: 'client',
  attributes: { 'network.protocol.name': 'smtp', 'server.address': new URL(url).hostname },
});

/**
 * Reads `SMTP_URL`. Port 465 uses implicit TLS (RFC 8314). On other ports, credentials require
 * STARTTLS unless `tls=off` is set. Without credentials, STARTTLS is used if the server offers it.
 */
function connectionOf(url: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const mode = searchParams.get('tls');
  const secure = protocol === 'smtps:' || (port === '465' && mode !== 'off');
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    ignoreTLS: mode === 'off',
    requireTLS: mode === 'required' || (mode !== 'off' && username !== ''),
    ...(username && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  };
}

type SmtpFailure = Partial<Record<'code' | 'command' | 'response', string>> & {
  responseCode?: number;
};

/** Whether a failure concerns one mail's recipient or text, rather than sender or connection. */
function isAboutMail(error: unknown): boolean {
  const { code, command } = error as SmtpFailure;
  return code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
}

/** Whether the server will never accept this mail: 5xx to its recipient or text (RFC 5321 §4.2.1). */
export function isPermanentRejection(error: unknown): boolean {
  const { responseCode = 0 } = error as SmtpFailure;
  // 503 is a wrong order of commands.
  return isAboutMail(error) && responseCode >= 500 && responseCode !== 503;
}

/**
 * Whether the server refused the mailbox itself for good. Policy, quota, sender and text do not count
 * (RFC 3463 §3.2 and §3.3).
 */
export function isRefusedMailbox(error: unknown): boolean {
  const { command, response = '' } = error as SmtpFailure;
  if (command !== 'RCPT TO' || !isPermanentRejection(error)) return false;
  const [, reply = '', status] = /^(\d{3})[- ](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(response) ?? [];
  // 5.1.7 and 5.1.8 are about the sender.
  return status ? /^5\.(1\.(?![78]$)\d+|2\.1)$/.test(status) : /^55[013]$/.test(reply);
}
