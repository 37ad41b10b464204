import type { HealthProbe, PartState } from '../concurrency/health-probe.ts';
import { repeat, shareRecent } from '../concurrency/recent.ts';
import type { RedisClient } from './redis.ts';

/** State of the mail server in the last report; `unknown` if it is older than a minute. */
export type MailReport = PartState | { readonly status: 'unknown' };

const KEY = '{gatehouse}:mail-report';
/** Seconds until a report expires. */
const LIFE = 60;
/** Milliseconds between two reports. */
const INTERVAL = 2000;
/** Number of reports between two checks of an unavailable mail server. */
const PAUSE = 15;

/** Reports the state of the mail server, for `/readyz`. @returns a function that stops it */
export function reportMail(redis: RedisClient, mail: HealthProbe | undefined): () => void {
  let reports = 0;
  const report = async () => {
    reports += 1;
    if (mail?.downSince && reports % PAUSE === 0) void mail.check();
    const state: PartState = mail?.state ?? { status: 'ok' };
    // A Redis outage is logged elsewhere.
    await redis.set(KEY, JSON.stringify(state), 'EX', LIFE).catch(() => undefined);
  };
  void Promise.resolve(mail?.check()).then(report);
  return repeat(INTERVAL, report);
}

/** Reads the last report, a few times a second at most. */
export function createMailReader(redis: RedisClient): () => Promise<MailReport> {
  const unknown: MailReport = { status: 'unknown' };
  const read = async () => JSON.parse((redis.status === 'ready' && (await redis.get(KEY))) || '');
  return shareRecent(() => read().catch(() => unknown));
}
