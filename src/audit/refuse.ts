import type { Context } from '../context.ts';
import { AuthError } from '../errors.ts';
import { clientLimits } from '../limits.ts';
import { transaction } from '../outbox/transaction.ts';
import type { Refusal } from '../ports.ts';
import type { AuditEventName } from './events.ts';
import { record } from './record.ts';

type RefusalEvent = Extract<AuditEventName, 'LOGIN_LOCKED' | 'OTP_LOCKED' | 'RATE_LIMITED'>;

/**
 * Refuses an attempt because a budget is used up, and records it, once per budget and window.
 *
 * @param address whom the event is about; without one there is no log to write it into
 * @throws AuthError LOCKED with `unlockIn`, or RATE_LIMITED with `retryAfter`
 */
export async function refuse(
  ctx: Context,
  event: RefusalEvent,
  address: string | undefined,
  { name, wait, isFirst }: Refusal,
): Promise<never> {
  if (isFirst && address) {
    await transaction(ctx, async (tx) =>
      record(tx, event, address, { limit: name, seconds: wait }),
    );
  }
  if (event === 'RATE_LIMITED') {
    const whose = name in clientLimits ? 'from this IP' : 'for this email';
    throw new AuthError('RATE_LIMITED', `Too many requests ${whose}`, { retryAfter: wait });
  }
  throw new AuthError('LOCKED', 'Too many failed attempts, account locked', { unlockIn: wait });
}
