import type { AuditEventName } from '../audit/event-types.ts';
import { recordFailureOnce } from '../audit/record.ts';
import { addressLimits } from '../config/limits.ts';
import { limitHint, limitVariable } from '../config/load-config.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import type { RateLimitExceeded } from '../ports/rate-limits.ts';

/**
 * Rejects an attempt that exceeds a rate limit. First records the event once per limit, client and
 * window; with `unmailed`, also the event of a success whose code could not be mailed.
 *
 * @throws AuthError LOCKED with `unlockIn`, or RATE_LIMITED with `retryAfter`
 */
export async function reject(
  ctx: Context,
  event: Extract<AuditEventName, 'LOGIN_LOCKED' | 'OTP_LOCKED' | 'RATE_LIMITED'>,
  address: string | undefined,
  { name, wait, unrecorded }: RateLimitExceeded,
  unmailed?: AuditEventName,
): Promise<never> {
  ctx.metrics.add('limits', [limitVariable(name)]);
  if (unrecorded && address) {
    const { key, confirm } = unrecorded;
    await transaction(ctx, async (tx) => {
      await recordFailureOnce(tx, key, event, address, { limit: name, seconds: wait });
      if (!unmailed) return;
      await recordFailureOnce(tx, `${key} login`, unmailed, address, { mailed: false });
    });
    confirm();
  }
  const hint = limitHint(ctx.config, name);
  if (event === 'RATE_LIMITED') {
    const whose = name in addressLimits ? 'for this email' : 'from this IP';
    throw new AuthError('RATE_LIMITED', `Too many requests ${whose}${hint}`, { retryAfter: wait });
  }
  const message = `Too many failed attempts, account locked${hint}`;
  throw new AuthError('LOCKED', message, { unlockIn: wait });
}
