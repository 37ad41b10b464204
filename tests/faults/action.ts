import type { AuditEventName } from '#src/audit/event-types.ts';
import type { ErrorCode } from '#src/errors/auth-error.ts';
import type { Operation } from '#tests/equivalence/mapping.ts';
import type { Excuse } from './timeline.ts';

type Events = readonly AuditEventName[];

/** An action of a user, and the results that it may have. */
export interface Action {
  readonly operation: Operation;
  /** The audit events of each answer that may come; `done` is success. No other answer may come. */
  readonly yields: Readonly<Partial<Record<'done' | ErrorCode, Events>>>;
  /** Answers that only a fault explains, with their events. */
  readonly excused?: Readonly<
    Partial<Record<ErrorCode, { readonly by: readonly Excuse[]; readonly events: Events }>>
  >;
  /** Subject of the mail that comes of an answer in `yields`. */
  readonly mail?: string;
  /** Subject of a mail that a fault may cause. */
  readonly mayMail?: string;
}

export const lostCode = { by: ['lost codes', 'expired code'], events: ['OTP_FAILED'] } as const;
export const lostAccess = { by: ['another clock'], events: [] } as const;
export const signedIn = { excused: { UNAUTHENTICATED: lostAccess } } as const;
export const steppedUp = {
  excused: { UNAUTHENTICATED: lostAccess, STEP_UP_REQUIRED: lostAccess },
} as const;
