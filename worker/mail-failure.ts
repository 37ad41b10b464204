import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { isPermanentRefusal } from '#src/adapters/smtp.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { OverloadedError } from '#src/errors/overloaded.ts';
import type { ClaimedEntry } from '#src/outbox/claim.ts';
import { completeEntry, giveUpExpired, rescheduleEntry } from '#src/outbox/complete.ts';
import type { WorkerContext } from './context.ts';
import { codesOf, MOST_TRIES_OF_POISON, pauseAfter } from './tries.ts';

/** Seconds between two tries, at most: of a code, which lives for minutes, and of a notice. */
const LONGEST_PAUSE = { code: 30, notice: 120 };
/** Seconds for which a notice is tried; mail servers do so for 4 to 5 days (RFC 5321 §4.5.4.1). */
const NOTICE_LIFE = 4 * 24 * 60 * 60;
/** Mails that one statement gives up. */
const STEP = 200;

/** Another secret has sealed the mail, it is broken, or of a kind that this version does not know. */
export class UnreadableMail extends Error {
  override readonly name = 'UnreadableMail';
}

/** Ways in which a mail ends that was not sent, and what the log says of each. */
const endings = {
  REFUSED: { event: 'mail-refused', says: 'the mail server refuses a mail for good' },
  GIVEN_UP: { event: 'mail-given-up', says: 'a mail could not be sent while it was of use' },
  POISONED: { event: 'outbox-entry-poisoned', says: 'a mail cannot be read; it is set aside' },
} as const;

/** Lets a mail that was not sent be tried again later, or ends it. */
export async function handleMailFailure(
  { log }: WorkerContext,
  em: SqlEntityManager,
  entry: ClaimedEntry,
  error: unknown,
): Promise<void> {
  const { id, attempts, left } = entry;
  const mail = left === null ? 'notice' : 'code';
  const codes = codesOf(error);
  const reason = diagnosisOf(error)?.line;
  const fields = { entry: id, mail, attempts, error: codes, reason };
  const outcome = endingOf(entry, error);
  if (outcome) {
    const { event, says } = endings[outcome];
    log.error({ event, ...fields }, says);
    // Nobody wants a code later: its owner will ask for another.
    await completeEntry(em, entry, outcome, { error: codes, keep: mail === 'notice' });
    return;
  }
  if (error instanceof OverloadedError) log.debug(fields, 'a mail waits for others');
  else log.warn(fields, 'a mail could not be sent; it will be tried again');
  // Nothing is wrong where others were in the way.
  const tries = error instanceof OverloadedError ? 1 : attempts;
  await rescheduleEntry(em, entry, pauseAfter(tries, LONGEST_PAUSE[mail]), codes);
}

function endingOf(
  { attempts, age, left }: ClaimedEntry,
  error: unknown,
): keyof typeof endings | undefined {
  if (isPermanentRefusal(error)) return 'REFUSED';
  // What expires comes to its end by itself.
  if (left !== null) return undefined;
  if (error instanceof UnreadableMail && attempts >= MOST_TRIES_OF_POISON) return 'POISONED';
  return age > NOTICE_LIFE ? 'GIVEN_UP' : undefined;
}

/** Gives up the mails whose codes have expired. */
export async function giveUpExpiredMails({ log, orm }: WorkerContext): Promise<void> {
  const { event, says } = endings.GIVEN_UP;
  for (let given = STEP; given === STEP; ) {
    const expired = await giveUpExpired(orm.em.fork(), STEP);
    for (const { id, attempts, lastError } of expired) {
      log.error({ event, entry: id, mail: 'code', attempts, error: lastError }, says);
    }
    given = expired.length;
  }
}
