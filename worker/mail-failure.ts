import { isPermanentRejection } from '#src/adapters/smtp.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { OverloadedError } from '#src/errors/overloaded.ts';
import {
  type Completion,
  completeEntries,
  giveUpExpired,
  rescheduleEntry,
} from '#src/outbox/complete.ts';
import { outcomeName } from '#src/outbox/outbox-entry.entity.ts';
import type { ClaimedEntry } from '#src/outbox/outbox-statements.ts';
import type { WorkerContext } from './context.ts';
import { fieldsOf } from './entry-origin.ts';
import { inSteps, retryUntilAvailable } from './loops.ts';
import { codesOf, MAX_ATTEMPTS, pauseAfter } from './retry-policy.ts';

/** Seconds between two attempts, at most. A code lives for minutes, a notice for days. */
const LONGEST_PAUSE = { code: 15, notice: 120 };
/**
 * Seconds for which a notice is retried; mail servers do so for 4 to 5 days (RFC 5321 §4.5.4.1).
 */
const NOTICE_LIFE = 4 * 24 * 60 * 60;

/** A mail that cannot be read: encrypted with an unknown secret, damaged, or of an unknown kind. */
export class UnreadableMail extends Error {
  override readonly name = 'UnreadableMail';
}

/** A mail to a recipient that the mail server has refused for good twice. */
export class SuppressedMail extends Error {
  override readonly name = 'SuppressedMail';
  readonly code = 'SUPPRESSED';
}

/** Outcomes of a mail that was not sent, and their log lines. */
const failures = {
  REFUSED: {
    event: 'mail-refused',
    message:
      'The mail server rejected the mail permanently. Correct the recipient or content, then run `npx gatehouse outbox retry ID`.',
  },
  SUPPRESSED: {
    event: 'mail-suppressed',
    message:
      'Did not send the mail: the mail server has refused its recipient twice, the last time less than a day ago. `npx gatehouse outbox retry ID` sends a notice anyway.',
  },
  GIVEN_UP: {
    event: 'mail-given-up',
    message:
      'Gave up on the mail: it expired before it could be sent. Check SMTP_URL and the last error.',
  },
  POISONED: {
    event: 'outbox-entry-poisoned',
    message:
      'Cannot decrypt or render the mail. Kept as a dead letter: run `npx gatehouse outbox list`.',
  },
} as const;

/** Reschedules a mail that was not sent, or ends it. */
export async function handleMailFailure(
  { log, sql, metrics }: WorkerContext,
  entry: ClaimedEntry,
  error: unknown,
): Promise<void> {
  const { attempts, left } = entry;
  const mail = left === null ? 'notice' : 'code';
  const codes = codesOf(error);
  const reason = diagnosisOf(error)?.line;
  const fields = { ...fieldsOf(entry), attempts, error: codes, reason };
  const outcome = outcomeOf(entry, error);
  if (outcome) {
    const { event, message } = failures[outcome];
    const isSuppressed = outcome === 'SUPPRESSED';
    log[isSuppressed ? 'warn' : 'error']({ event, ...fields }, message);
    metrics.add('mails', [isSuppressed ? outcome : outcomeName(outcome)]);
    // Keeps only notices for a retry: a user requests a new code instead.
    const keep = mail === 'notice';
    const stored = isSuppressed ? 'REFUSED' : outcome;
    const completion: Completion = { claim: entry, outcome: stored, error: codes, keep };
    return retryUntilAvailable(() => completeEntries(sql, [completion]));
  }
  const isOverload = error instanceof OverloadedError;
  if (isOverload)
    log.debug(fields, 'Delaying the mail: too many mails to its domain are in progress.');
  else log.warn(fields, 'Sending the mail failed. The worker will retry.');
  metrics.add('mails', ['RETRIED']);
  const pause = pauseAfter(isOverload ? 1 : attempts, LONGEST_PAUSE[mail]);
  await retryUntilAvailable(() => rescheduleEntry(sql, entry, pause, codes));
}

function outcomeOf({ attempts, age, left }: ClaimedEntry, error: unknown) {
  if (error instanceof SuppressedMail) return 'SUPPRESSED';
  if (isPermanentRejection(error)) return 'REFUSED';
  // A code expires by itself.
  if (left !== null) return undefined;
  if (error instanceof UnreadableMail && attempts >= MAX_ATTEMPTS) return 'POISONED';
  return age > NOTICE_LIFE ? 'GIVEN_UP' : undefined;
}

/** Gives up on the mails whose codes have expired. */
export async function giveUpExpiredMails({ log, orm, metrics }: WorkerContext): Promise<void> {
  const { event, message } = failures.GIVEN_UP;
  await inSteps(200, async (size) => {
    const expired = await giveUpExpired(orm.em.fork(), size);
    for (const entry of expired) {
      const { attempts, lastError: error } = entry;
      log.error({ event, ...fieldsOf({ ...entry, left: 0 }), attempts, error }, message);
      metrics.add('mails', ['GIVEN_UP']);
    }
    return expired.length;
  });
}
