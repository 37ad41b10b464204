import type { Availability } from './availability.ts';
import type { RedisClient } from './redis.ts';

/** State of the mail server, as a worker has told it last. */
export interface MailReport {
  /** `unknown`: no worker has told it in the last minute. */
  readonly status: 'ok' | 'unavailable' | 'unknown';
  /** Since when it is unavailable, ISO 8601. */
  readonly since?: string;
  readonly reason?: string;
}

const KEY = '{gatehouse}:mail-report';
/** Seconds for which a report counts. */
const LIFE = 60;
/** Milliseconds between two reports. */
const INTERVAL = 2000;
/** Reports after which a mail server that is unavailable is verified again. */
const PAUSE = 15;

/**
 * Verifies the mail server and reports its state again and again, for `/readyz` of the servers.
 *
 * @param mail undefined where mails are printed
 * @returns a function that ends it
 */
export function reportMail(redis: RedisClient, mail: Availability | undefined): () => void {
  let reports = 0;
  const report = async () => {
    reports += 1;
    if (mail?.awaySince && reports % PAUSE === 0) void mail.look();
    const state: MailReport = mail?.awaySince
      ? { status: 'unavailable', since: mail.awaySince.toISOString(), ...reasonOf(mail) }
      : { status: 'ok' };
    // The log tells of a Redis that is away.
    await redis.set(KEY, JSON.stringify(state), 'EX', LIFE).catch(() => undefined);
  };
  void Promise.resolve(mail?.look()).then(report);
  const reporting = setInterval(() => void report(), INTERVAL);
  return () => clearInterval(reporting);
}

const reasonOf = ({ diagnosis }: Availability) => (diagnosis ? { reason: diagnosis.reason } : {});

/** Reads the last report, a few times a second at most. */
export function createMailReader(redis: RedisClient): () => Promise<MailReport> {
  const unknown: MailReport = { status: 'unknown' };
  let reading: Promise<MailReport> | undefined;
  const read = async () => {
    const text = redis.status === 'ready' ? await redis.get(KEY) : null;
    return text === null ? unknown : (JSON.parse(text) as MailReport);
  };
  return () => {
    reading ??= read()
      .catch(() => unknown)
      .finally(() => {
        setTimeout(() => {
          reading = undefined;
        }, 100).unref();
      });
    return reading;
  };
}
