import { createTransport } from 'nodemailer';
import { createDomainLimit } from '../concurrency/domain-limit.ts';
import { HealthProbe } from '../concurrency/health-probe.ts';
import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import type { Mail, Mailbox, Mailer } from '../ports/mail-order.ts';

/**
 * Milliseconds that one step may take. A server that lets each step take almost as long is stopped
 * by the signal of `send`.
 */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
/** Milliseconds that a check of the mail server may take. */
const VERIFICATION = 20_000;

export interface SmtpOptions {
  readonly from: Mailbox;
  readonly log: Log;
  /** PEM of a private certificate authority. */
  readonly ca?: string | undefined;
}

export interface SmtpMailer extends Mailer {
  /** Whether the mail server accepts mail. Refusals of a single recipient do not count. */
  readonly availability: HealthProbe;
  /**
   * Connects, negotiates TLS and signs in, but sends nothing. @throws the error of the failed step
   */
  verify(): Promise<unknown>;
  close(): void;
}

/** Sends over pooled SMTP connections. Addresses are passed as objects: strings would be parsed. */
export function createSmtpMailer(url: string, { from, log, ca }: SmtpOptions): SmtpMailer {
  const endpoint = endpointOf('SMTP', url);
  const transport = createTransport({
    pool: true,
    ...connectionOf(url),
    tls: { ...(ca && { ca }) },
    disableFileAccess: true,
    disableUrlAccess: true,
    // Who ends a connection wants nothing to follow on it.
    socketCloseTimeout: 0,
    ...timeouts,
  });
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      attachDiagnosis(error, endpoint);
      throw error;
    }
  };
  const verify = () => explained(transport.verify());
  const availability = new HealthProbe({ part: endpoint, log, ask: verify, timeout: VERIFICATION });
  const sendToDomain = createDomainLimit();
  return {
    async send({ messageId, to, subject, text, html }: Mail, signal: AbortSignal) {
      const envelope = { from: from.address, to: [to.address] };
      // Suppresses automatic replies, such as out-of-office notices (RFC 3834).
      const headers = { 'Auto-Submitted': 'auto-generated' };
      const mail = { messageId, from, to, envelope, subject, text, html, headers, signal };
      const domain = to.address.slice(to.address.lastIndexOf('@') + 1);
      await sendToDomain(domain, async () => {
        try {
          await explained(transport.sendMail(mail));
          availability.markUp();
        } catch (error) {
          if (!isAboutMail(error) && !signal.aborted) availability.markDown(error);
          throw error;
        }
      });
    },
    availability,
    verify,
    close: () => transport.close({ force: true }),
  };
}

/**
 * Reads host, port, TLS and credentials from `SMTP_URL`. Port 465 uses implicit TLS (RFC 8314). On
 * other ports, credentials require STARTTLS: they are never sent in clear unless `tls=off` is set.
 * Without credentials, STARTTLS is used if the server offers it.
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

interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/**
 * Whether a failure concerns one mail's recipient or text, rather than the sender or connection.
 */
function isAboutMail(error: unknown): boolean {
  const { code, command } = error as SmtpFailure;
  return code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
}

/**
 * Whether the mail server will never take this mail: a 5xx reply to its recipient or its text (RFC
 * 5321 §4.2.1). Another 5xx is about the sender or the connection, and mended by the operator.
 */
export function isPermanentRefusal(error: unknown): boolean {
  const { responseCode = 0 } = error as SmtpFailure;
  // 503: the conversation went wrong.
  return isAboutMail(error) && responseCode >= 500 && responseCode !== 503;
}
